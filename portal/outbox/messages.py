"""Write a message in the transaction of its cause; handle it; put it back or aside when that fails."""

import logging
import random
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal import second_lock
from portal.outbox import handlers
from portal.outbox.models import Message
from portal.outbox.nudges import nudge_all_on_commit, nudge_on_commit

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
# Seconds before the second attempt; three times as long each time, so that the eighth comes an hour and a
# half after the first: a mail server may be away that long before anything is set aside.
FIRST_DELAY = 5.0
GROWTH = 3
LONGEST_ERROR = 500


def emit(*, kind: str, key: str, payload: dict[str, Any], due_at: datetime | None = None) -> None:
    """Queue one message in the caller's transaction. A second one with the same `key` is dropped.

    `payload` holds primary keys, never content. With `due_at` in the future the message waits for the sweep.
    Never fails for a broker that is down.
    """
    now = timezone.now()
    message = Message(kind=kind, key=key, payload=payload, created_at=now, due_at=due_at or now)
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if message.due_at <= now:
        nudge_on_commit(message.pk)


def emit_many(*, kind: str, rows: Iterable[tuple[str, dict[str, Any], datetime | None]]) -> None:
    """As `emit`, for many at once in one statement: each with its key, payload and the instant from which on it is due."""
    now = timezone.now()
    messages = [
        Message(kind=kind, key=key, payload=payload, created_at=now, due_at=due_at or now)
        for key, payload, due_at in rows
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    nudge_all_on_commit([message.pk for message in messages if message.due_at <= now])


def dispatch(pk: uuid.UUID | str) -> bool:
    """Handle one message if it is due, waiting, and not in another worker's hands. True when it is done.

    The row stays locked while its handler runs in a savepoint; effect and `done_at` commit together, so a
    worker killed half-way leaves neither.
    """
    with transaction.atomic():
        message = (
            Message.objects.due(timezone.now()).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
        )
        if message is None:
            return False
        try:
            with second_lock.closed(), transaction.atomic():
                handlers.handle(message.kind, message.payload)
        except Exception as error:
            _put_back(message, error)
            return False
        message.done_at = timezone.now()
        message.save(update_fields=["done_at"])
        return True


def _put_back(message: Message, error: Exception) -> None:
    """Count the failed attempt; later again, or set aside when it was the last."""
    now = timezone.now()
    message.attempts += 1
    message.last_error = f"{type(error).__name__}: {error}"[:LONGEST_ERROR].replace("\x00", "")
    if message.attempts >= MAX_ATTEMPTS:
        message.set_aside_at = now
        logger.error("Message %s (%s) set aside after %d attempts.", message.pk, message.kind, message.attempts)
    else:
        delay = FIRST_DELAY * GROWTH ** (message.attempts - 1)
        # A little spread, so that what failed together does not come back together.
        message.due_at = now + timedelta(seconds=delay * random.uniform(0.9, 1.1))  # noqa: S311
        logger.warning("Message %s (%s) failed: %s", message.pk, message.kind, type(error).__name__)
    message.save(update_fields=["attempts", "last_error", "due_at", "set_aside_at"])


def retry(pk: uuid.UUID | str) -> None:
    """Bring a message that was set aside back, with all its attempts."""
    Message.objects.set_aside().filter(pk=pk).update(
        set_aside_at=None, attempts=0, due_at=timezone.now(), last_error=""
    )
    nudge_on_commit(pk)
