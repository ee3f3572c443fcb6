"""What an officer in the field does next: continue, start, or finish what still runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.patrols import rights
from operations.patrols.choices import PatrolState
from operations.patrols.models import Leg, Patrol

SOON = timedelta(hours=18)


@dataclass(frozen=True)
class NextSteps:
    """Patrols under way and due of the operations to which the officer is assigned; `hidden` are own running legs
    whose patrol is not among them, since it may have become invisible (R23)."""

    active: list[Patrol]
    planned: list[Patrol]
    hidden: list[Leg]
    running: frozenset[object]

    @property
    def count(self) -> int:
        return len(self.active) + len(self.planned) + len(self.hidden)

    @property
    def records(self) -> list[Record]:
        return [row.record for row in (*self.active, *self.planned)] + [leg.record for leg in self.hidden]


def next_steps(access: Access, at: datetime) -> NextSteps:
    """Of the acting officer, in a fixed number of queries."""
    by = access.appointment
    if by is None:
        return NextSteps([], [], [], frozenset())
    legs = Leg.objects.visible_to(access).filter(ended_at=None, record__owner__in=by.agencies)
    running = list(legs.select_related("territory"))
    due = Patrol.objects.visible_to(access).filter(
        Q(state=PatrolState.ACTIVE) | Q(state=PatrolState.PLANNED, starts_at__lt=at + SOON),
        teams__agency__in=by.agencies,
        record__operation__in=rights.assignments_of(by, at).values("participation__circle__record"),
    )
    rows = list(due.order_by("starts_at", "pk").prefetch_related("teams__agency"))
    elsewhere = [leg for leg in running if leg.record.host_id not in {row.pk for row in rows}]
    return NextSteps(
        active=[row for row in rows if row.state == PatrolState.ACTIVE],
        planned=[row for row in rows if row.state == PatrolState.PLANNED],
        hidden=_to_finish(elsewhere, access, at),
        running=frozenset(leg.record.host_id for leg in running),
    )


def _to_finish(legs: list[Leg], access: Access, at: datetime) -> list[Leg]:
    """Those of a patrol that is over or hidden. A colleague's leg on a visible patrol is no step of the officer's."""
    assert access.appointment is not None
    operations = set(
        rights.assignments_of(access.appointment, at).values_list("participation__circle__record", flat=True)
    )
    hosts = Record.objects.visible_to(access).filter(pk__in=[leg.record.host_id for leg in legs])
    visible = set(hosts.values_list("pk", flat=True))
    return [leg for leg in legs if leg.record.host_id not in visible or leg.record.operation_id in operations]
