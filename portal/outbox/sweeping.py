"""What beat starts every few seconds: fire what is due, handle what nobody was nudged for."""

import random
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from portal.outbox import clock, due, handlers, health
from portal.outbox.messages import dispatch, dispatch_many
from portal.outbox.models import Message

# Seconds one sweep may take before it leaves the rest to the next, and of these the most that one kind may take
# while others wait: a mail server that hangs holds up mail, and nothing else.
BUDGET = 10.0
SHARE = BUDGET / 2
# Messages of each kind that a round looks at, and how many of them are asked for or handled together.
BATCH = 1000
SLICE = 50
SLICE_OF_MANY = 200

Slice = tuple[str, list[uuid.UUID]]


def sweep(worker: str = "") -> int:
    """Rounds until nothing is due or the time is up; how many messages that brought to their end.

    `worker` is the name of the worker that runs it, for the page of health.

    Sweeps may overlap, in one worker or in several: rows in other hands are skipped, and each begins elsewhere.
    """
    health.beat("outbox.sweep", *([health.WORKER + worker] if worker else []))
    started = time.monotonic()
    while due.fire(clock.now()) == due.BATCH and time.monotonic() - started < BUDGET:
        pass
    total = 0
    while time.monotonic() - started < BUDGET:
        done = _round(started)
        total += done
        if not done:
            break
    return total


def _round(started: float) -> int:
    done, spent = 0, defaultdict[str, float](float)
    for kind, keys in _slices():
        begin = time.monotonic()
        if begin - started > BUDGET:
            break
        if spent[kind] > SHARE:
            continue
        done += dispatch_many(kind, keys) if handlers.takes_many(kind) else _one_by_one(keys, started)
        spent[kind] += time.monotonic() - begin
    return done


def _one_by_one(keys: Sequence[uuid.UUID], started: float) -> int:
    """Those of them that nobody else has handled meanwhile."""
    done, begin = 0, time.monotonic()
    for pk in Message.objects.waiting().filter(pk__in=keys).order_by("due_at", "pk").values_list("pk", flat=True):
        done += dispatch(pk)
        now = time.monotonic()
        if now - started > BUDGET or now - begin > SHARE:
            break
    return done


def _slices() -> Iterator[Slice]:
    """What is due, in slices: of each kind its oldest, in turns, so that no kind waits for another."""
    place = Window(RowNumber(), partition_by="kind", order_by=F("due_at").asc())
    rows = Message.objects.due(clock.now()).annotate(place=place).filter(place__lte=BATCH)
    found: dict[str, list[uuid.UUID]] = defaultdict(list)
    for kind, pk in rows.values_list("kind", "pk"):
        found[kind].append(pk)
    for turn in zip_longest(*(_cut(kind, keys) for kind, keys in found.items())):
        yield from (part for part in turn if part is not None)


def _cut(kind: str, keys: list[uuid.UUID]) -> list[Slice]:
    size = SLICE_OF_MANY if handlers.takes_many(kind) else SLICE
    parts = [(kind, keys[first : first + size]) for first in range(0, len(keys), size)]
    turned = random.randrange(len(parts))  # noqa: S311
    return parts[turned:] + parts[:turned]
