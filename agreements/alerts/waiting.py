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
# Sweeps go to whichever worker is free, so that one may be passed over for a while.
WORKER_PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class SetAside:
    """A message that was given up: its key, kind, attempts and the kind of its last error, never the error's words."""

    message: Message

    @property
    def error(self) -> str:
        return self.message.last_error.partition(":")[0]


@dataclass(frozen=True)
class Worker:
    """A process that took sweeps: its name, when it last did, and whether that is just now."""

    name: str
    at: datetime
    is_fresh: bool


@dataclass(frozen=True)
class Surroundings:
    """Whether what the portal leans on answers. `mail` is None where mail goes into files."""

    broker: bool
    nudges: int | None
    mail: bool | None


def surroundings() -> Surroundings:
    """Ask the broker and the mail server: takes seconds when they do not answer."""
    broker = health.broker_answers()
    return Surroundings(broker, health.nudges_waiting() if broker else None, health.mail_answers())


@dataclass(frozen=True)
class Queue:
    """Messages of one kind that wait, were tried, are due, and were given up."""

    kind: str
    count: int
    tried: int
    oldest: timedelta | None
    set_aside: int


@dataclass(frozen=True)
class Health:
    sentence: str
    waiting: int
    failing: int
    oldest: timedelta | None
    overdue_reminders: int
    armed_reminders: int
    kinds: list[Queue]
    heartbeats: list[Heartbeat]
    workers: list[Worker]
    runs: bool
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
    beats = list(Heartbeat.objects.order_by("pk"))
    return Health(
        sentence=health.delayed(at),
        waiting=totals["count"],
        failing=totals["failing"],
        oldest=at - totals["oldest"] if totals["oldest"] else None,
        overdue_reminders=armed["overdue"],
        armed_reminders=armed["count"],
        kinds=_queues(at),
        heartbeats=[row for row in beats if not row.name.startswith(health.WORKER)],
        workers=[
            Worker(row.name.removeprefix(health.WORKER), row.at, at - row.at <= WORKER_PATIENCE)
            for row in beats
            if row.name.startswith(health.WORKER)
        ],
        runs=any(row.name == "outbox.sweep" and at - row.at <= health.PATIENCE for row in beats),
        deliveries=outlets.counts(),
        set_aside_count=set_aside.count(),
        set_aside=[SetAside(row) for row in set_aside.order_by(F("set_aside_at").desc(), "-pk")[:MOST_SHOWN]],
        second_lock=second_lock.in_force(connection),
    )


def _queues(at: datetime) -> list[Queue]:
    """By kind, the longest waiting first."""
    waiting = Q(set_aside_at=None)
    rows = (
        Message.objects.filter(done_at=None)
        .order_by()
        .values("kind")
        .annotate(
            count=Count("pk", filter=waiting),
            tried=Count("pk", filter=waiting & Q(attempts__gt=0)),
            first=Min("due_at", filter=waiting & Q(due_at__lte=at)),
            given_up=Count("pk", filter=~waiting),
        )
    )
    found = [
        Queue(row["kind"], row["count"], row["tried"], at - row["first"] if row["first"] else None, row["given_up"])
        for row in rows
    ]
    return sorted(found, key=lambda row: (-(row.oldest or timedelta()), row.kind))
