"""Fetch through the door. Hidden and unknown are the same 404 (R17)."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agencies.directory.models import Appointment
from agreements.register.models import Agreement
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.meetings.models import Meeting, MeetingTime
from operations.planning.views.door import by_of


def meeting_or_404(request: HttpRequest, pk: uuid.UUID) -> Meeting:
    rows = Meeting.objects.visible_to(access_of(request)).select_related("record__circle", "agreement")
    return get_object_or_404(rows, pk=pk)


def time_or_404(request: HttpRequest, meeting: Meeting, key: uuid.UUID) -> MeetingTime:
    """One time of a meeting that went through the door."""
    row = get_object_or_404(meeting.times.all(), pk=key)
    row.meeting = meeting
    return row


def own_or_403(meeting: Meeting, by: Appointment, what: str) -> None:
    """Raises PermissionDenied for officers of other agencies than the one that called it."""
    if meeting.record.owner_id not in by.agencies:
        raise PermissionDenied(f"Only {meeting.record.owner.short} {what}.")


def seen_operation(request: HttpRequest, meeting: Meeting) -> Record | None:
    """The operation, while the reader may see it: otherwise not even its name is shown (R23)."""
    key = meeting.record.operation_id
    return Record.objects.visible_to(access_of(request)).filter(pk=key).first() if key else None


def seen_agreement(request: HttpRequest, meeting: Meeting) -> Agreement | None:
    key = meeting.agreement_id
    return Agreement.objects.visible_to(by_of(request)).filter(pk=key).first() if key else None
