"""Alerts about meetings: it is about to start, it was moved, it was cancelled. Each for those who attend now."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.alerts import kinds, raising
from agreements.alerts.choices import Family, Urgency
from operations.meetings import invitations, leads, reminders, timing
from operations.meetings.attending import attendees
from operations.meetings.choices import MeetingState
from operations.meetings.models import Invitation, Meeting, MeetingTime
from operations.meetings.reminders import REMINDER
from portal import second_lock
from portal.outbox import handlers, messages

# Who attends is worked out of circle and replies, for all agencies at once.
FAN_OUT = "finding those who attend"
CHANGED = "meetings.changed"
MOVED = "meetings.moved"
CANCELLED = "meetings.cancelled"


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    for kind in (
        kinds.AlertKind(
            REMINDER, "Meeting reminder", "alarm", Urgency.IMMEDIATE, False, _starts, family=Family.MEETING
        ),
        kinds.AlertKind(
            MOVED,
            "Meeting changed",
            "calendar-event",
            Urgency.EXPECTED,
            False,
            _moved,
            family=Family.MEETING,
            mailed=_in_calendar,
        ),
        kinds.AlertKind(
            CANCELLED,
            "Meeting cancelled",
            "calendar-x",
            Urgency.EXPECTED,
            False,
            _cancelled,
            family=Family.MEETING,
            mailed=_in_calendar,
        ),
    ):
        kinds.register(kind)
    handlers.register(REMINDER, remind)
    handlers.register(CHANGED, changed)


def _in_calendar(alerts: Sequence[Any]) -> set[uuid.UUID]:
    """Whose calendar has the meeting, and follows it: a calendar mail says what changed, and moves the entry."""
    rows = Invitation.objects.filter(meeting__in={alert.record_id for alert in alerts}, failed_at=None)
    rows = rows.exclude(sent_method="").select_related("meeting__record", "appointment__officer")
    at = timezone.now()
    have = {(row.meeting_id, row.appointment_id) for row in rows if invitations.follows(row, row.meeting, at)}
    return {alert.pk for alert in alerts if (alert.record_id, alert.appointment_id) in have}


def _starts(alert: Any) -> str:
    return f"“{alert.record.title}” starts {_when(alert)}"


def _moved(alert: Any) -> str:
    return f"“{alert.record.title}” was changed: it starts {_when(alert)}"


def _cancelled(alert: Any) -> str:
    if alert.subject:
        return f"“{alert.record.title}” on {_when(alert)} is cancelled; its other times stay"
    return f"“{alert.record.title}” is cancelled"


def _when(alert: Any) -> str:
    """Of the time that the alert is about; without one, of the first."""
    zone = alert.record.zone
    row = MeetingTime.objects.filter(meeting=alert.record.pk, pk=alert.subject).first() if alert.subject else None
    local = (row or alert.record.meeting).starts_at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B, %H:%M} ({zone})"


def announce(meeting: Meeting, time: MeetingTime | None = None) -> None:
    """Queue the alert about a change, of the meeting or of one of its times; one for each state of the meeting."""
    key = f"{CHANGED}:{meeting.pk}:{meeting.sequence}"
    payload = {"meeting": str(meeting.pk), "sequence": meeting.sequence}
    messages.emit(kind=CHANGED, key=key, payload={**payload, "time": str(time.pk)} if time else payload)


@second_lock.opened(FAN_OUT)
def changed(payload: dict[str, Any]) -> None:
    """Alert of the change, unless a later one has overtaken it."""
    meeting, time = _meeting(payload), _time(payload)
    if meeting is None or not (time or meeting.sequence == payload["sequence"]):
        return
    cancelled = MeetingState.CANCELLED in (meeting.state, time.state if time else "")
    key, at = f"{meeting.pk}:{payload['sequence']}", timezone.now()
    _raise(CANCELLED if cancelled else MOVED, key, meeting, attendees(meeting, at, time), time if time else None)


@second_lock.opened(FAN_OUT)
def remind(payload: dict[str, Any]) -> None:
    """Alert those who attend now and want to be reminded so long before; not of what is cancelled, over, or was moved
    since the reminder fell due. Where the law of the zone's clock has changed, the instant is worked out anew."""
    meeting, time, at = _meeting(payload), _time(payload), timezone.now()
    if meeting is None or time is None or not time.takes_place or time.ends_at <= at:
        return
    if timing.rederived(time) != time.starts_at:
        timing.correct(time)
        reminders.arm(meeting)
        return
    if payload["starts_at"] != time.starts_at.astimezone(UTC).isoformat():
        return
    key = f"{time.pk}:{payload['minutes']}:{payload['starts_at']}"
    _raise(REMINDER, key, meeting, _wanting(meeting, time, int(payload["minutes"]), at), time)


def _wanting(meeting: Meeting, time: MeetingTime, minutes: int, at: datetime) -> list[Appointment]:
    own = leads.personal(meeting)
    return [row for row in attendees(meeting, at, time) if minutes in own.get(row.pk, meeting.reminders)]


def _raise(kind: str, key: str, meeting: Meeting, recipients: list[Appointment], time: MeetingTime | None) -> None:
    subject = str(time.pk) if time else ""
    raising.raise_alert(kind=kind, key=key, recipients=recipients, record=meeting.record, subject=subject)


def _meeting(payload: dict[str, Any]) -> Meeting | None:
    return Meeting.objects.select_related("record__owner").filter(pk=payload["meeting"]).first()


def _time(payload: dict[str, Any]) -> MeetingTime | None:
    rows = MeetingTime.objects.select_related("meeting__record")
    return rows.filter(pk=payload["time"], meeting=payload["meeting"]).first() if payload.get("time") else None
