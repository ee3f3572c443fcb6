"""An officer's own meetings: which wait for the own answer, which for the agency's."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from agencies.directory.models import Appointment
from agreements.sharing.models import Assignment, Participation
from operations.meetings import attending
from operations.meetings.choices import MeetingState
from operations.meetings.models import Meeting, Reply
from operations.meetings.querysets import MeetingQuerySet


def unanswered(rows: MeetingQuerySet, by: Appointment, at: datetime) -> MeetingQuerySet:
    """Those to which the officer is sent and has not answered; not cancelled ones."""
    sent = Assignment.objects.filter(attending.own(by, at), participation__circle__record=OuterRef("record"))
    replies = Reply.objects.filter(meeting=OuterRef("pk"), appointment=by, time=None)
    return rows.filter(Exists(sent), state=MeetingState.CALLED).exclude(Exists(replies))


def inviting(rows: MeetingQuerySet, by: Appointment) -> MeetingQuerySet:
    """Those to which the officer's agency is invited and has not answered; not cancelled ones."""
    waiting = Participation.objects.filter(
        circle__record=OuterRef("record"), agency__in=by.agencies, ended_at=None, accepted_at=None
    )
    return rows.filter(Exists(waiting), state=MeetingState.CALLED)


def own_answers(rows: Iterable[Meeting], by: Appointment, at: datetime) -> dict[uuid.UUID, str]:
    """The officer's own answer to each of these to which the officer is sent; empty where none is given yet."""
    keys = [row.pk for row in rows if row.state == MeetingState.CALLED]
    sent = Assignment.objects.filter(attending.own(by, at), participation__circle__record__in=keys)
    found = {key: "" for key in sent.values_list("participation__circle__record", flat=True) if key}
    given = Reply.objects.filter(meeting__in=keys, appointment=by, time=None).values_list("meeting", "answer")
    return {**found, **{key: answer for key, answer in given if key in found}}
