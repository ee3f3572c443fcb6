"""Who will read a record once its form is saved (R6, R27): said by the functions that decide afterwards."""

from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Appointment, Classification
from agreements.register.choices import Category
from agreements.sharing import kinds
from agreements.sharing.actions.orders import order_for
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To, needs_second
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Circle, Record, StandingOrder
from agreements.sharing.policy import Reader, readers


@dataclass(frozen=True)
class AudienceLine:
    """The agencies that will read it at once, each with its clause; without any it is held, and why."""

    own: str
    readers: tuple[Reader, ...] = ()
    order: StandingOrder | None = None
    reason: str = ""

    @property
    def held(self) -> bool:
        return not self.readers

    @property
    def photographs(self) -> bool:
        """Whether photographs go out with it."""
        return self.order is not None and self.order.photographs


def foresee(
    *,
    by: Appointment,
    operation: Record | None,
    kind: str,
    marking: Marking,
    at: datetime,
    photographs: bool = False,
    compartment: Circle | None = None,
) -> AudienceLine:
    """What saving such an entry now would open, and to whom. `operation` is one that the officer sees, `compartment`
    one that the officer is inside of."""
    own = f"{by.agency.short} (own officers)"
    if marking.tlp == Tlp.RED:
        own = "you, and officers of your agency named for it"
    elif compartment is not None:
        own = f"you, those inside “{compartment}”, and officers of your agency named for it"
    order = order_for(by=by, operation=operation, kind=kind, marking=marking, photographs=photographs, at=at)
    if order is None:
        return AudienceLine(own, reason=_no_order(by, operation, kind, marking, photographs, at))
    to = To(AudienceKind.CIRCLE, circle=order.circle)
    found = readers(marking, [to.proposal(provider=by.agency, clause=order.clause, purpose=order.purpose)], at)
    seeing = tuple(reader for reader in found if reader.sees)
    if seeing:
        return AudienceLine(own, seeing, order)
    missing = found[0].sentence if found else "no other agency takes part today"
    return AudienceLine(own, reason=f"nobody could read it under {order.clause}: {missing}")


def _no_order(
    by: Appointment, operation: Record | None, kind: str, marking: Marking, photographs: bool, at: datetime
) -> str:
    """Why nothing goes out by itself, as exactly as the own agency's orders tell it."""
    if needs_second(marking, by):
        return (
            f"above {Classification(by.agency.second_officer_above or 0).label} a second officer approves each release"
        )
    if not kinds.get(kind).logged:
        return f"{kinds.get(kind).plural.lower()} never go out by themselves"
    circle = getattr(operation, "circle", None)
    if operation is None or circle is None:
        return "outside an operation nothing goes out by itself"
    if circle.closed_at is not None:
        return "the operation is closed: nothing new goes out in it"
    day = at.astimezone(by.agency.zone).date()
    orders = [
        order
        for order in circle.standing_orders.filter(agency__in=by.agencies, revoked_at=None)
        if order.ends_on is None or order.ends_on >= day
    ]
    if not orders:
        return f"{by.agency.short} has no standing order for this operation"
    gaps = [_gap(order, kind, marking, photographs) for order in orders]
    return f"the standing order of {by.agency.short} {min(gaps, key=len)}"


def _gap(order: StandingOrder, kind: str, marking: Marking, photographs: bool) -> str:
    """The first thing by which an order does not cover the entry."""
    outside = [Category(c).label.lower() for c in marking.categories if c not in order.categories]
    if kind not in order.kinds:
        return f"does not name {kinds.get(kind).plural.lower()}"
    if not marking.categories:
        return "names data categories, and this carries none"
    if outside:
        return f"does not name {', '.join(outside)}"
    if marking.classification > order.ceiling:
        return f"goes up to {Classification(order.ceiling).label} only"
    if marking.tlp > order.tlp:
        return f"goes up to {Tlp(order.tlp).label} only"
    return "leaves out photographs" if photographs and not order.photographs else "does not cover it"
