"""The alert to the originator that a partner must disclose its record: the author, else whoever may release it (R25)."""

from typing import Any

from django.utils import timezone

from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.alerts.models import Alert
from agreements.compelled.actions import RECORDED
from agreements.compelled.models import CompelledDisclosure
from portal import second_lock
from portal.outbox import handlers


def register() -> None:
    """Tell the kind, and the outbox who handles its cause."""
    kinds.register(
        kinds.AlertKind(
            RECORDED,
            "Compelled disclosure",
            "bank",
            Urgency.IMMEDIATE,
            mandatory=True,
            line=_line,
            family=Family.SHARED,
        )
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
    people = concerned.for_owner(found.record, Permission.RECORD_RELEASE, timezone.now())
    raising.raise_alert(kind=RECORDED, key=str(found.pk), recipients=people, record=found.record)
