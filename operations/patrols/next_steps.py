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
        return [row.record for row in (*self.active, *self.planned, *self.hidden)]


def next_steps(access: Access, at: datetime) -> NextSteps:
    """Of the acting officer, in a fixed number of queries."""
    by = access.appointment
    if by is None:
        return NextSteps([], [], [], frozenset())
    legs = Leg.objects.visible_to(access).filter(ended_at=None, record__owner=by.agency_id)
    running = list(legs.select_related("territory"))
    due = Patrol.objects.visible_to(access).filter(
        Q(state=PatrolState.ACTIVE) | Q(state=PatrolState.PLANNED, starts_at__lt=at + SOON),
        teams__agency=by.agency_id,
        record__operation__in=rights.assignments_of(by, at).values("participation__circle__record"),
    )
    rows = list(due.order_by("starts_at").prefetch_related("teams__agency"))
    listed = {row.pk for row in rows}
    return NextSteps(
        active=[row for row in rows if row.state == PatrolState.ACTIVE],
        planned=[row for row in rows if row.state == PatrolState.PLANNED],
        hidden=[leg for leg in running if leg.record.host_id not in listed],
        running=frozenset(leg.record.host_id for leg in running),
    )
