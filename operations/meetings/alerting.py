"""Alerts about meetings: it is about to start, it was moved, it was cancelled. Each for those who attend now."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from agreements.alerts import kinds, raising
from agreements.alerts.choices import Family, Urgency
from operations.meetings.attending import attendees
from operations.meetings.choices import MeetingState
from operations.meetings.models import Meeting
from portal import second_lock
from portal.outbox import handlers, messages

# Who attends is worked out of circle and replies, for all agencies at once.
FAN_OUT = "finding those who attend"
REMINDER = "meetings.reminder"
CHANGED = "meetings.changed"
MOVED = "meetings.moved"
CANCELLED = "meetings.cancelled"


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    for kind in (
        kinds.AlertKind(REMINDER, "Meeting reminder", "alarm", Urgency.IMMEDIATE, True, _starts, family=Family.MEETING),
        kinds.AlertKind(
            MOVED, "Meeting changed", "calendar-event", Urgency.EXPECTED, True, _moved, family=Family.MEETING
        ),
        kinds.AlertKind(
            CANCELLED, "Meeting cancelled", "calendar-x", Urgency.EXPECTED, True, _cancelled, family=Family.MEETING
        ),
    ):
        kinds.register(kind)
    handlers.register(REMINDER, remind)
    handlers.register(CHANGED, changed)


def _starts(alert: Any) -> str:
    return f"“{alert.record.title}” starts {_when(alert.record)}"


def _moved(alert: Any) -> str:
    return f"“{alert.record.title}” was changed: it starts {_when(alert.record)}"


def _cancelled(alert: Any) -> str:
    return f"“{alert.record.title}” is cancelled"


def _when(record: Any) -> str:
    local = record.meeting.starts_at.astimezone(ZoneInfo(record.zone))
    return f"{local.day} {local:%B, %H:%M} ({record.zone})"


def announce(meeting: Meeting) -> None:
    """Queue the alert about a change; one for each state of the meeting."""
    key = f"{CHANGED}:{meeting.pk}:{meeting.sequence}"
    messages.emit(kind=CHANGED, key=key, payload={"meeting": str(meeting.pk), "sequence": meeting.sequence})


@second_lock.opened(FAN_OUT)
def changed(payload: dict[str, Any]) -> None:
    """Alert of the change, unless a later one has overtaken it."""
    meeting = _meeting(payload)
    if meeting is None or meeting.sequence != payload["sequence"]:
        return
    kind = CANCELLED if meeting.state == MeetingState.CANCELLED else MOVED
    _raise(kind, f"{meeting.pk}:{meeting.sequence}", meeting, timezone.now())


@second_lock.opened(FAN_OUT)
def remind(payload: dict[str, Any]) -> None:
    """Alert those who attend now; not for what is cancelled, over, or moved away since the reminder fell due."""
    meeting, at = _meeting(payload), timezone.now()
    if meeting is None or meeting.state == MeetingState.CANCELLED or meeting.ends_at <= at:
        return
    if payload["starts_at"] != meeting.starts_at.astimezone(UTC).isoformat():
        return
    _raise(REMINDER, f"{meeting.pk}:{payload['minutes']}:{payload['starts_at']}", meeting, at)


def _raise(kind: str, key: str, meeting: Meeting, at: datetime) -> None:
    raising.raise_alert(kind=kind, key=key, recipients=attendees(meeting, at), record=meeting.record)


def _meeting(payload: dict[str, Any]) -> Meeting | None:
    return Meeting.objects.select_related("record__owner").filter(pk=payload["meeting"]).first()
