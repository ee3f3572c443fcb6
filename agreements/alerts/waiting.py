"""How alerts go out, in numbers and keys: for a system admin, who sees no content."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, F, Min, Q

from agreements.alerts import outlets
from portal import second_lock
from portal.outbox import health
from portal.outbox.models import Due, Heartbeat, Message

MOST_SHOWN = 50


@dataclass(frozen=True)
class SetAside:
    """A message that was given up: its key, kind, attempts and the kind of its last error, never the error's words."""

    message: Message

    @property
    def error(self) -> str:
        return self.message.last_error.partition(":")[0]


@dataclass(frozen=True)
class Health:
    sentence: str
    waiting: int
    failing: int
    oldest: timedelta | None
    overdue_reminders: int
    armed_reminders: int
    kinds: list[dict[str, object]]
    heartbeats: list[Heartbeat]
    deliveries: dict[str, int]
    set_aside_count: int
    set_aside: list[SetAside]
    second_lock: bool


def health_at(at: datetime) -> Health:
    """Queue ages, heartbeats, deliveries by state, and what was set aside."""
    waiting = Message.objects.waiting()
    totals = waiting.aggregate(
        count=Count("pk"), failing=Count("pk", filter=Q(attempts__gt=0)), oldest=Min("due_at", filter=Q(due_at__lte=at))
    )
    armed = Due.objects.filter(fired_at=None, cancelled_at=None).aggregate(
        count=Count("pk"), overdue=Count("pk", filter=Q(fire_at__lte=at))
    )
    set_aside = Message.objects.set_aside()
    return Health(
        sentence=health.delayed(at),
        waiting=totals["count"],
        failing=totals["failing"],
        oldest=at - totals["oldest"] if totals["oldest"] else None,
        overdue_reminders=armed["overdue"],
        armed_reminders=armed["count"],
        kinds=list(
            waiting.order_by()
            .values("kind")
            .annotate(count=Count("pk"), tried=Count("pk", filter=Q(attempts__gt=0)))
            .order_by("kind")
        ),
        heartbeats=list(Heartbeat.objects.order_by("name")),
        deliveries=outlets.counts(),
        set_aside_count=set_aside.count(),
        set_aside=[SetAside(row) for row in set_aside.order_by(F("set_aside_at").desc())[:MOST_SHOWN]],
        second_lock=second_lock.in_force(connection),
    )
