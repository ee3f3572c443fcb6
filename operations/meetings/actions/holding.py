"""What the actions on meetings share: whether it is open, the row for a change, the entry in the ledger."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from operations.meetings import lifecycle
from operations.meetings.models import Meeting
from operations.planning import rights
from portal.audit import recording

KIND = "meeting"


def check_open(meeting: Meeting, step: str) -> None:
    """Raises Refused when state or time do not allow the step."""
    lifecycle.after(meeting.state, step, meeting.over_at, timezone.now())


def locked(meeting: Meeting, by: Appointment, what: str, now: datetime) -> Meeting:
    """The row for a change, if the officer sees it and its agency called it."""
    Record.objects.select_for_update().get(pk=meeting.pk)
    row = Meeting.objects.select_related("record__owner", "record__circle").get(pk=meeting.pk)
    rights.require_sight(by, row.record, now)
    rights.require_lead(by, row.record, what)
    rights.require_role(by, Permission.MEETING_CALL)
    return row


def note(verb: str, by: Appointment | None, meeting: Meeting, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=meeting.pk, data=data)
