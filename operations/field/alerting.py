"""Alerts from the field: something waits in quarantine."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from operations.field.models import Quarantined
from operations.field.quarantine import ARRIVED
from portal.outbox import handlers


def register() -> None:
    """Tell the kind, and the outbox who handles its cause."""
    kinds.register(
        kinds.AlertKind(
            ARRIVED,
            "In quarantine",
            "shield-exclamation",
            Urgency.EXPECTED,
            False,
            _arrived,
            _quarantine,
            # The recipients are of the agency that it is about, and asked for again when it is sent.
            standalone=True,
            family=Family.PATROL,
        )
    )
    handlers.register(ARRIVED, arrived)


def _quarantine(alert: Any) -> str:
    return reverse("field:quarantine-list")


def _arrived(alert: Any) -> str:
    if alert.urgency == Urgency.IMMEDIATE:
        return "Somebody without an appointment calls for help: it is in quarantine"
    return "Something came in from the field that nobody with a right to it sent"


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
