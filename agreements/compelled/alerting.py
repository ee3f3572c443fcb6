"""The alert to the originator that a partner must disclose its record: the author, else whoever may release it (R25)."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Urgency
from agreements.alerts.models import Alert
from agreements.compelled.actions import RECORDED
from agreements.compelled.models import CompelledDisclosure
from agreements.sharing.models import Record
from portal import second_lock
from portal.outbox import handlers


def register() -> None:
    """Tell the kind, and the outbox who handles its cause."""
    kinds.register(
        kinds.AlertKind(RECORDED, "Compelled disclosure", "bank", Urgency.IMMEDIATE, mandatory=True, line=_line)
    )
    handlers.register(RECORDED, recorded)


def _line(alert: Alert) -> str:
    assert alert.record is not None
    return f"A partner is compelled to disclose “{alert.record.title}”: read by whom, and until when, on its page"


@second_lock.opened("finding those concerned")
def recorded(payload: dict[str, Any]) -> None:
    row = CompelledDisclosure.objects.filter(pk=payload["compelled"], telling_forbidden=False)
    found = row.select_related("record__owner", "record__author__officer", "record__author__agency__country").first()
    if found is None:
        return
    people = _originators(found.record, timezone.now())
    raising.raise_alert(kind=RECORDED, key=str(found.pk), recipients=people, record=found.record)


def _originators(record: Record, at: datetime) -> list[Appointment]:
    author = record.author
    if author.is_in_effect(at) and author.agency_id == record.owner_id and author.may(Permission.COMPELLED_RECORD):
        seeing = concerned.who_see(record, [author], at)
        if seeing:
            return seeing
    return concerned.who_see(record, concerned.who_may(Permission.RECORD_RELEASE, [record.owner_id], at), at)
