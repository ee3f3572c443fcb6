"""Reminders and deadlines: rows with an instant, turned into messages by the sweep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from portal import clocks
from portal.outbox.models import Due, Message

BATCH = 500


@transaction.atomic
def schedule(
    *,
    kind: str,
    key: str,
    fire_at: datetime,
    payload: dict[str, Any],
    zone: str = "UTC",
    local_rule: str = "",
) -> None:
    """Arm `key` for `fire_at`, or move it there. Moving re-arms; the same instant again does not fire twice.

    `zone` and `local_rule` keep what the instant was derived from. A rule that `clocks.rule` wrote moves the row when
    the law of the zone changes (`rework`); words only explain it.
    """
    facts = {"kind": kind, "payload": payload, "zone": zone, "local_rule": local_rule}
    Due.objects.bulk_create([Due(key=key, fire_at=fire_at, **facts)], ignore_conflicts=True)
    unmoved = Q(fire_at=fire_at)
    Due.objects.filter(key=key).update(
        **facts,
        fire_at=fire_at,
        fired_at=Case(When(unmoved, then=F("fired_at")), default=Value(None)),
        cancelled_at=None,
    )


@transaction.atomic
def schedule_many(*, kind: str, rows: Sequence[tuple[str, datetime, dict[str, Any]]], zone: str = "UTC") -> None:
    """As `schedule`, for many keys at once, each with its instant and payload: constant many statements."""
    Due.objects.bulk_create(
        [Due(kind=kind, key=key, fire_at=fire_at, payload=payload, zone=zone) for key, fire_at, payload in rows],
        ignore_conflicts=True,
    )
    given = {key: (fire_at, payload) for key, fire_at, payload in rows}
    moved = [
        row
        for row in Due.objects.select_for_update().filter(key__in=list(given)).order_by("key")
        if row.fire_at != given[row.key][0] or row.cancelled_at is not None
    ]
    for row in moved:
        if row.fire_at != given[row.key][0]:
            row.fired_at = None
        row.fire_at, row.payload = given[row.key]
        row.kind, row.zone, row.local_rule, row.cancelled_at = kind, zone, "", None
    Due.objects.bulk_update(moved, ["kind", "fire_at", "payload", "zone", "local_rule", "fired_at", "cancelled_at"])


def cancel(*, key_prefix: str) -> int:
    """Disarm everything whose key starts with `key_prefix` and has not fired; how many that were."""
    armed = Due.objects.filter(key__startswith=key_prefix, fired_at__isnull=True, cancelled_at__isnull=True)
    return armed.update(cancelled_at=timezone.now())


@transaction.atomic
def fire(at: datetime) -> int:
    """Turn what is due at `at` into messages, one per key and instant; how many that were."""
    rows = list(
        Due.objects.select_for_update(skip_locked=True)
        .filter(fired_at__isnull=True, cancelled_at__isnull=True, fire_at__lte=at)
        .order_by("fire_at", "pk")[:BATCH]
    )
    messages = [
        Message(
            kind=row.kind,
            key=f"due:{row.key}:{row.fire_at.isoformat()}",
            payload=row.payload,
            created_at=at,
            due_at=at,
        )
        for row in rows
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    # No nudges: the sweep that fires them goes on to handle them.
    Due.objects.filter(pk__in=[row.pk for row in rows]).update(fired_at=at)
    return len(rows)


def rework() -> int:
    """Move what is armed to where its local rule lies by today's law of its zone; how many rows that moved.

    Run every ten minutes: new time-zone data may have come with the system meanwhile.
    """
    ZoneInfo.clear_cache()
    moved = 0
    armed = Due.objects.filter(fired_at__isnull=True, cancelled_at__isnull=True).exclude(local_rule="")
    for pk, zone, rule, fire_at in armed.values_list("pk", "zone", "local_rule", "fire_at").iterator():
        at = clocks.read(rule, zone)
        if at is not None and at != fire_at:
            # Unless it fired or was moved since it was read.
            moved += Due.objects.filter(
                pk=pk, fire_at=fire_at, local_rule=rule, fired_at__isnull=True, cancelled_at__isnull=True
            ).update(fire_at=at)
    return moved
