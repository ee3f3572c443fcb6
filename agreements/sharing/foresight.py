"""Who will read a record once its form is saved (R6, R27), or once it is marked anew (R21): said by the functions that
decide afterwards."""

from dataclasses import dataclass, field
from datetime import datetime

from agencies.directory.models import Agency, Appointment, Classification
from agreements.register.choices import Category
from agreements.sharing import kinds
from agreements.sharing.actions import records
from agreements.sharing.actions.orders import order_for
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To, needs_second
from agreements.sharing.choices import WHOLE_KINDS, AudienceKind, Tlp
from agreements.sharing.models import Circle, Record, StandingOrder
from agreements.sharing.policy import Proposal, Reader, breadth, readers
from portal.ui.errors import Refused
from portal.undone import undone


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


@dataclass(frozen=True)
class MarkingEffect:
    """What a new marking would change: agencies that lose the record, each with the reason, and that gain it. Of those
    that keep it, the parts that lose or gain it. `refused` is why saving would be refused, `raised` the level to which
    the classification is raised, `beyond` whether that is above the writer's own clearance."""

    lost: list[tuple[Agency, str]]
    kept: list[Agency]
    gained: list[Agency]
    parts_lost: list["PartEffect"] = field(default_factory=list)
    parts_gained: list["PartEffect"] = field(default_factory=list)
    refused: str = ""
    raised: str = ""
    beyond: bool = False

    @property
    def changes(self) -> bool:
        """Whether it is another set of readers, as far as it is told."""
        return bool(self.lost or self.gained or self.parts_lost or self.parts_gained)

    @property
    def keeping(self) -> list[tuple[Agency, list["PartEffect"], list["PartEffect"]]]:
        """Those that keep it, each with the parts that lose it and that gain it."""
        lost, gained = (
            {agency: [part for part in parts if part.agency == agency] for agency in self.kept}
            for parts in (self.parts_lost, self.parts_gained)
        )
        return [(agency, lost[agency], gained[agency]) for agency in self.kept]


@dataclass(frozen=True)
class PartEffect:
    """A part of an agency, and why it loses the record or by what it gains it."""

    agency: Agency
    part: str
    sentence: str


def foresee_marking(*, record: Record, marking: Marking, at: datetime, by: Appointment | None = None) -> MarkingEffect:
    """Preview of `mark`, by the same functions that decide afterwards (R21, R27). Without `by`, of `take_over`, where
    nobody's own right to mark it is asked."""
    proposals = [Proposal.of(row) for row in record.releases.standing().with_audience()]
    # What is marked RED stays with its author (R8).
    author = [Proposal(AudienceKind.OWN_OFFICER, record.owner_id, named=record.author)]
    before = breadth.seeing(readers(record, proposals, at))
    found = readers(records.marked(record, marking), proposals + (author if marking.tlp == Tlp.RED else []), at)
    after = breadth.seeing(found)
    why = {reader.agency: reader.sentence for reader in found if not reader.sees}
    closed = {(reader.agency, reader.proposal): reader.sentence for reader in found if not reader.sees}
    kept = [agency for agency in before if agency in after]
    lost_parts = [(reader, closed.get((reader.agency, reader.proposal), "")) for reader in _beyond(before, after, at)]
    return MarkingEffect(
        lost=[(agency, why.get(agency, "")) for agency in before if agency not in after],
        kept=kept,
        gained=sorted(after.keys() - before.keys(), key=str),
        parts_lost=[PartEffect(reader.agency, _part(reader), sentence) for reader, sentence in lost_parts],
        parts_gained=[PartEffect(row.agency, _part(row), row.sentence) for row in _beyond(after, before, at)],
        refused=_refusal(record, marking, by) if by is not None else "",
        raised=Classification(marking.classification).label if marking.classification > record.classification else "",
        beyond=by is not None and marking.classification > by.clearance,
    )


def _beyond(these: dict[Agency, list[Reader]], those: dict[Agency, list[Reader]], at: datetime) -> list[Reader]:
    """Of agencies in both, the widest of these readers that none of those covers."""
    return [
        reader
        for agency, rows in these.items()
        if agency in those
        for reader in breadth.widest(breadth.uncovered(rows, those[agency], at), at)
    ]


def _part(reader: Reader) -> str:
    """Of an agency another part of which sees the record either way."""
    return "everybody else there" if reader.proposal.kind in WHOLE_KINDS else reader.proposal.part_words


def _refusal(record: Record, marking: Marking, by: Appointment) -> str:
    """Why `mark` would refuse; empty where it would not. Its own steps are tried, and undone."""
    try:
        with undone():
            row = Record.objects.select_for_update().get(pk=record.pk)
            upgrade = records.may_mark(row, marking, by)
            records.write_marking(row, marking, by)
            records.still_seen(row, by, upgrade=upgrade)
    except Refused as refused:
        return refused.message
    return ""
