"""What instruments are to each other. It opens nothing by itself."""

import uuid
from datetime import date, datetime

from django.db import transaction

from agencies.directory.models import Appointment
from agreements.register.actions.rights import changeable, note, stamp
from agreements.register.models import Agreement, Relation
from portal.keys import sent_before, usable
from portal.ui.errors import Refused


@transaction.atomic
def relate(
    *,
    agreement: Agreement,
    kind: str,
    other: Agreement,
    by: Appointment,
    starts_on: date | None = None,
    note_text: str = "",
    key: uuid.UUID | None = None,
    recorded_at: datetime | None = None,
) -> Relation:
    """Say that the agreement amends (is a protocol to, replaces …) another that the officer may see.

    Raises Refused at the field: itself, the same again, one that is below it already.
    """
    agreement = changeable(agreement, by)
    before = sent_before(Relation, key, agreement=agreement, recorded_by=by)
    if before is not None:
        return before
    if not Agreement.objects.visible_to(by).filter(pk=other.pk).exists():
        raise Refused("There is no such agreement.", field="other")
    if other.pk == agreement.pk:
        raise Refused("An agreement is not related to itself.", field="other")
    if other.is_draft and not agreement.is_draft:
        raise Refused("That is a draft still: put it to its parties first.", field="other")
    if Relation.objects.filter(agreement=agreement, other=other, kind=kind).exists():
        raise Refused("This is recorded already.", field="other")
    if _stands_below(other, agreement):
        raise Refused(f"{other.short_name} follows from this one already.", field="other")
    row = Relation.objects.create(
        id=usable(Relation, key),
        agreement=agreement,
        kind=kind,
        other=other,
        starts_on=starts_on,
        note=note_text,
        **stamp(by, recorded_at),
    )
    note("agreement.relate", agreement, by, str(row.pk), recorded_at=recorded_at, kind=kind, other=str(other.pk))
    return row


def _stands_below(agreement: Agreement, above: Agreement) -> bool:
    """Whether by relations on record the one hangs from the other."""
    waiting, seen = {agreement.pk}, set[uuid.UUID]()
    while waiting:
        seen |= waiting
        waiting = set(Relation.objects.filter(agreement__in=waiting).values_list("other", flat=True)) - seen
    return above.pk in seen


@transaction.atomic
def unrelate(*, relation: Relation, by: Appointment) -> None:
    """Take a relation back that was recorded in error. The ledger keeps both."""
    agreement = changeable(relation.agreement, by)
    note("agreement.unrelate", agreement, by, f"{relation.pk}:taken back", kind=relation.kind)
    relation.delete()
