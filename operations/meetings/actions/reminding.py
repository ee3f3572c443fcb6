"""An officer's own lead times for one meeting."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from operations.meetings import attending, leads, reminders
from operations.meetings.actions.holding import check_open, note
from operations.meetings.models import Meeting, PersonalLead
from operations.planning import rights
from portal.ui.errors import Refused


@transaction.atomic
def remind_me(*, meeting: Meeting, by: Appointment, minutes: Sequence[int] | None) -> None:
    """Be reminded so many minutes before it instead of when the meeting says. None: as the meeting says; empty: never.

    Raises Refused for who does not attend.
    """
    now = timezone.now()
    rights.require_sight(by, meeting.record, now)
    check_open(meeting, "answer")
    if not attending.is_assigned(meeting, by, now):
        raise Refused("You are not among those who attend. Ask your agency to assign you.", code="forbidden")
    if minutes is None:
        PersonalLead.objects.filter(meeting=meeting, appointment=by).delete()
    else:
        chosen = leads.checked(minutes, "minutes")
        PersonalLead.objects.update_or_create(meeting=meeting, appointment=by, defaults={"minutes": chosen})
    reminders.arm(meeting)
    note("meeting.remind_me", by, meeting, minutes=None if minutes is None else sorted(minutes))
