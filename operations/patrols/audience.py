"""Who will read an entry once it is saved (R6, R27): by the functions that decide afterwards."""

from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Appointment
from agreements.sharing.actions.orders import order_for
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from agreements.sharing.policy import Reader, agencies_that_see

PLAIN = Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER.value)


@dataclass(frozen=True)
class AudienceLine:
    """The agencies that will read it at once, each with its clause; none when it is held."""

    own: str
    readers: tuple[Reader, ...]
    photographs: bool

    @property
    def held(self) -> bool:
        return not self.readers


def foresee(*, by: Appointment, operation: Record | None, kind: str, at: datetime) -> AudienceLine:
    """For an operational entry. With photographs or personal data it goes no further, unless the order says so."""
    marking = Marking(**{**PLAIN.values(), "classification": min(PLAIN.classification, by.clearance)})
    order = order_for(by=by, operation=operation, kind=kind, marking=marking, photographs=False, at=at)
    if order is None:
        return AudienceLine(by.agency.short, (), False)
    to = To(AudienceKind.CIRCLE, circle=order.circle)
    proposal = to.proposal(provider=by.agency, clause=order.clause, purpose=order.purpose)
    found = agencies_that_see(marking, [proposal], at)
    return AudienceLine(by.agency.short, tuple(found.values()), order.photographs)
