"""Under which article each side can be given the text: asked before it is put to them (R6, R27)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Agency, Appointment
from agreements.register.models import Clause
from agreements.sharing.actions import releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from agreements.sharing.offers import Offers, offers_for
from agreements.sharing.policy import explain_to_owner
from operations.planning.models import Operation
from operations.sealing.models import SharedText
from portal.ui.errors import Refused


@dataclass(frozen=True)
class Footing:
    """How one side reads it: it does already, or by which article it could; or what is missing."""

    agency: Agency
    reads: bool = False
    clause: Clause | None = None
    purpose: str = ""
    missing: str = ""

    @property
    def holds(self) -> bool:
        return self.reads or self.clause is not None


def others_of(row: SharedText, by: Appointment) -> list[Agency]:
    """Its sides, the officer's own aside."""
    return [side.agency for side in row.sides.select_related("agency__country") if side.agency_id not in by.agencies]


def footings(record: Record, agencies: Iterable[Agency], by: Appointment, at: datetime) -> list[Footing]:
    """For each of these agencies. The operation's own articles come first."""
    found = offers_for(by, record, at, kind=record.kind, named=False)
    operation = Operation.objects.filter(pk=record.operation_id).prefetch_related("clauses").first()
    own = {clause.pk for clause in operation.clauses.all()} if operation else set()
    purpose = operation.purpose if operation else ""
    return [_footing(record, agency, found, own, purpose, at) for agency in agencies]


def _footing(record: Record, agency: Agency, found: Offers, own: set[uuid.UUID], purpose: str, at: datetime) -> Footing:
    if explain_to_owner(record, agency, at):
        return Footing(agency, reads=True)
    offers = [o for o in found.fits if o.to.kind == AudienceKind.AGENCY and o.to.agency and o.to.agency.pk == agency.pk]
    offers.sort(key=lambda offer: (offer.clause.pk not in own, purpose not in offer.clause.purposes))
    if not offers:
        said = "; ".join(found.missing) or f"No article in force today lets you give it to {agency.short}"
        return Footing(agency, missing=said)
    clause = offers[0].clause
    return Footing(agency, clause=clause, purpose=purpose if purpose in clause.purposes else clause.purposes[0])


def give(record: Record, agencies: Iterable[Agency], by: Appointment, at: datetime) -> None:
    """Release it to each of these agencies that does not read it yet. Raises Refused where no article allows it:
    then it goes to none."""
    found = footings(record, agencies, by, at)
    for footing in found:
        if not footing.holds:
            raise Refused(
                f"Nothing lets you give it to {footing.agency.short}: {footing.missing}.",
                field="sides",
                code="no_basis",
            )
    for footing in found:
        if footing.clause is not None:
            to = To(AudienceKind.AGENCY, agency=footing.agency)
            releases.release(record=record, to=to, clause=footing.clause, purpose=footing.purpose, by=by)
