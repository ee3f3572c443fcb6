"""Arm and disarm the reminders of a meeting: rows in the due table, one for each time and lead time.

Of a row of meetings, the next time is armed and those that are reminded of soon; beat arms the others in their turn.
Who wants to be reminded at a lead time is asked when it is sent.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from operations.meetings import leads
from operations.meetings.choices import EARLIEST_REMINDER, MeetingState
from operations.meetings.models import Meeting, MeetingTime
from portal import second_lock
from portal.outbox import due
from portal.outbox.models import Due

REMINDER = "meetings.reminder"
AHEAD = timedelta(days=30)


def arm(meeting: Meeting) -> None:
    """Arm all lead times that still lie ahead; what was armed before and no longer fits is disarmed."""
    now = timezone.now()
    found = _wanted(meeting, now)
    known = {row.key: row for row in Due.objects.filter(key__startswith=_prefix(meeting))}
    for key, facts in found.items():
        row = known.get(key)
        if row is None or row.cancelled_at or (row.fire_at, row.payload) != (facts["fire_at"], facts["payload"]):
            due.schedule(kind=REMINDER, key=key, zone=meeting.record.zone, **facts)
    for key, row in known.items():
        if key not in found and row.fired_at is None and row.cancelled_at is None:
            due.cancel(key_prefix=key)


def _wanted(meeting: Meeting, now: datetime) -> dict[str, dict[str, Any]]:
    if meeting.state == MeetingState.CANCELLED:
        return {}
    minutes, found = leads.wanted(meeting), {}
    for row in _soon(meeting, now):
        for lead in minutes:
            fire_at = leads.instant(row, lead)
            if fire_at > now:
                found[_key(row, lead)] = {
                    "fire_at": fire_at,
                    "payload": _payload(row, lead),
                    "local_rule": leads.rule(row, lead),
                }
    return found


def _soon(meeting: Meeting, now: datetime) -> list[MeetingTime]:
    """The next time, however far ahead, and all that are reminded of within the horizon."""
    horizon = now + AHEAD + timedelta(minutes=EARLIEST_REMINDER)
    rows = list(meeting.times.filter(state=MeetingState.CALLED, starts_at__gt=now).order_by("starts_at", "pk"))
    found = [row for place, row in enumerate(rows) if place == 0 or row.starts_at < horizon]
    for row in found:
        row.meeting = meeting
    return found


def _payload(row: MeetingTime, lead: int) -> dict[str, Any]:
    starts_at = row.starts_at.astimezone(UTC).isoformat()
    return {"meeting": str(row.meeting_id), "time": str(row.pk), "minutes": lead, "starts_at": starts_at}


def _key(row: MeetingTime, lead: int) -> str:
    """So many digits that no key is the beginning of another."""
    return f"meeting:{row.meeting_id}:{row.pk}:{lead:06d}"


def disarm(meeting: Meeting) -> int:
    return due.cancel(key_prefix=_prefix(meeting))


def _prefix(meeting: Meeting) -> str:
    return f"meeting:{meeting.pk}:"


@second_lock.opened("arming the reminders of rows of meetings")
def arm_all(at: datetime) -> int:
    """Arm what of rows of meetings comes within the horizon; how many meetings those are."""
    rows = list(
        Meeting.objects.filter(state=MeetingState.CALLED, over_at__gt=at).exclude(rule="").select_related("record")
    )
    for row in rows:
        arm(row)
    return len(rows)
