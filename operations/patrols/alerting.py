"""A patrol is overdue: one alert for each officer concerned and occurrence."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Certainty, Family, Severity, Urgency
from agreements.sharing.models import Assignment
from operations.patrols import lifecycle
from operations.patrols.choices import PatrolState
from operations.patrols.models import Patrol
from portal import second_lock
from portal.outbox import handlers, messages

OVERDUE = "patrols.overdue"
BATCH = 500


def register() -> None:
    """Tell the kind, and the outbox who handles its cause."""
    kinds.register(
        kinds.AlertKind(
            OVERDUE,
            "Patrol overdue",
            "exclamation-triangle",
            Urgency.IMMEDIATE,
            True,
            _line,
            family=Family.PATROL,
            severity=Severity.SEVERE,
            certainty=Certainty.POSSIBLE,
        )
    )
    handlers.register(OVERDUE, overdue)


def _line(alert: Any) -> str:
    patrol = alert.record.patrol
    if not patrol.overdue:
        return f"“{alert.record.title}” was overdue and has reported since"
    late = "has not started" if patrol.state == PatrolState.PLANNED else "has not ended"
    limit = patrol.starts_at if patrol.state == PatrolState.PLANNED else patrol.ends_at
    return f"“{alert.record.title}” {late}: it was due {limit.astimezone(UTC):%H:%MZ}"


@second_lock.opened("looking for patrols that are overdue")
def watch(at: datetime) -> int:
    """Queue a message for each patrol that is overdue at `at`: one for each deadline, however often this runs."""
    found = list(Patrol.objects.overdue(at).order_by("ends_at", "pk")[:BATCH])
    for patrol in found:
        key = f"{OVERDUE}:{occurrence(patrol)}"
        messages.emit(kind=OVERDUE, key=key, payload={"patrol": str(patrol.pk), "occurrence": occurrence(patrol)})
    return len(found)


def occurrence(patrol: Patrol) -> str:
    """The patrol and the deadline that it has passed, or will."""
    limit = lifecycle.deadline(patrol.state, patrol.starts_at, patrol.ends_at)
    return f"{patrol.pk}:{limit.astimezone(UTC).isoformat() if limit else ''}"


@second_lock.opened("finding those concerned")
def overdue(payload: dict[str, Any]) -> None:
    """Alert those concerned, if it is still overdue by the same deadline."""
    patrol = Patrol.objects.select_related("record").filter(pk=payload["patrol"]).first()
    if patrol is None or not patrol.overdue or occurrence(patrol) != payload["occurrence"]:
        return
    recipients = concerned.who_see(patrol.record, _assigned(patrol, timezone.now()), timezone.now())
    raising.raise_alert(kind=OVERDUE, key=payload["occurrence"], recipients=recipients, record=patrol.record)


def _assigned(patrol: Patrol, at: datetime) -> list[Appointment]:
    """The officers assigned in the operation, of the agencies that send a team or own the patrol."""
    agencies = {patrol.record.owner_id, *patrol.teams.values_list("agency", flat=True)}
    rows = Assignment.objects.filter(
        participation__circle__record=patrol.record.operation_id,
        participation__agency__in=agencies,
        participation__ended_at=None,
        participation__accepted_at__isnull=False,
        ended_at=None,
    ).exclude(ends_on__lt=at.date())
    return concerned.holders(rows.values("appointment"), at)


def settle(patrol: Patrol) -> None:
    """The patrol has started, ended or been cancelled: nobody else need look after it."""
    raising.settle(kind=OVERDUE, key=occurrence(patrol))
