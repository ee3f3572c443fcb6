"""Patrols under way whose legal basis falls away, and stays whose limits change: noticed each minute, told once (R24).

Pages, API and kit work it out at each reading and are never behind; this is for those who are not looking.
"""

import uuid
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Severity, Urgency
from agreements.sharing.models import Assignment
from operations.field.actions import crossings
from operations.field.models import Crossing
from operations.patrols.choices import PatrolState
from operations.patrols.models import Patrol
from operations.planning.basis import basis_holds
from operations.planning.models import Operation
from operations.safety.models import Fall, LimitChange
from portal import second_lock
from portal.audit import recording
from portal.outbox import handlers, messages

FALLEN, LIMITS = "safety.fallen", "safety.limits"


def register() -> None:
    kinds.register(
        kinds.AlertKind(
            FALLEN,
            "Legal basis fell away",
            "sign-stop",
            Urgency.IMMEDIATE,
            True,
            _fallen,
            _now,
            standalone=True,
            family=Family.PATROL,
            severity=Severity.SEVERE,
        )
    )
    kinds.register(
        kinds.AlertKind(
            LIMITS,
            "Limits of a stay changed",
            "signpost-split",
            Urgency.IMMEDIATE,
            True,
            _limit,
            family=Family.PATROL,
            severity=Severity.MODERATE,
        )
    )
    handlers.register(FALLEN, fallen)
    handlers.register(LIMITS, limits)


def _now(alert: Any) -> str:
    return reverse("safety:now")


def _fallen(alert: Any) -> str:
    return "The legal basis of a patrol under way has fallen away: do what your instructions say"


def _limit(alert: Any) -> str:
    return f"“{alert.record.title}”: what the treaty allows there has changed. Read the limits now"


@second_lock.opened("whether patrols under way have lost their legal basis")
def watch(at: datetime) -> int:
    """Notice what fell away since the last time, what holds again, and stays with other limits; how many that were."""
    return _watch_bases(at) + _watch_stays(at)


@transaction.atomic
def _watch_bases(at: datetime) -> int:
    now = _without_basis(at)
    known = {(row.operation, row.agency_id): row for row in Fall.objects.select_for_update().open()}
    for key in known.keys() - now:
        row = known[key]
        row.over_at = at
        row.save(update_fields=["over_at"])
        raising.settle(kind=FALLEN, key=str(row.pk))
    new = [Fall(operation=operation, agency_id=agency, noticed_at=at) for operation, agency in now - known.keys()]
    Fall.objects.bulk_create(new, ignore_conflicts=True)
    for row in Fall.objects.filter(pk__in=[row.pk for row in new]):
        recording.record(
            verb="basis.fall",
            by=None,
            subject_kind="operation",
            subject_id=row.operation,
            data={"agency": row.agency_id},
        )
        messages.emit(kind=FALLEN, key=f"{FALLEN}:{row.pk}", payload={"fall": str(row.pk)})
    return len(new)


def _without_basis(at: datetime) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """(operation, agency) for each agency with a team on a patrol under way whose basis does not hold at `at`."""
    teams: dict[Any, dict[uuid.UUID, Agency]] = defaultdict(dict)
    active = Patrol.objects.filter(state=PatrolState.ACTIVE, record__operation__isnull=False).select_related("record")
    for patrol in active.prefetch_related("teams__agency__country"):
        teams[patrol.record.operation_id].update({team.agency_id: team.agency for team in patrol.teams.all()})
    found: set[tuple[uuid.UUID, uuid.UUID]] = set()
    for row in Operation.objects.with_basis().filter(pk__in=teams):
        lead = row.record.owner_id
        partners = [agency for key, agency in teams[row.pk].items() if key != lead]
        fallen = (
            {line.agency.pk for line in basis_holds(row, at, partners).fallen if line.agency} if partners else set()
        )
        found |= {(row.pk, agency) for agency in fallen}
        if fallen and lead in teams[row.pk]:
            found.add((row.pk, lead))
    return found


def _watch_stays(at: datetime) -> int:
    """A stay that goes on under other limits than the last known ones: kept with the crossing, and told."""
    rows = Crossing.objects.open().filter(record__host__patrol__state=PatrolState.ACTIVE)
    rows = rows.select_related("record__owner__country", "record__author__agency__country", "territory")
    changed = 0
    for row in rows.prefetch_related("limit_changes"):
        last = max(row.limit_changes.all(), key=lambda change: change.at, default=None)
        limits_now = crossings.limits_now(row, row.record.author, at)
        if limits_now == (last.limits if last else row.limits):
            continue
        with transaction.atomic():
            change = LimitChange.objects.create(
                crossing=row, at=at, limits=limits_now, permitted=crossings.is_permitted(limits_now)
            )
            data = {"permitted": change.permitted}
            recording.record(verb="crossing.limits", by=None, subject_kind="crossing", subject_id=row.pk, data=data)
            messages.emit(kind=LIMITS, key=f"{LIMITS}:{change.pk}", payload={"change": str(change.pk)})
        changed += 1
    return changed


def _assigned(operation: Any, agency: uuid.UUID, at: datetime) -> list[Appointment]:
    """Who is assigned in the operation for that agency and runs patrols; all of the agency who do where nobody is."""
    rows = Assignment.objects.filter(
        participation__circle__record=operation, participation__ended_at=None, ended_at=None
    )
    keys = set(rows.values_list("appointment", flat=True))
    people = concerned.who_may(Permission.PATROL_RUN, [agency], at)
    return [row for row in people if row.pk in keys] or people


@second_lock.opened("finding those concerned")
def fallen(payload: dict[str, Any]) -> None:
    """Those in the field, while it has not come back."""
    row = Fall.objects.filter(pk=payload["fall"], over_at=None).first()
    if row is None:
        return
    people = _assigned(row.operation, row.agency_id, timezone.now())
    raising.raise_alert(kind=FALLEN, key=str(row.pk), recipients=people, subject=str(row.pk))


@second_lock.opened("finding those concerned")
def limits(payload: dict[str, Any]) -> None:
    """Those of the team's agency in the operation who see the crossing, while the stay goes on."""
    change = LimitChange.objects.select_related("crossing__record__owner").filter(pk=payload["change"]).first()
    if change is None or change.crossing.left_at is not None:
        return
    record, at = change.crossing.record, timezone.now()
    people = concerned.who_see(record, _assigned(record.operation_id, record.owner_id, at), at)
    raising.raise_alert(kind=LIMITS, key=str(change.pk), recipients=people, record=record)
