"""The times of a meeting as rows: made from its rule, kept in its own zone's wall clock, each with its instant."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from operations.meetings import recurring
from operations.meetings.choices import MeetingState
from operations.meetings.models import Meeting, MeetingTime
from portal import clocks
from portal.ui.errors import Refused


def wall(instant: datetime, meeting: Meeting) -> datetime:
    """What the clock of the meeting's zone shows then."""
    return instant.astimezone(meeting.zone).replace(tzinfo=None, fold=0)


def lay_out(meeting: Meeting, at: datetime) -> None:
    """Make the rows of a meeting what its first time and its rule say; sets `over_at` and saves nothing of it.

    What is over stays as it was, as do times that were moved or cancelled alone and that the rule still gives. Raises
    Refused for a rule that does not fit.
    """
    first = wall(meeting.starts_at, meeting)
    if meeting.rule and clocks.instant(first, meeting.zone) != meeting.starts_at.astimezone(UTC):
        raise Refused("This hour comes twice on that day, or never: a row of meetings cannot begin in it.", "starts_at")
    if meeting.rule:
        planned = recurring.times(meeting.rule, first, meeting.zone)
        _keep_series(meeting, planned, at)
    else:
        _keep_one(meeting, first)
    set_over(meeting)


def _keep_one(meeting: Meeting, first: datetime) -> None:
    """Its one time, under the key it has: answers and reminders hang on it."""
    rows = list(meeting.times.all())
    row = rows[0] if rows else MeetingTime(meeting=meeting)
    meeting.times.exclude(pk=row.pk).delete()
    row.planned_day = row.day = first.date()
    row.planned_clock = row.clock = first.time()
    row.starts_at, row.ends_at, row.state, row.cancel_reason = (
        meeting.starts_at,
        meeting.ends_at,
        MeetingState.CALLED,
        "",
    )
    row.save()


def _keep_series(meeting: Meeting, planned: Iterable[datetime], at: datetime) -> None:
    wanted = list(planned)
    length = meeting.ends_at - meeting.starts_at
    rows = list(meeting.times.all())
    stale = [row.pk for row in rows if row.ends_at > at and row.planned not in wanted]
    meeting.times.filter(pk__in=stale).delete()
    known = {row.planned: row for row in rows if row.pk not in stale}
    for row in known.values():
        if row.ends_at > at and not row.moved:
            row.ends_at = row.starts_at + length
            row.save(update_fields=["ends_at"])
    fresh = [time for time in wanted if time not in known]
    MeetingTime.objects.bulk_create([_made(meeting, time) for time in fresh])


def _made(meeting: Meeting, local: datetime) -> MeetingTime:
    starts_at = clocks.instant(local, meeting.zone)
    return MeetingTime(
        meeting=meeting,
        planned_day=local.date(),
        planned_clock=local.time(),
        day=local.date(),
        clock=local.time(),
        starts_at=starts_at,
        ends_at=starts_at + (meeting.ends_at - meeting.starts_at),
    )


def set_over(meeting: Meeting) -> None:
    """When the last time that takes place is over; saves nothing."""
    last = meeting.times.filter(state=MeetingState.CALLED).order_by("-ends_at", "-pk").first()
    meeting.over_at = last.ends_at if last else meeting.ends_at


def next_of(meetings: Iterable[uuid.UUID], at: datetime) -> dict[uuid.UUID, MeetingTime]:
    """The next time of each meeting that is not over and not cancelled alone: in one query."""
    rows = MeetingTime.objects.filter(meeting__in=list(meetings), state=MeetingState.CALLED, ends_at__gt=at)
    return {row.meeting_id: row for row in rows.order_by("meeting", "starts_at", "pk").distinct("meeting")}


def rederived(time: MeetingTime) -> datetime:
    """The instant of its wall clock as the zone's law is known now; of a lone time, what it was called for."""
    return clocks.instant(time.local, time.meeting.zone) if time.meeting.rule else time.starts_at


def correct(time: MeetingTime) -> None:
    """Put the instant right where the law of its zone's clock has changed since; the wall clock stays."""
    length = time.ends_at - time.starts_at
    time.starts_at = rederived(time)
    time.ends_at = time.starts_at + length
    time.save(update_fields=["starts_at", "ends_at"])
