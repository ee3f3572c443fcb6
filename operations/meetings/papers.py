"""Records laid before a meeting. That opens nothing: a paper is listed only for who sees the record anyhow (R5)."""

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from agreements.sharing.policy import Access, access_to, decide
from operations.meetings.actions.holding import note
from operations.meetings.choices import MOST_PAPERS, MeetingState
from operations.meetings.models import Meeting, MeetingPaper
from operations.planning import rights
from portal.ui.errors import Refused


def seen(meeting: Meeting, access: Access) -> list[MeetingPaper]:
    """Those that the reader sees, in the order in which they were laid."""
    rows = MeetingPaper.objects.filter(meeting=meeting, record__in=Record.objects.visible_to(access))
    return list(rows.select_related("record__owner__country", "added_by__agency__country"))


@transaction.atomic
def lay(*, meeting: Meeting, record: Record, by: Appointment) -> MeetingPaper:
    """Lay a record that the officer sees before a meeting in which the officer's agency takes part.

    Whoever does not see the record is not told of it. Laying twice changes nothing.
    """
    now = timezone.now()
    rights.require_sight(by, meeting.record, now)
    rights.require_role(by, Permission.MEETING_CALL)
    rights.participation_of(by, meeting.record, accepted=True)
    if meeting.state == MeetingState.CANCELLED:
        raise Refused("This meeting is cancelled.", code="state")
    if record.pk == meeting.pk or not decide(access_to(record, by, now), record):
        raise Refused("There is no such record.", field="record", code="not_found")
    if meeting.papers.count() >= MOST_PAPERS:
        raise Refused(f"{MOST_PAPERS} papers are laid before a meeting at most.", field="record")
    row, new = MeetingPaper.objects.get_or_create(meeting=meeting, record=record, defaults={"added_by": by})
    if new:
        note("meeting.paper_lay", by, meeting, record=record.pk)
    return row


@transaction.atomic
def take_back(*, paper: MeetingPaper, by: Appointment) -> None:
    """The agency that laid it takes it back, or the one that called the meeting."""
    rights.require_sight(by, paper.meeting.record, timezone.now())
    rights.require_role(by, Permission.MEETING_CALL)
    if not by.agencies & {paper.added_by.agency_id, paper.meeting.record.owner_id}:
        raise Refused("Only the agency that laid it, or called the meeting, takes it back.", code="forbidden")
    meeting, record = paper.meeting, paper.record_id
    paper.delete()
    note("meeting.paper_take_back", by, meeting, record=record)
