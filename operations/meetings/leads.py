"""How long before a meeting its officers are reminded: the meeting's lead times, or an officer's own instead."""

import uuid
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from operations.meetings.choices import EARLIEST_REMINDER, MOST_REMINDERS
from operations.meetings.models import Meeting, MeetingTime, PersonalLead
from portal import clocks
from portal.ui.errors import Refused

DAY = 24 * 60


def checked(minutes: Sequence[int], field: str = "remind_before") -> list[int]:
    """The lead times, longest first. Raises Refused at the field for too many or too long ones."""
    found = sorted(set(minutes), reverse=True)
    if len(found) > MOST_REMINDERS or any(not 0 < lead <= EARLIEST_REMINDER for lead in found):
        raise Refused(f"Up to {MOST_REMINDERS} reminders, each 1 minute to four weeks before the start.", field=field)
    return found


def personal(meeting: Meeting, appointments: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, list[int]]:
    """What officers chose for themselves, by appointment."""
    rows = PersonalLead.objects.filter(meeting=meeting)
    if appointments is not None:
        rows = rows.filter(appointment__in=appointments)
    return dict(rows.values_list("appointment", "minutes"))


def wanted(meeting: Meeting) -> set[int]:
    """All lead times that somebody may want."""
    return {*meeting.reminders, *(lead for chosen in personal(meeting).values() for lead in chosen)}


def instant(time: MeetingTime, minutes: int) -> datetime:
    """When it is so long before. Whole days are days of the calendar: the same hour on the wall clock of the meeting's
    zone, also where the clocks change in between (RFC 5545, a nominal duration)."""
    if minutes % DAY == 0:
        return clocks.instant(time.local - timedelta(minutes=minutes), time.meeting.zone)
    return time.starts_at.astimezone(UTC) - timedelta(minutes=minutes)


def rule(time: MeetingTime, minutes: int) -> str:
    """What the instant was derived from, as the due table keeps it: it moves with the law of the zone."""
    before = timedelta(minutes=minutes)
    if minutes % DAY == 0:
        return clocks.rule(time.local - before)
    return clocks.rule(time.local, before=before)


def words(minutes: int) -> str:
    for size, name in ((7 * DAY, "week"), (DAY, "day"), (60, "hour")):
        if minutes % size == 0:
            count = minutes // size
            return f"{count} {name}{'s' if count > 1 else ''} before"
    return f"{minutes} minutes before"
