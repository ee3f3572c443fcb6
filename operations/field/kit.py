"""What an officer may take along for use without a network: no more than may be seen now (R13), and for one day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agencies.directory.models import Appointment
from agreements.powers.outputs import PowersCardSerializer
from agreements.powers.parts import Asked
from agreements.register.choices import Category
from agreements.sharing.actions.orders import order_for
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from agreements.sharing.policy import Access, agencies_that_see
from operations.patrols import rights
from operations.patrols.choices import TYPE_ICONS, ObservationType
from operations.patrols.models import Leg, Patrol
from operations.patrols.next_steps import next_steps
from operations.planning import cards
from operations.planning.models import Instruction, Operation
from operations.types import schema
from operations.types.definitions import Type, said
from operations.types.models import Catalogue
from operations.types.presenting import languages_of

LASTS = timedelta(hours=24)
KINDS = ("patrol", "leg", "observation", "crossing")


# Told by rooms above: the word in the kit → what it holds for the officer, beside the rest.
Part = Callable[[Access, "Kit"], tuple[Any, list[Record]]]
_PARTS: dict[str, Part] = {}


def register_part(name: str, part: Part) -> None:
    """Let the kit hold what `part(access, kit)` gives: plain values, and the records that they show."""
    _PARTS[name] = part


def parts_of(access: Access, kit: "Kit") -> dict[str, tuple[Any, list[Record]]]:
    return {name: part(access, kit) for name, part in sorted(_PARTS.items())}


@dataclass(frozen=True)
class Kit:
    """The rows of what may be taken along, and the records that they show. `legs`: those of the own team that run."""

    operations: list[Operation]
    patrols: list[Patrol]
    instructions: list[Instruction]
    legs: list[Leg]

    @property
    def records(self) -> list[Record]:
        rows: list[Any] = [*self.operations, *self.patrols, *self.instructions, *self.legs]
        return [row.record for row in rows]


def kit_of(access: Access) -> Kit:
    """Operations to which the officer is assigned, patrols under way and due, and the own copies of instructions."""
    by, at = access.appointment, access.at
    assert by is not None
    mine = rights.assignments_of(by, at).values("participation__circle__record")
    operations = (
        Operation.objects.visible_to(access).with_basis().live().filter(pk__in=mine).order_by("starts_at", "pk")
    )
    steps = next_steps(access, at)
    copies = Instruction.objects.visible_to(access).filter(record__owner__in=by.agencies, operation_record__in=mine)
    legs = Leg.objects.visible_to(access).filter(ended_at=None, record__owner__in=by.agencies)
    return Kit(
        legs=list(legs.filter(record__host__in=[row.pk for row in steps.active]).order_by("started_at", "pk")),
        operations=_bodies(operations, by),
        patrols=_bodies([*steps.active, *steps.planned], by),
        instructions=_newest(copies.order_by("-record__recorded_at", "-pk")),
    )


def _bodies(rows: Iterable[Any], by: Appointment) -> list[Any]:
    """Without what is display-only and not one's own (R7)."""
    return [row for row in rows if not row.record.display_only or row.record.owner_id in by.agencies]


def _newest(rows: Iterable[Instruction]) -> list[Instruction]:
    found: dict[object, Instruction] = {}
    for row in rows:
        found.setdefault(row.operation_record_id, row)
    return list(found.values())


def until(by: Appointment, at: datetime) -> datetime:
    """A day from now, and never past the appointment."""
    last = by.ends_on
    day = datetime.combine(last, datetime.max.time(), tzinfo=by.agency.zone) if last else None
    return min(end for end in (at + LASTS, day, by.ended_at) if end is not None)


def types(operations: Iterable[Operation], by: Appointment) -> list[dict[str, Any]]:
    """The words that every operation has; and the types of these, those with a button of their own first.

    Each as JSON Schema, with its titles as the officer's agency reads them.
    """
    words = [{"value": kind.value, "label": str(kind.label), "icon": TYPE_ICONS[kind]} for kind in ObservationType]
    languages = languages_of(by)
    rows = Catalogue.objects.newest().filter(record__in=[row.pk for row in operations])
    own = [_own(catalogue, each, languages) for catalogue in rows for each in catalogue.read]
    return [*words, *sorted(own, key=lambda row: not row["quick"])]


def _own(catalogue: Catalogue, made: Type, languages: tuple[str, ...]) -> dict[str, Any]:
    return {
        "operation": str(catalogue.record_id),
        "catalogue": str(catalogue.pk),
        "version": catalogue.number,
        "value": made.key,
        "base": made.base.value,
        "label": said(made.labels, languages)[0],
        "language": said(made.labels, languages)[1],
        "icon": TYPE_ICONS[made.base],
        "quick": made.quick,
        "schema": schema.of_type(made, languages),
    }


def powers_of(operation: Operation, by: Appointment, at: datetime) -> Any:
    """The powers card among those who take part, for today."""
    agencies = cards.taking_part(operation, by, at)
    card = cards.among(agencies, by, Asked(), at)
    return {"operation": str(operation.pk), **PowersCardSerializer(card).data}


def usual_marking(by: Appointment) -> Marking:
    """As a device marks an entry unless it is told otherwise."""
    return Marking([Category.OPERATIONAL.value], min(1, by.clearance), Tlp.AMBER.value)


def audiences(operation: Record, by: Appointment, at: datetime) -> dict[str, list[dict[str, str]]]:
    """Who would read an entry of each kind at once, marked as usual: what the device shows before saving (R6).

    An entry that is marked otherwise, or has photographs, is held: the device says so, and sends no `shown`.
    """
    marking = usual_marking(by)
    found: dict[str, list[dict[str, str]]] = {}
    for kind in KINDS:
        order = order_for(by=by, operation=operation, kind=kind, marking=marking, photographs=False, at=at)
        if order is None:
            found[kind] = []
            continue
        to = To(AudienceKind.CIRCLE, circle=order.circle)
        proposal = to.proposal(provider=order.agency, clause=order.clause, purpose=order.purpose)
        seeing = agencies_that_see(marking, [proposal], at)
        found[kind] = [
            {"id": str(agency.pk), "name": agency.short, "article": str(order.clause)}
            for agency in sorted(seeing, key=str)
            if agency.pk not in by.agencies
        ]
    return found
