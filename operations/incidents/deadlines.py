"""The 24 hours of a first report: armed in the due table while it is a draft, disarmed when it is reported."""

from datetime import UTC, timedelta

from django.utils import timezone

from operations.incidents.choices import WARNINGS
from operations.incidents.models import IncidentReport
from portal.outbox import due

DUE = "incidents.due"


def arm(row: IncidentReport) -> None:
    """Arm the warnings that still lie ahead, and the end; what was armed before and no longer fits is disarmed."""
    disarm(row)
    end = row.due_at
    if end is None:
        return
    end = end.astimezone(UTC)
    for lead in (*WARNINGS, timedelta(0)):
        if end - lead > timezone.now():
            minutes = int(lead.total_seconds() // 60)
            due.schedule(
                kind=DUE,
                key=f"{_prefix(row)}{minutes}",
                fire_at=end - lead,
                payload={"incident": str(row.pk), "minutes": minutes, "due_at": end.isoformat()},
            )


def disarm(row: IncidentReport) -> int:
    return due.cancel(key_prefix=_prefix(row))


def _prefix(row: IncidentReport) -> str:
    return f"incident:{row.pk}:"
