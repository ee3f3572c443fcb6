"""Alerts of hits: the owner learns at once, and decides whether to release (R19)."""

from typing import Any

from django.utils import timezone

from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.hits.actions import SEARCHED
from agreements.hits.choices import Outcome
from agreements.hits.models import Answer, IndexEntry
from portal import second_lock
from portal.outbox import handlers

# Who is concerned is asked of the policy, officer by officer.
FAN_OUT = "finding those concerned"
HIT = "hits.hit"


def register() -> None:
    """Tell the kind, and the outbox who handles the cause."""
    kinds.register(kinds.AlertKind(HIT, "Hit", "search", Urgency.EXPECTED, False, _line, family=Family.ANSWER_DUE))
    handlers.register(SEARCHED, searched)


def _line(alert: Any) -> str:
    return f"A partner's search hit on “{alert.record.title}”, reference {alert.subject}"


@second_lock.opened(FAN_OUT)
def searched(payload: dict[str, Any]) -> None:
    """Alert the owners of what was hit. A search that hit nothing sends the same message, and it does nothing."""
    at = timezone.now()
    rows = Answer.objects.filter(search=payload["search"], outcome=Outcome.HIT)
    for answer in rows:
        entries = IndexEntry.objects.filter(pk__in=answer.entries).select_related("record__owner", "record__author")
        for record in {entry.record_id: entry.record for entry in entries}.values():
            key = f"{answer.pk}:{record.pk}"
            raising.raise_alert(
                kind=HIT,
                key=key,
                recipients=concerned.for_owner(record, Permission.RECORD_RELEASE, at),
                record=record,
                subject=answer.reference,
            )
