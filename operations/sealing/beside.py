"""What an agency states or adds beside the text: a record of its own, hosted by the text (R23)."""

from datetime import datetime

from agencies.directory.models import Agency, Appointment
from agreements.sharing.actions import records
from agreements.sharing.models import Record
from operations.sealing import basis
from operations.sealing.models import SharedText
from portal.ui.errors import Refused


def begin(row: SharedText, *, by: Appointment, kind: str, title: str, text: str, at: datetime) -> Record:
    """The record, marked as the text is. Nobody else reads it yet."""
    host = row.record
    # As far as the database lets the officer have it.
    operation = Record.objects.filter(pk=host.operation_id).first() if host.operation_id else None
    return records.create(
        by=by, kind=kind, title=title, marking=records.marking_of(host), occurred_at=at, operation=operation, host=host,
        text=text, shown=False,
    )  # fmt: skip


def give(record: Record, row: SharedText, agency: Agency, by: Appointment, at: datetime, field: str) -> None:
    """To all other sides, under articles of its own. Raises Refused at the field of the form where one is missing."""
    others = [side.agency for side in row.sides.select_related("agency__country") if side.agency_id != agency.pk]
    try:
        basis.give(record, others, by, at)
    except Refused as refused:
        raise Refused(refused.message, field=field, code=refused.code, reasons=refused.reasons) from refused
