"""Nudges to the worker, on commit. They may get lost: the sweep finds what they would have said."""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from django.db import transaction
from kombu.exceptions import KombuError, OperationalError
from redis.exceptions import RedisError

from portal.celery import app

logger = logging.getLogger(__name__)

# Seconds without nudges after one failed: a dead broker is not asked for every message.
QUIET_SECONDS = 10.0
# Seconds after which a nudge nobody took is dropped: the sweep has been there meanwhile.
EXPIRES = 60.0
LONGEST_QUEUE = 1000


class Breaker:
    """Stops trying for a while after a failure. One per process."""

    def __init__(self, quiet_seconds: float = QUIET_SECONDS) -> None:
        self.quiet_seconds = quiet_seconds
        self._until = 0.0

    def is_open(self) -> bool:
        """Whether trying is pointless now."""
        return time.monotonic() < self._until

    def trip(self) -> None:
        self._until = time.monotonic() + self.quiet_seconds

    def reset(self) -> None:
        self._until = 0.0


class Messenger:
    """Carries what `deliver` sends to the broker in a thread of its own: one that hangs must not hold up a page.

    A forked child has no such thread, and perhaps a lock that nobody will release: it begins anew.
    """

    def __init__(self, deliver: Callable[[str], object], name: str) -> None:
        self.deliver, self.name = deliver, name
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._queue: queue.Queue[str] = queue.Queue(LONGEST_QUEUE)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def carry(self, what: str) -> None:
        """Take it and return at once. Dropped when too many wait already."""
        try:
            self._queue.put_nowait(what)
        except queue.Full:
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Until everything taken so far has been tried."""
        self._queue.join()

    def _run(self) -> None:
        while True:
            what = self._queue.get()
            try:
                self.deliver(what)
            finally:
                self._queue.task_done()


breaker = Breaker()


def nudge_on_commit(pk: object) -> None:
    """Tell the worker about message `pk` once the caller's transaction is committed. Never raises."""
    transaction.on_commit(partial(_carry, str(pk)), robust=True)


def nudge_all_on_commit(pks: Sequence[object]) -> None:
    """The same for many: as many as the queue holds, of the rest the sweep takes care."""
    if pks:
        transaction.on_commit(partial(_carry_all, [str(pk) for pk in pks[:LONGEST_QUEUE]]), robust=True)


def _carry_all(pks: Sequence[str]) -> None:
    for pk in pks:
        _carry(pk)


def _carry(pk: str) -> None:
    if not breaker.is_open():
        messenger.carry(pk)


def nudge(pk: str) -> bool:
    """Send the nudge now; False when the broker did not take it. May take seconds when the broker hangs."""
    try:
        app.send_task("outbox.dispatch", args=[pk], retry=False, expires=EXPIRES, ignore_result=True)
    except (OperationalError, KombuError, RedisError, OSError) as error:
        breaker.trip()
        logger.warning("The broker does not answer (%s); messages wait for the sweep.", type(error).__name__)
        return False
    return True


def _unless_broken(pk: str) -> None:
    if not breaker.is_open():
        nudge(pk)


messenger = Messenger(_unless_broken, "nudges")
