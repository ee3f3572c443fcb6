"""To whom a bulletin is addressed, and who that is at an instant. Nothing of it is stored (R13)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies.chains.duty import desk_of, holders_of
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import ROLES, Role
from agreements.alerts import concerned
from agreements.bulletins.choices import TargetKind
from agreements.bulletins.models import Target
from agreements.sharing.models import Assignment, Circle, Participation, Record


@dataclass(frozen=True)
class Scope:
    """Whom of an agency: its duty desk, whoever has a role, one officer, or those assigned to the operation."""

    kind: TargetKind
    agency: Agency
    role: str = ""
    appointment: Appointment | None = None

    @property
    def words(self) -> str:
        if self.kind == TargetKind.ROLE:
            return f"every {ROLES[Role(self.role)].label.lower()}"
        if self.kind == TargetKind.OFFICER and self.appointment is not None:
            return self.appointment.function
        return str(self.kind.label).lower()


def circle_of(operation: Record | None) -> Circle | None:
    """The circle of an operation that still runs."""
    circle = getattr(operation, "circle", None)
    return circle if circle is not None and circle.closed_at is None else None


def of_circle(circle: Circle) -> list[Scope]:
    """One scope for each agency that takes part today."""
    rows = Participation.objects.filter(circle=circle, ended_at=None, accepted_at__isnull=False)
    return [Scope(TargetKind.CIRCLE, row.agency) for row in rows.select_related("agency__country").order_by("pk")]


def by_agency(scopes: Iterable[Scope]) -> list[tuple[Agency, list[Scope]]]:
    """The scopes of each agency, each once, by the agency's name."""
    found: dict[uuid.UUID, tuple[Agency, list[Scope]]] = {}
    for scope in dict.fromkeys(scopes):
        found.setdefault(scope.agency.pk, (scope.agency, []))[1].append(scope)
    return sorted(found.values(), key=lambda pair: str(pair[0]))


def people(targets: Sequence[Target], record: Record, at: datetime) -> list[Appointment]:
    """Who is meant at `at`, of those that may see the bulletin then."""
    found: dict[uuid.UUID, Appointment] = {}
    for target in targets:
        found |= {row.pk: row for row in _meant(target, record, at)}
    return concerned.who_see(record, found.values(), at)


def _meant(target: Target, record: Record, at: datetime) -> list[Appointment]:
    if target.kind == TargetKind.DESK:
        return desk_of(target.agency, at)
    if target.kind == TargetKind.OFFICER and target.appointment is not None:
        return holders_of(target.appointment, at)
    if target.kind == TargetKind.ROLE:
        rows = Appointment.objects.standing_for([target.agency_id], at).filter(role=target.role)
        return concerned.in_effect(at, rows)
    assigned = Assignment.objects.filter(
        participation__circle__record=record.operation_id,
        participation__agency=target.agency_id,
        participation__ended_at=None,
        ended_at=None,
    )
    return concerned.holders(assigned.values("appointment"), at)
