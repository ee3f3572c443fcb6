"""Who attends a meeting at an instant, and whom an alert about it concerns."""

import uuid
from datetime import datetime

from django.db.models import Q
from django.db.models.query import QuerySet

from agencies.directory.models import Appointment
from agreements.alerts import concerned
from agreements.sharing.models import Assignment
from operations.meetings.choices import Answer
from operations.meetings.models import Meeting, MeetingTime


def assignments(meeting: Meeting, at: datetime) -> "QuerySet[Assignment]":
    """Assignments in effect, of agencies that take part."""
    rows = Assignment.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at),
        Q(participation__ended_at=None) | Q(participation__ended_at__gt=at),
        participation__circle__record=meeting.record_id,
        participation__accepted_at__isnull=False,
    )
    return rows.select_related("appointment__officer", "appointment__agency__country", "participation")


def answers(meeting: Meeting, time: MeetingTime | None = None) -> dict[uuid.UUID, str]:
    """By appointment: what was answered for this time alone counts before what was answered for all."""
    rows = list(meeting.replies.values_list("appointment", "time", "answer"))
    found = {who: answer for who, which, answer in rows if which is None}
    return found | {who: answer for who, which, answer in rows if time is not None and which == time.pk}


def answers_of(meeting: Meeting, by: Appointment) -> dict[uuid.UUID | None, str]:
    """What the officer answered, by time; None: for all of them."""
    return dict(meeting.replies.filter(appointment=by).values_list("time", "answer"))


def attendees(meeting: Meeting, at: datetime, time: MeetingTime | None = None) -> list[Appointment]:
    """Officers assigned to it who have not declined and may see it now: rights are asked again at sending."""
    given = answers(meeting, time)
    rows = [row.appointment for row in assignments(meeting, at) if given.get(row.appointment_id) != Answer.DECLINED]
    return concerned.who_see(meeting.record, [row for row in rows if row.is_in_effect(at)], at)


def told_of_changes(meeting: Meeting, at: datetime) -> list[Appointment]:
    """Officers assigned to it who may see it: the meeting's own alerts tell them of changes, or they declined."""
    officers = [row.appointment for row in assignments(meeting, at)]
    return concerned.who_see(meeting.record, [row for row in officers if row.is_in_effect(at)], at)


def own(by: Appointment, at: datetime) -> Q:
    """Assignments of the officer in effect, of an own agency that takes part."""
    return Q(
        Q(ended_at=None) | Q(ended_at__gt=at),
        Q(participation__ended_at=None) | Q(participation__ended_at__gt=at),
        appointment=by,
        participation__agency__in=by.agencies,
        participation__accepted_at__isnull=False,
    )


def is_assigned(meeting: Meeting, by: Appointment, at: datetime) -> bool:
    return assignments(meeting, at).filter(appointment=by, participation__agency__in=by.agencies).exists()
