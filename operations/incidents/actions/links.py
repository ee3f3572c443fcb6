"""Say which entries, patrols and reports of intelligence belong to an incident."""

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing.models import Record
from agreements.sharing.policy import access_to, decide
from operations.incidents.actions.reports import locked, note
from operations.incidents.choices import ReportState
from operations.incidents.models import IncidentReport, Link
from portal.ui.errors import Refused

# Kinds of records that belong to an incident; reports of it, its events and its calls have places of their own.
LINKED = ("observation", "patrol", "leg", "crossing", "report", "meeting")
MOST = 50


@transaction.atomic
def link(*, report: IncidentReport, record: Record, by: Appointment) -> Link:
    """An officer of the report's owner who sees both. Linking twice changes nothing."""
    row = _open(report, by)
    if record.kind not in LINKED or not decide(access_to(record, by, timezone.now()), record):
        raise Refused("There is no such record.", field="record", code="not_found")
    if row.links.count() >= MOST:
        raise Refused(f"An incident links {MOST} records at most.", field="record")
    found, new = Link.objects.get_or_create(report=row, record=record, defaults={"linked_by": by})
    if new:
        note("incident.link", by, row, record=str(record.pk))
    return found


@transaction.atomic
def unlink(*, report: IncidentReport, record: Record, by: Appointment) -> None:
    row = _open(report, by)
    gone, _ = row.links.filter(record=record).delete()
    if gone:
        note("incident.unlink", by, row, record=str(record.pk))


def _open(report: IncidentReport, by: Appointment) -> IncidentReport:
    row = locked(report, by, "links records to it")
    if row.state == ReportState.WITHDRAWN:
        raise Refused("This report is withdrawn.", code="state")
    return row
