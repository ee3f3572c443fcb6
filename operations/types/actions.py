"""The commander's work on the types of an operation: a draft is made, changed, published or dropped."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from operations.planning import rights
from operations.types.definitions import Type, read_types
from operations.types.models import Catalogue
from portal.audit import recording
from portal.ui.errors import Refused

STALE = "A colleague has changed this draft since: open it again."
PUBLISHED = "This version is published, and stays as it is. Begin a new draft."


def _require(by: Appointment, operation: Record) -> None:
    """Only officers of the operation's owner who plan."""
    rights.require_role(by, Permission.OPERATION_PLAN)
    if operation.kind != "operation":
        raise Refused("There is no such operation.", code="not_found")
    rights.require_sight(by, operation, timezone.now())
    rights.require_lead(by, operation, "says what is logged, and with which fields")


def _note(verb: str, row: Catalogue, by: Appointment, **data: Any) -> None:
    """In the operation's ledger: numbers, never words of the types."""
    data |= {"catalogue": str(row.pk), "number": row.number, "types": len(row.types)}
    recording.record(
        verb=f"catalogue.{verb}", by=by, subject_kind="operation", subject_id=str(row.record_id), data=data
    )


@transaction.atomic
def begin(*, operation: Record, by: Appointment) -> Catalogue:
    """The operation's draft: the one that there is, or a new one that starts with the version that counts."""
    operation = Record.objects.select_for_update(of=("self",)).select_related("owner").get(pk=operation.pk)
    _require(by, operation)
    row = Catalogue.objects.filter(record=operation, number=None).first()
    if row is not None:
        return row
    standing = Catalogue.objects.published().filter(record=operation).order_by("-number").first()
    row = Catalogue.objects.create(record=operation, types=standing.types if standing else [], made_by=by)
    _note("begin", row, by)
    return row


def _draft(catalogue: Catalogue, revision: int | None, by: Appointment) -> Catalogue:
    """The draft, locked. Raises Refused when it is none any more, or was changed since `revision`."""
    row = Catalogue.objects.select_for_update(of=("self",)).select_related("record__owner").filter(pk=catalogue.pk)
    found = row.first()
    if found is None:
        raise Refused("There is no such draft.", code="not_found")
    _require(by, found.record)
    if not found.is_draft:
        raise Refused(PUBLISHED, code="state")
    if revision is not None and found.revision != revision:
        raise Refused(STALE, code="stale")
    return found


@transaction.atomic
def change(*, catalogue: Catalogue, revision: int, by: Appointment, types: Sequence[Type]) -> Catalogue:
    """Put the types in place of those of the draft at `revision`. Raises Refused at the place of what is wrong, and
    with code "stale" when a colleague changed it since."""
    row = _draft(catalogue, revision, by)
    row.types = [each.plain() for each in types]
    read_types(row.types)
    row.revision += 1
    row.save(update_fields=["types", "revision"])
    _note("change", row, by)
    return row


@transaction.atomic
def publish(*, catalogue: Catalogue, revision: int, by: Appointment) -> Catalogue:
    """Make the draft the version that counts. Earlier ones stay, with the entries that were made with them."""
    row = _draft(catalogue, revision, by)
    if not row.types:
        raise Refused("Add a type first.", code="state")
    last = Catalogue.objects.published().filter(record=row.record_id).order_by("-number").first()
    if last is not None and last.types == row.types:
        raise Refused(f"Nothing differs from version {last.number}.", code="state")
    row.number = (last.number or 0) + 1 if last else 1
    row.published_at, row.published_by = timezone.now(), by
    row.save(update_fields=["number", "published_at", "published_by"])
    _note("publish", row, by)
    return row


@transaction.atomic
def drop(*, catalogue: Catalogue, by: Appointment) -> None:
    """Throw the draft away. Published versions stay."""
    row = _draft(catalogue, None, by)
    _note("drop", row, by)
    row.delete()
