"""Arm and disarm the reminders of a meeting: rows in the due table, one for each lead time."""

from datetime import UTC, timedelta

from django.utils import timezone

from operations.meetings.alerting import REMINDER
from operations.meetings.models import Meeting
from portal.outbox import due


def arm(meeting: Meeting) -> None:
    """Arm all lead times that still lie ahead; what was armed before and no longer fits is disarmed."""
    disarm(meeting)
    local = meeting.starts_at.astimezone(meeting.zone)
    starts_at = meeting.starts_at.astimezone(UTC)
    for minutes in meeting.reminders:
        fire_at = starts_at - timedelta(minutes=minutes)
        if fire_at > timezone.now():
            due.schedule(
                kind=REMINDER,
                key=f"{_prefix(meeting)}{minutes}",
                fire_at=fire_at,
                payload={"meeting": str(meeting.pk), "minutes": minutes, "starts_at": starts_at.isoformat()},
                zone=meeting.record.zone,
                local_rule=f"{minutes} min before {local:%Y-%m-%dT%H:%M} {meeting.record.zone}",
            )


def disarm(meeting: Meeting) -> int:
    return due.cancel(key_prefix=_prefix(meeting))


def _prefix(meeting: Meeting) -> str:
    return f"meeting:{meeting.pk}:"
