"""An officer's own meetings: which wait for the own answer, which for the agency's."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from agencies.directory.models import Appointment
from agreements.sharing.models import Assignment, Participation
from operations.meetings import attending
from operations.meetings.choices import Answer, MeetingState
from operations.meetings.models import MeetingTime, Reply
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


@dataclass(frozen=True)
class OwnAnswer:
    """What the officer who is sent answered: to the meeting with all its times, and to this time alone. Empty: none."""

    to_all: str = ""
    alone: str = ""

    @property
    def alone_words(self) -> str:
        return Answer(self.alone).label if self.alone else ""


def own_answers(rows: Iterable[MeetingTime], by: Appointment, at: datetime) -> dict[uuid.UUID, OwnAnswer]:
    """By time that takes place, of the meetings to which the officer is sent."""
    times = [row for row in rows if row.takes_place]
    keys = {row.meeting_id for row in times}
    assigned = Assignment.objects.filter(attending.own(by, at), participation__circle__record__in=keys)
    sent = set(assigned.values_list("participation__circle__record", flat=True))
    given: dict[tuple[uuid.UUID, uuid.UUID | None], str] = {
        (meeting, time): answer
        for meeting, time, answer in Reply.objects.filter(meeting__in=keys, appointment=by).values_list(
            "meeting", "time", "answer"
        )
    }
    return {
        row.pk: OwnAnswer(given.get((row.meeting_id, None), ""), given.get((row.meeting_id, row.pk), ""))
        for row in times
        if row.meeting_id in sent
    }
