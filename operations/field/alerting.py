"""Alerts from the field: a check-in is missed, somebody calls for help, something waits in quarantine."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Urgency
from operations.field.actions.signals import CALLED, MISSED
from operations.field.choices import SignalKind
from operations.field.models import Quarantined, Signal
from operations.field.quarantine import ARRIVED
from operations.patrols.choices import PatrolState
from operations.patrols.models import Patrol
from portal import second_lock
from portal.outbox import handlers

# The recipients are of the agency that it is about, and asked for again when it is sent.
_ALONE: dict[str, Any] = {"standalone": True}


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    for kind in (
        kinds.AlertKind(
            MISSED, "Check-in missed", "person-exclamation", Urgency.IMMEDIATE, True, _missed, _page, **_ALONE
        ),
        kinds.AlertKind(
            CALLED, "Call for help", "exclamation-octagon", Urgency.IMMEDIATE, True, _called, _page, **_ALONE
        ),
        kinds.AlertKind(
            ARRIVED, "In quarantine", "shield-exclamation", Urgency.EXPECTED, True, _arrived, _quarantine, **_ALONE
        ),
    ):
        kinds.register(kind)
    handlers.register(MISSED, missed)
    handlers.register(CALLED, called)
    handlers.register(ARRIVED, arrived)


def _page(alert: Any) -> str:
    return reverse("field:signal-detail", args=[alert.subject])


def _quarantine(alert: Any) -> str:
    return reverse("field:quarantine-list")


def _missed(alert: Any) -> str:
    return "A team of your agency has not checked in"


def _called(alert: Any) -> str:
    return "An officer of your agency calls for help"


def _arrived(alert: Any) -> str:
    if alert.urgency == Urgency.IMMEDIATE:
        return "Somebody without an appointment calls for help: it is in quarantine"
    return "Something came in from the field that nobody with a right to it sent"


def _signal(payload: dict[str, Any]) -> Signal | None:
    rows = Signal.objects.select_related("sent_by__officer", "sent_by__agency__country")
    return rows.filter(pk=payload["signal"]).first()


@second_lock.opened("whether the patrol of a missed check-in is over")
def missed(payload: dict[str, Any]) -> None:
    """Alert those of the agency who run patrols, unless the team has checked in since or its patrol is over."""
    row, at = _signal(payload), timezone.now()
    if row is None or row.next_at is None:
        return
    later = Signal.objects.filter(patrol=row.patrol, sent_by__agency=row.sent_by.agency_id, at__gt=row.at)
    over = Patrol.objects.filter(pk=row.patrol).exclude(state=PatrolState.ACTIVE)
    if later.filter(kind=SignalKind.CHECK_IN).exists() or over.exists():
        return
    people = concerned.who_may(Permission.PATROL_RUN, [row.sent_by.agency_id], at)
    raising.raise_alert(kind=MISSED, key=str(row.pk), recipients=people, subject=str(row.pk))


def called(payload: dict[str, Any]) -> None:
    """Alert everybody of the agency who runs patrols, but for who calls."""
    row, at = _signal(payload), timezone.now()
    if row is None:
        return
    people = concerned.who_may(Permission.PATROL_RUN, [row.sent_by.agency_id], at)
    others = [person for person in people if person.officer_id != row.sent_by.officer_id]
    raising.raise_alert(kind=CALLED, key=str(row.pk), recipients=others, subject=str(row.pk))


def arrived(payload: dict[str, Any]) -> None:
    """Alert the supervisors while something waits: once for as long as it does, and for each call for help."""
    waiting = Quarantined.objects.waiting().filter(agency=payload["agency"])
    cry = payload.get("item")
    first = (waiting.filter(pk=cry) if cry else waiting).order_by("id").first()
    if first is None:
        return
    people = concerned.who_may(Permission.FIELD_SUPERVISE, [first.agency_id], timezone.now())
    key, urgency = (f"cry:{first.pk}", Urgency.IMMEDIATE) if cry else (str(first.pk), None)
    raising.raise_alert(kind=ARRIVED, key=key, recipients=people, subject=str(first.agency_id), urgency=urgency)
