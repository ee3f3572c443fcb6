"""What the page of an operation shows one reader: who takes part, the team, the basis, what can be done."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.register import facts
from agreements.sharing.models import Assignment, Participation, Record, StandingOrder
from agreements.sharing.policy import access, decide
from operations.planning import lifecycle
from operations.planning.actions.invitations import own_instruction
from operations.planning.basis import Basis, Reach, basis_holds, reachable
from operations.planning.models import Instruction, Operation
from operations.planning.querysets import OperationQuerySet


@dataclass(frozen=True)
class Member:
    """One assigned officer as the reader may know of it: partners' officers by function only (R18)."""

    assignment: Assignment
    name: str
    own: bool


@dataclass
class Sheet:
    """Everything about one operation that one reader sees besides its own columns."""

    parts: list[Participation]
    own_part: Participation | None
    members: list[Member]
    basis: Basis
    orders: list[StandingOrder]
    instruction: Instruction | None
    instructions_changed: bool
    steps: dict[str, bool]

    @property
    def pending(self) -> bool:
        """Whether the reader's agency is invited and has not answered."""
        return self.own_part is not None and self.own_part.accepted_at is None


def sheet(operation: Operation, by: Appointment, at: datetime) -> Sheet:
    parts = participations(operation.record, by, at)
    own = next((part for part in parts if part.agency_id in by.agencies), None)
    leads = operation.record.owner_id in by.agencies
    # A partner learns of the basis between the lead and itself, the lead of all.
    named = [part.agency for part in parts if leads or part.agency_id in by.agencies]
    copy = None if leads else _seen_copy(operation, by, at)
    return Sheet(
        parts=parts,
        own_part=own,
        members=members(parts, by, at),
        basis=basis_holds(operation, at, named),
        orders=_orders(operation, by),
        instruction=copy,
        instructions_changed=copy is not None and copy.text != operation.instructions,
        steps=steps(operation, by, own),
    )


def _seen_copy(operation: Operation, by: Appointment, at: datetime) -> Instruction | None:
    """The own agency's copy, as far as the reader sees it: its marking is of its own (R2). Own rows need no treaties."""
    copy = own_instruction(operation, by.agency)
    return copy if copy is not None and decide(access(by, at, {}), copy.record) else None


def participations(record: Record, by: Appointment, at: datetime) -> list[Participation]:
    """Who takes part. Unanswered invitations are known to the two sides alone; all else, to who takes part (R18)."""
    rows = Participation.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), circle__record=record)
    found = list(rows.select_related("agency__country"))
    found.sort(key=lambda part: (part.agency_id != record.owner_id, part.agency.country_id, part.invited_at))
    mine = next((part for part in found if part.agency_id in by.agencies), None)
    if record.owner_id in by.agencies:
        return found
    inside = mine is not None and mine.accepted_at is not None
    return [
        part
        for part in found
        if part is mine or part.agency_id == record.owner_id or (inside and part.accepted_at is not None)
    ]


def members(parts: list[Participation], by: Appointment, at: datetime) -> list[Member]:
    rows = (
        Assignment.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), participation__in=parts)
        .select_related("appointment__officer", "appointment__agency__country", "participation")
        .prefetch_related("directs")
    )
    found = []
    for row in rows:
        own = row.appointment.agency_id in by.agencies
        if row.ends_on is None or row.ends_on >= at.astimezone(row.appointment.agency.zone).date():
            name = str(row.appointment.officer) if own else row.appointment.function
            found.append(Member(row, name, own))
    return sorted(found, key=lambda m: (m.assignment.appointment.agency.country_id, m.assignment.assigned_at))


def _orders(operation: Operation, by: Appointment) -> list[StandingOrder]:
    """The own agency's standing orders: what its log here releases by itself (R6)."""
    rows = operation.circle.standing_orders.filter(agency__in=by.agencies, revoked_at=None)
    return list(rows.select_related("clause__agreement"))


def steps(operation: Operation, by: Appointment, own: Participation | None) -> dict[str, bool]:
    """Which buttons work for this officer now. The actions ask again."""
    leads = operation.record.owner_id in by.agencies
    plans = leads and by.may(Permission.OPERATION_PLAN)
    live = operation.state in lifecycle.LIVE
    joins = live and by.may(Permission.OPERATION_JOIN) and own is not None
    inside = own is not None and own.accepted_at is not None
    return {
        **{name: plans and lifecycle.may(operation.state, name) for name in lifecycle.STEPS},
        "edit": plans and live,
        "invite": plans and live and by.may(Permission.RECORD_RELEASE),
        "answer": joins and not inside,
        "assign": joins and inside,
        "leave": joins and inside and not leads,
        "order": joins and inside and by.may(Permission.STANDING_ORDER_ISSUE),
        "remove": leads and live and by.may(Permission.OPERATION_JOIN),
    }


def area_features(operation: Operation) -> dict[str, Any]:
    """The area as a GeoJSON feature collection."""
    properties = {"title": operation.record.title, "kind": "area", "agency": operation.record.owner.short}
    feature = {"type": "Feature", "id": str(operation.pk), "geometry": operation.area, "properties": properties}
    return {"type": "FeatureCollection", "features": [feature] if operation.area else []}


def invitable(operation: Operation, by: Appointment, at: datetime) -> list[Reach]:
    """Whom the basis reaches and who is not in yet: for the lead alone (R27)."""
    if operation.record.owner_id not in by.agencies:
        return []
    inside = set(operation.circle.participations.filter(ended_at=None).values_list("agency", flat=True))
    found = reachable(
        by.agency,
        at,
        clauses=operation.clauses.all(),
        purposes=[operation.purpose],
        classification=operation.record.classification,
    )
    return [item for item in found if item.agency.pk not in inside]


def assignable(operation: Operation, by: Appointment, at: datetime) -> "QuerySet[Appointment]":
    """Own officers with an appointment in effect whose role sees operations and who are not assigned yet."""
    rows = Appointment.objects.in_effect(at).filter(agency__in=by.agencies).select_related("officer", "agency")
    busy = Assignment.objects.filter(
        ended_at=None, participation__circle__record=operation.record, participation__ended_at=None
    ).values("appointment")
    fit = [row.pk for row in rows.exclude(pk__in=busy) if row.is_in_effect(at) and row.may(Permission.OPERATION_VIEW)]
    return rows.filter(pk__in=fit).order_by("officer__full_name", "pk")


@dataclass(frozen=True)
class Invitation:
    """An invitation to the reader's agency that waits for an answer, and the basis between the two."""

    operation: Operation
    part: Participation
    basis: Basis


def invitations(by: Appointment, visible: OperationQuerySet, at: datetime) -> list[Invitation]:
    """Those to the officer's agency, as far as what they invite to is visible."""
    waiting = Participation.objects.filter(agency__in=by.agencies, ended_at=None, accepted_at=None)
    rows = list(visible.with_basis().filter(record__circle__participations__in=waiting).distinct())
    mine = waiting.filter(circle__record__in=[row.pk for row in rows]).select_related("circle", "agency__country")
    asked = {part.circle.record_id: part for part in mine}
    found = bases(rows, by, at)
    return [Invitation(row, asked[row.pk], found[row.pk]) for row in rows]


def bases(operations: Iterable[Operation], by: Appointment, at: datetime) -> dict[uuid.UUID, Basis]:
    """The basis of each as the reader may know of it (see `sheet`), in a constant number of queries."""
    rows = list(operations)
    treaties = facts.load({row.agreement_id for row in rows})
    parts = Participation.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at), circle__record__in=[row.pk for row in rows]
    ).select_related("agency__country", "circle")
    named: dict[uuid.UUID, list[Agency]] = defaultdict(list)
    for part in parts:
        if part.circle.record_id:
            named[part.circle.record_id].append(part.agency)
    return {row.pk: basis_holds(row, at, [a for a in named[row.pk] if _is_told(row, by, a)], treaties) for row in rows}


def _is_told(operation: Operation, by: Appointment, agency: Agency) -> bool:
    return bool(by.agencies & {operation.record.owner_id, agency.pk})


def fallen(operations: Iterable[Operation], by: Appointment, at: datetime) -> list[uuid.UUID]:
    """Those whose legal basis has fallen away."""
    return [key for key, basis in bases(operations, by, at).items() if not basis.holds]
