"""Arm and disarm the reminders of action items: rows in the due table, by the clock of the item's zone."""

from datetime import date, timedelta

from django.utils import timezone

from operations.minutes import days
from operations.minutes.models import ActionItem
from portal.outbox import due

REMIND = "minutes.remind"
SOON, OVERDUE = "soon", "overdue"
# Days before the last day, and on how many days after it; at this hour of the item's clock.
BEFORE, AFTER, HOUR = (3,), (1, 8, 15), 8


def arm(item: ActionItem) -> None:
    """Arm what still lies ahead; what was armed before is disarmed."""
    disarm(item)
    now = timezone.now()
    for offset, what in _offsets():
        day = item.due_on + timedelta(days=offset)
        fire_at = days.at_hour(day, HOUR, item.zone)
        if fire_at > now:
            _schedule(item, what, day, offset)


def _offsets() -> list[tuple[int, str]]:
    return [*((-lead, SOON) for lead in BEFORE), *((lag, OVERDUE) for lag in AFTER)]


def _schedule(item: ActionItem, what: str, day: date, offset: int) -> None:
    due.schedule(
        kind=REMIND,
        key=f"{_prefix(item)}{offset}",
        fire_at=days.at_hour(day, HOUR, item.zone),
        payload={"action": str(item.pk), "what": what, "due_on": item.due_on.isoformat(), "offset": offset},
        zone=item.zone,
        local_rule=f"{day.isoformat()}T{HOUR:02}:00",
    )


def disarm(item: ActionItem) -> None:
    due.cancel(key_prefix=_prefix(item))


def _prefix(item: ActionItem) -> str:
    return f"{REMIND}:{item.pk}:"
