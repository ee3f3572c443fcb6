"""Who attends a meeting at an instant, and whom an alert about it concerns."""

from datetime import datetime

from django.db.models import Q
from django.db.models.query import QuerySet

from agencies.directory.models import Appointment
from agreements.alerts import concerned
from agreements.sharing.models import Assignment
from operations.meetings.choices import Answer
from operations.meetings.models import Meeting


def assignments(meeting: Meeting, at: datetime) -> "QuerySet[Assignment]":
    """Assignments in effect, of agencies that take part."""
    rows = Assignment.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at),
        Q(participation__ended_at=None) | Q(participation__ended_at__gt=at),
        participation__circle__record=meeting.record_id,
        participation__accepted_at__isnull=False,
    )
    return rows.select_related("appointment__officer", "appointment__agency__country", "participation")


def attendees(meeting: Meeting, at: datetime) -> list[Appointment]:
    """Officers assigned to it who have not declined and may see it now: rights are asked again at sending."""
    declined = set(meeting.replies.filter(answer=Answer.DECLINED).values_list("appointment", flat=True))
    officers = [row.appointment for row in assignments(meeting, at) if row.appointment_id not in declined]
    return concerned.who_see(meeting.record, [row for row in officers if row.is_in_effect(at)], at)


def told_of_changes(meeting: Meeting, at: datetime) -> list[Appointment]:
    """Officers assigned to it who may see it: the meeting's own alerts tell them of changes, or they declined."""
    officers = [row.appointment for row in assignments(meeting, at)]
    return concerned.who_see(meeting.record, [row for row in officers if row.is_in_effect(at)], at)


def is_assigned(meeting: Meeting, by: Appointment, at: datetime) -> bool:
    return assignments(meeting, at).filter(appointment=by, participation__agency__in=by.agencies).exists()
