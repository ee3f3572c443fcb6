"""One time of a row of meetings, moved or cancelled alone (RFC 5545, RECURRENCE-ID)."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing.actions import records
from operations.meetings import alerting, attending, invitations, lifecycle, reminders, timing
from operations.meetings.actions.calling import FURTHEST, LONGEST
from operations.meetings.actions.holding import locked, note
from operations.meetings.choices import MeetingState
from operations.meetings.models import Meeting, MeetingTime
from portal.ui.errors import Refused


@transaction.atomic
def move_time(*, time: MeetingTime, by: Appointment, starts_at: datetime, ends_at: datetime) -> MeetingTime:
    """Move one time of a row of meetings; the others stay. Those who answered for it alone are asked anew."""
    now = timezone.now()
    meeting, row = _open(time, by, "moves it", now)
    if ends_at <= starts_at:
        raise Refused("The end is not after the start.", field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise Refused("A meeting lasts two weeks at most.", field="ends_at")
    if not now < starts_at < now + FURTHEST:
        raise Refused("Move it to a time to come, within three years.", field="starts_at")
    if (starts_at, ends_at) == (row.starts_at, row.ends_at):
        return row
    local = timing.wall(starts_at, meeting)
    row.day, row.clock = local.date(), local.time()
    row.starts_at, row.ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    if timing.rederived(row) != row.starts_at:
        raise Refused("Of an hour that comes twice, only the first can be chosen.", field="starts_at")
    row.save(update_fields=["day", "clock", "starts_at", "ends_at"])
    row.replies.all().delete()
    note("meeting.move_time", by, meeting, time=row.pk, planned=row.planned.isoformat(), starts_at=row.starts_at)
    _changed(meeting, row, by, now)
    return row


@transaction.atomic
def cancel_time(*, time: MeetingTime, by: Appointment, reason: str) -> MeetingTime:
    """Call one time of a row of meetings off; the others stay."""
    now = timezone.now()
    meeting, row = _open(time, by, "cancels it", now)
    if not reason.strip():
        raise Refused("Say why: those invited read it.", field="reason")
    row.state, row.cancel_reason = MeetingState.CANCELLED, reason.strip()
    row.save(update_fields=["state", "cancel_reason"])
    note("meeting.cancel_time", by, meeting, time=row.pk, planned=row.planned.isoformat(), reason=row.cancel_reason)
    _changed(meeting, row, by, now)
    return row


def _open(time: MeetingTime, by: Appointment, what: str, now: datetime) -> tuple[Meeting, MeetingTime]:
    """Meeting and time for a change. Raises Refused where it stands alone, is over, or is cancelled already."""
    meeting = locked(time.meeting, by, what, now)
    lifecycle.after(meeting.state, "cancel", meeting.over_at, now)
    if not meeting.rule:
        raise Refused("This meeting takes place once: change or cancel the meeting itself.", code="state")
    row = meeting.times.get(pk=time.pk)
    if row.state == MeetingState.CANCELLED or row.ends_at <= now:
        raise Refused("This time is over or cancelled.", code="state")
    row.meeting = meeting
    return meeting, row


def _changed(meeting: Meeting, row: MeetingTime, by: Appointment, now: datetime) -> None:
    timing.set_over(meeting)
    meeting.sequence, meeting.changed_at = meeting.sequence + 1, now
    meeting.save(update_fields=["sequence", "changed_at", "over_at"])
    meeting.record = records.touch(
        record=meeting.record, by=by, corrects=True, besides=attending.told_of_changes(meeting, now)
    )
    reminders.arm(meeting)
    alerting.announce(meeting, row)
    invitations.follow(meeting.pk)
