"""Tell open pages, on commit, that something changed. It may get lost: pages ask by themselves too, only later."""

import json
import logging
from collections.abc import Iterable
from functools import lru_cache, partial

from django.conf import settings
from django.db import connections, transaction
from redis import Redis
from redis.exceptions import RedisError

from portal.live import topics
from portal.outbox.nudges import Breaker, Messenger

logger = logging.getLogger(__name__)

# Topics of one word that travel together.
TOGETHER = 1000
# Seconds that the thread which carries them waits for Redis. No page waits for it.
TIMEOUT = 2.0
RIGHTS = "rights"
# Beginnings of verbs of the ledger, as rooms have told them.
_NARROWING: set[str] = set()

breaker = Breaker()


def channel() -> str:
    """The name in Redis: of this installation alone, also where several share one Redis."""
    return f"entente.live.{connections.settings['default']['NAME']}"


def tell(word: str, whom: Iterable[str]) -> None:
    """Say `word` to the open pages that listen to one of these topics, once the caller's transaction is committed.

    Never raises for a broker that is down, and never waits for it.
    """
    if names := list(whom):
        transaction.on_commit(partial(_carry, word, names), robust=True)


def narrowed_by(*verbs: str) -> None:
    """Actions whose verb begins so may leave an open page with what it may no longer show. What ends by its date alone
    is found by asking."""
    _NARROWING.update(verbs)


def tell_of_rights(verb: str) -> None:
    """After an action that may narrow what somebody sees: each open page asks whether it may still show what it shows."""
    if verb.startswith(tuple(_NARROWING)):
        tell(RIGHTS, [topics.ALL])


def _carry(word: str, names: list[str]) -> None:
    for first in range(0, len(names), TOGETHER):
        messenger.carry(json.dumps({"word": word, "topics": names[first : first + TOGETHER]}))


@lru_cache
def _redis() -> Redis:
    return Redis.from_url(settings.REDIS_CLIENT_URL, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)


def publish(message: str) -> None:
    """Send it now; nothing is tried again."""
    if breaker.is_open():
        return
    try:
        _redis().publish(channel(), message)
    except (RedisError, OSError) as error:
        breaker.trip()
        logger.warning("The broker does not answer (%s); open pages learn of changes later.", type(error).__name__)


messenger = Messenger(publish, "live")
