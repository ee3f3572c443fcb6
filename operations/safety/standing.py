"""What holds for one officer's teams at this moment: instructions, stays with their limits, timers, alarms."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agencies.directory.models import Agency, Appointment
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.field.actions import crossings
from operations.field.choices import SignalKind
from operations.field.models import Crossing, Signal
from operations.patrols import rights
from operations.patrols.choices import PatrolState
from operations.patrols.models import Leg, Patrol
from operations.planning.basis import basis_holds
from operations.planning.models import Instruction, Operation
from operations.safety.actions.timers import timer_for
from operations.safety.models import Alarm, Fall, Timer


@dataclass(frozen=True)
class Guidance:
    """Instructions that apply now (R24). `record` is the own copy they stand in; of the lead's own operation it is the
    operation. `patrols` and `legs` are the own ones under way, as far as the officer sees them."""

    text: str
    record: Record
    operation: uuid.UUID
    patrols: list[Patrol]
    legs: list[Leg]


@dataclass(frozen=True)
class Stay:
    """An own stay on partner territory that goes on, with the limits as they are now."""

    crossing: Crossing
    limits: list[dict[str, Any]]

    @property
    def has_changed(self) -> bool:
        return self.limits != self.crossing.limits

    @property
    def is_permitted(self) -> bool:
        return crossings.is_permitted(self.limits)


@dataclass(frozen=True)
class Watched:
    """A patrol under way with an own team, its timer, and when the team was last heard and is to be heard next."""

    patrol: Patrol
    timer: Timer
    last: Signal | None

    @property
    def next_at(self) -> datetime | None:
        return self.last.next_at if self.last else None


@dataclass
class Standing:
    guidance: list[Guidance] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    watched: list[Watched] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        found = [row for told in self.guidance for row in (told.record, *(leg.record for leg in told.legs))]
        found += [stay.crossing.record for stay in self.stays] + [row.patrol.record for row in self.watched]
        return list({row.pk: row for row in found}.values())


def standing_of(access: Access, *, of_all: bool = False) -> Standing:
    """For the officer's own agency: of the operations to which the officer is assigned, or `of_all`."""
    by = access.appointment
    if by is None:
        return Standing()
    mine = set(rights.assignments_of(by, access.at).values_list("participation__circle__record", flat=True))
    active = Patrol.objects.visible_to(access).filter(state=PatrolState.ACTIVE, teams__agency__in=by.agencies)
    if not of_all:
        active = active.filter(record__operation__in=mine)
    patrols = list(active.order_by("starts_at", "pk"))
    return Standing(
        guidance=guidance_of(access, by, mine, patrols),
        stays=stays_of(access, by),
        watched=[watched(patrol, by.agency) for patrol in patrols],
        alarms=list(Alarm.objects.visible_to(access).open().with_words(access)),
    )


def watched(patrol: Patrol, agency: Agency) -> Watched:
    rows = Signal.objects.filter(kind=SignalKind.CHECK_IN, patrol=patrol.pk, sent_by__agency=agency)
    last = rows.select_related("sent_by").order_by("-at", "-pk").first()
    return Watched(patrol, timer_for(patrol.pk, agency.pk), last)


def guidance_of(access: Access, by: Appointment, mine: set[Any], patrols: list[Patrol]) -> list[Guidance]:
    """Of each operation whose basis does not hold: a partner's own copy once it is hidden; of the lead, what it gave
    out, where a team of its is under way."""
    running = Leg.objects.visible_to(access).filter(ended_at=None, record__owner__in=by.agencies)
    legs = list(running.select_related("territory"))
    concerned = mine | {leg.record.operation_id for leg in legs}
    seen = Operation.objects.visible_to(access).filter(pk__in=concerned).with_basis()
    visible = {row.pk: row for row in seen}
    # A team that has not started a leg sees nothing of the patrol by now: it was noticed that it is on one.
    noticed = set(Fall.objects.open().filter(agency__in=by.agencies).values_list("operation", flat=True))
    found = []
    for key in sorted((key for key in concerned if key), key=str):
        own_legs = [leg for leg in legs if leg.record.operation_id == key]
        own_patrols = [row for row in patrols if row.record.operation_id == key]
        row = visible.get(key)
        if row is None:
            copies = Instruction.objects.visible_to(access).filter(operation_record=key, record__owner__in=by.agencies)
            copy = copies.select_related("record__owner__country").order_by("-record__recorded_at", "-pk").first()
            if copy is not None and (own_legs or key in noticed):
                found.append(Guidance(copy.text, copy.record, key, [], own_legs))
        elif row.record.owner_id in by.agencies and (own_legs or own_patrols):
            parts = row.circle.participations.filter(ended_at=None).exclude(accepted_at=None).select_related("agency")
            if not basis_holds(row, access.at, [part.agency for part in parts]).holds:
                found.append(Guidance(row.instructions, row.record, key, own_patrols, own_legs))
    return found


def stays_of(access: Access, by: Appointment) -> list[Stay]:
    """Own crossings that were not left yet."""
    rows = Crossing.objects.visible_to(access).open().filter(record__owner__in=by.agencies).select_related("territory")
    return [Stay(row, crossings.limits_now(row, by, access.at)) for row in rows]
