"""Recall (R16): one alert for each officer who opened a record, and for each thing that became of it since.

The alert is readable although the record is hidden by now; whom it reaches was settled by the act (sharing.recalls).
"""

import uuid
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from agreements.alerts import concerned, raising
from agreements.alerts.choices import Family, Severity, Urgency
from agreements.alerts.kinds import AlertKind
from agreements.alerts.kinds import register as register_kind
from agreements.alerts.models import Alert, Recall
from agreements.sharing import causes, kinds
from agreements.sharing.choices import Recalled
from agreements.sharing.models import Record
from portal import second_lock
from portal.outbox import handlers

RECALL = "sharing.recall"
# What is withdrawn or closed must not be used any more; what is corrected is to be read again.
URGENCY = {Recalled.CORRECTED: Urgency.EXPECTED}
WORDS = {
    Recalled.WITHDRAWN: "it was withdrawn",
    Recalled.RECLASSIFIED: "it was marked anew and is closed to you",
    Recalled.CORRECTED: "it was changed since, read it again if you still see it",
}


def _line(alert: Alert) -> str:
    recall = alert.recall
    local = recall.opened_at.astimezone(alert.appointment.agency.zone)
    what = f"{kinds.get(recall.kind).label.lower()} {recall.reference} of {recall.owner.short}"
    opened = f"{local.day} {local:%B %Y, %H:%M} ({alert.appointment.agency.time_zone})"
    desk = (
        f" Questions: duty desk of {recall.owner.short}, {recall.owner.desk_phone}." if recall.owner.desk_phone else ""
    )
    return f"Stop using {what}, which you opened on {opened}: {WORDS[Recalled(recall.what)]}.{desk}"


def _page(alert: Alert) -> str:
    return reverse("alerts:recall-detail", args=[alert.pk])


def register() -> None:
    """Tell the kind, and the outbox who handles its cause."""
    kind = AlertKind(
        RECALL,
        "Recall",
        "slash-circle",
        Urgency.IMMEDIATE,
        mandatory=True,
        line=_line,
        url=_page,
        standalone=True,
        family=Family.RECALL,
        severity=Severity.MODERATE,
    )
    register_kind(kind)
    handlers.register(causes.RECALLED, recalled)


@second_lock.opened("telling those who opened it")
def recalled(payload: dict[str, Any]) -> None:
    """Alert those who opened it, by the appointment under which they did, if that is still in effect."""
    record = Record.objects.select_related("owner").filter(pk=payload["record"]).first()
    if record is None:
        return
    opened = {uuid.UUID(key): datetime.fromisoformat(at) for key, at in payload["opened"].items()}
    what, key = Recalled(payload["what"]), payload["key"]
    people = concerned.in_effect(timezone.now(), pk__in=list(opened))
    raising.raise_alert(kind=RECALL, key=key, recipients=people, urgency=URGENCY.get(what))
    alerts = Alert.objects.filter(kind=RECALL, key=key, appointment__in=people, recall=None)
    rows = [
        Recall(
            alert=alert,
            record=record,
            reference=record.reference,
            kind=record.kind,
            owner=record.owner,
            what=what,
            at=datetime.fromisoformat(payload["at"]),
            opened_at=opened[alert.appointment_id],
        )
        for alert in alerts
    ]
    Recall.objects.bulk_create(rows, ignore_conflicts=True)
