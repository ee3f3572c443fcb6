"""Dispatchers that are wrong, each in one way: what the storm must find out. Workers take one by ENTENTE_BREAK.

They stand in for `portal.outbox.messages.dispatch` in the worker's process, and for the sweep where that is broken.
"""

import time
from collections.abc import Callable

from django.db import transaction
from django.db.models.functions import Now

from portal import second_lock
from portal.outbox import handlers, health, messages, sweeping
from portal.outbox.models import Message
from tests.portal.outbox import effects


def forgets(pk: object) -> bool:
    """Says that it is done, then does it: what is killed in between is lost."""
    if not Message.objects.due(Now()).filter(pk=pk).update(done_at=Now()):
        return False
    _handle(Message.objects.get(pk=pk))
    return True


def repeats(pk: object) -> bool:
    """Does it, and says so in another transaction: what is killed in between is done again."""
    with transaction.atomic():
        row = Message.objects.due(Now()).select_for_update(skip_locked=True).filter(pk=pk).first()
        if row is None:
            return False
        _handle(row)
    time.sleep(effects.SLOW)
    Message.objects.filter(pk=pk).update(done_at=Now())
    return True


def shares(pk: object) -> bool:
    """Holds no lock while it works: two workers do the same."""
    row = Message.objects.due(Now()).filter(pk=pk).first()
    if row is None:
        return False
    with transaction.atomic():
        _handle(row)
        Message.objects.filter(pk=pk).update(done_at=Now())
    return True


def trusts(worker: str = "") -> int:
    """A sweep that leaves everything to the nudges: what Redis loses is never done."""
    health.beat("outbox.sweep", *([health.WORKER + worker] if worker else []))
    return 0


def _handle(row: Message) -> None:
    with second_lock.closed(), transaction.atomic():
        handlers.handle(row.kind, row.payload)


DISPATCHERS: dict[str, Callable[[object], bool]] = {"forgets": forgets, "repeats": repeats, "shares": shares}
SWEEPS: dict[str, Callable[[str], int]] = {"trusts": trusts}
WAYS = [*DISPATCHERS, *SWEEPS]


def take(way: str) -> None:
    if way in DISPATCHERS:
        messages.dispatch = sweeping.dispatch = DISPATCHERS[way]  # type: ignore[assignment, attr-defined]
    else:
        sweeping.sweep = SWEEPS[way]  # type: ignore[assignment]
