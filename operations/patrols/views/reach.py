"""Fetch through the door, and turn refusals into answers. Hidden and unknown are the same 404 (R17)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Permission
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.patrols import journal, lifecycle, rights
from operations.patrols.models import Leg, Observation, Patrol
from operations.planning.basis import basis_holds
from operations.planning.models import Instruction, Operation


def by_of(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined]


def now_of(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined]


def patrol_or_404(request: HttpRequest, pk: uuid.UUID) -> Patrol:
    return get_object_or_404(Patrol.objects.visible_to(access_of(request)), pk=pk)


def leg_or_404(request: HttpRequest, pk: uuid.UUID) -> Leg:
    rows = Leg.objects.visible_to(access_of(request)).select_related("territory", "track")
    return get_object_or_404(rows.annotate(is_shared=journal.shared()), pk=pk)


def observation_or_404(request: HttpRequest, pk: uuid.UUID) -> Observation:
    rows = Observation.objects.visible_to(access_of(request)).prefetch_related("photos")
    return get_object_or_404(rows.annotate(is_shared=journal.shared()), pk=pk)


def seen(request: HttpRequest, key: uuid.UUID | None) -> Record | None:
    """The record if the reader may see it: before the name of a host or an operation is shown (R23)."""
    if key is None:
        return None
    return Record.objects.visible_to(access_of(request)).select_related("owner__country").filter(pk=key).first()


def operation_of(request: HttpRequest, patrol: Patrol) -> list[Record]:
    """The operation of the patrol, if the reader may see it: forms name it, to ask who will read."""
    row = seen(request, patrol.record.operation_id)
    return [row] if row else []


@dataclass(frozen=True)
class Guidance:
    """What to do when the basis has fallen away; `record` is the own copy it stands in, if it is one (R24)."""

    text: str
    record: Record | None = None


def guidance(request: HttpRequest, operation: uuid.UUID | None, at: datetime) -> Guidance | None:
    """The instructions for the reader's agency when the legal basis of the operation has fallen away (R24).

    A partner no longer sees the operation then, and reads its own copy; the lead reads what it gave out.
    """
    access, own_keys = access_of(request), by_of(request).agencies
    if operation is None:
        return None
    if seen(request, operation) is None:
        own = Instruction.objects.visible_to(access).filter(operation_record=operation, record__owner__in=own_keys)
        copy = own.order_by("-record__recorded_at", "-pk").first()
        return Guidance(copy.text, copy.record) if copy else None
    row = Operation.objects.visible_to(access).with_basis().filter(pk=operation, record__owner__in=own_keys).first()
    if row is None:
        return None
    partners = [part.agency for part in row.circle.participations.filter(ended_at=None).exclude(accepted_at=None)]
    return None if basis_holds(row, at, partners).holds else Guidance(row.instructions)


def own_legs(request: HttpRequest, patrol: Patrol) -> list[Leg]:
    """The legs of the officer's agency, the running or newest first."""
    rows = journal.legs_of(patrol.record, access_of(request)).filter(record__owner__in=by_of(request).agencies)
    return sorted(rows, key=lambda leg: (leg.ended_at is None, leg.started_at), reverse=True)


def territories(patrol: Patrol) -> "QuerySet[Country]":
    """The countries of the teams."""
    return Country.objects.filter(agencies__in=patrol.teams.values("agency")).distinct()


def steps(request: HttpRequest, patrol: Patrol, running: Leg | None) -> dict[str, bool]:
    """Which buttons work for this officer now. The actions ask again."""
    by = by_of(request)
    own = patrol.record.owner_id in by.agencies
    run = by.may(Permission.PATROL_RUN)
    assigned = run and rights.is_assigned(by, patrol.record.operation, now_of(request))
    entries = assigned and patrol.state in lifecycle.OPEN_TO_ENTRIES
    return {
        "start": own and assigned and lifecycle.may(patrol.state, "start"),
        "end": own and run and lifecycle.may(patrol.state, "end"),
        "cancel": own and by.may(Permission.PATROL_PLAN) and lifecycle.may(patrol.state, "cancel"),
        "start_leg": assigned and running is None and patrol.state in lifecycle.OPEN_TO_LEGS,
        "end_leg": run and running is not None,
        "log": entries,
        "add_leg": entries,
    }
