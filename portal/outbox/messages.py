"""Write a message in the transaction of its cause; handle it; put it back or aside when that fails."""

import logging
import random
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from portal import second_lock
from portal.outbox import handlers
from portal.outbox.models import Message
from portal.outbox.nudges import nudge_all_on_commit, nudge_on_commit
from portal.outbox.querysets import MessageQuerySet

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
# Seconds before the second attempt; three times as long each time, so that the eighth comes an hour and a
# half after the first: a mail server may be away that long before anything is set aside.
FIRST_DELAY = 5.0
GROWTH = 3
LONGEST_ERROR = 500
# Rows of one statement.
INSERTED = 1000


def emit(*, kind: str, key: str, payload: dict[str, Any], due_at: datetime | None = None) -> None:
    """Queue one message in the caller's transaction. A second one with the same `key` is dropped.

    `payload` holds primary keys, never content. With `due_at` in the future the message waits for the sweep.
    Never fails for a broker that is down.
    """
    message = Message(kind=kind, key=key, payload=payload, created_at=Now(), due_at=due_at or Now())
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if due_at is None or due_at <= timezone.now():
        nudge_on_commit(message.pk)


def emit_many(*, kind: str, rows: Iterable[tuple[str, dict[str, Any], datetime | None]]) -> None:
    """As `emit`, for many at once in one statement: each with its key, payload and the instant from which on it is due."""
    now = timezone.now()
    messages, due = [], []
    for key, payload, due_at in rows:
        message = Message(kind=kind, key=key, payload=payload, created_at=Now(), due_at=due_at or Now())
        messages.append(message)
        if due_at is None or due_at <= now:
            due.append(message.pk)
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=INSERTED)
    nudge_all_on_commit(due)


def dispatch(pk: uuid.UUID | str) -> bool:
    """Handle one message if it is due, waiting, and not in another worker's hands. True when it is done.

    The row stays locked while its handler runs in a savepoint; effect and `done_at` commit together, so a
    worker killed half-way leaves neither.
    """
    with transaction.atomic():
        message = Message.objects.due(Now()).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
        if message is None:
            return False
        try:
            with second_lock.closed(), transaction.atomic():
                handlers.handle(message.kind, message.payload)
        except Exception as error:
            _put_back(message, error)
            return False
        Message.objects.filter(pk=message.pk).update(done_at=Now())
        return True


def dispatch_many(kind: str, keys: Sequence[uuid.UUID]) -> int:
    """The same for many messages of a kind that takes many, in one transaction; how many are done.

    When they cannot be handled together, each is handled alone: only what is wrong itself is put back.
    """
    try:
        with transaction.atomic():
            rows = list(
                Message.objects.due(Now())
                .select_for_update(skip_locked=True, of=("self",))
                .filter(kind=kind, pk__in=keys)
            )
            if rows:
                with second_lock.closed():
                    handlers.handle_many(kind, [row.payload for row in rows])
                Message.objects.filter(pk__in=[row.pk for row in rows]).update(done_at=Now())
            return len(rows)
    except Exception as error:
        logger.warning("%d messages (%s) are handled one by one: %s", len(keys), kind, type(error).__name__)
    return sum(dispatch(pk) for pk in keys)


def _put_back(message: Message, error: Exception) -> None:
    """Count the failed attempt; later again, or set aside when it was the last."""
    message.attempts += 1
    facts: dict[str, Any] = {
        "attempts": message.attempts,
        "last_error": f"{type(error).__name__}: {error}"[:LONGEST_ERROR].replace("\x00", ""),
    }
    if message.attempts >= MAX_ATTEMPTS:
        facts["set_aside_at"] = Now()
        logger.error("Message %s (%s) set aside after %d attempts.", message.pk, message.kind, message.attempts)
    else:
        delay = FIRST_DELAY * GROWTH ** (message.attempts - 1)
        # A little spread, so that what failed together does not come back together.
        facts["due_at"] = Now() + timedelta(seconds=delay * random.uniform(0.9, 1.1))  # noqa: S311
        logger.warning("Message %s (%s) failed: %s", message.pk, message.kind, type(error).__name__)
    Message.objects.filter(pk=message.pk).update(**facts)


def retry(pk: uuid.UUID | str) -> None:
    """Bring a message that was set aside back, with all its attempts."""
    if _bring_back(Message.objects.filter(pk=pk)):
        nudge_on_commit(pk)


def retry_kind(kind: str) -> int:
    """The same for all of a kind that were set aside; how many. The sweep takes them."""
    return _bring_back(Message.objects.filter(kind=kind))


def _bring_back(rows: MessageQuerySet) -> int:
    return rows.set_aside().update(set_aside_at=None, attempts=0, due_at=Now(), last_error="")
