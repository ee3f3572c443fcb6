"""One ear on Redis for each process, and the streams that it tells."""

import asyncio
import contextlib
import json
import logging
import signal
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from portal.live.telling import channel

logger = logging.getLogger(__name__)

# Seconds until Redis is tried again.
AGAIN = 2.0
# Streams of one process; who comes later asks by itself.
MOST = 5000
# Something may have been missed: ask for everything.
ANYTHING = "anything"


class Listener:
    """What one stream has yet to pass on: each word once, however often it came."""

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = frozenset(topics)
        self._words: set[str] = set()
        self._came = asyncio.Event()

    def hear(self, word: str) -> None:
        self._words.add(word)
        self._came.set()

    async def words(self, seconds: float) -> list[str]:
        """The words that came, at the latest after so many seconds; perhaps none."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._came.wait(), seconds)
        found, self._words = sorted(self._words), set()
        self._came.clear()
        return found


class Hub:
    """Passes what is said in Redis on to the streams that listen to it. Belongs to one event loop."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.closing = False
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._count = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        return self._count >= MOST

    @contextlib.contextmanager
    def listening(self, topics: Iterable[str]) -> Iterator[Listener]:
        """A listener for as long as the stream is open."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._listen())
            self._end_with_the_server()
        listener = Listener(topics)
        self._count += 1
        for topic in listener.topics:
            self._listeners[topic].add(listener)
        try:
            yield listener
        finally:
            self._count -= 1
            for topic in listener.topics:
                self._listeners[topic].discard(listener)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def pass_on(self, message: str | bytes) -> None:
        """Tell the listeners of a message's topics its word. What is not such a message is left out."""
        try:
            told: dict[str, Any] = json.loads(message)
            word, topics = str(told["word"]), [str(topic) for topic in told["topics"]]
        except (ValueError, KeyError, TypeError):
            return
        for topic in topics:
            for listener in self._listeners.get(topic, ()):
                listener.hear(word)

    def tell_all(self, word: str) -> None:
        for listener in {one for several in self._listeners.values() for one in several}:
            listener.hear(word)

    def close(self) -> None:
        """The server stops: every stream ends, so that it need not wait for one."""
        self.closing = True
        self.tell_all(ANYTHING)

    async def _listen(self) -> None:
        missed = False
        while not self.closing:
            try:
                async with Redis.from_url(self.url) as redis, redis.pubsub() as ear:
                    await ear.subscribe(channel())
                    if missed:
                        self.tell_all(ANYTHING)
                    async for message in ear.listen():
                        if message["type"] == "message":
                            self.pass_on(message["data"])
            except (RedisError, OSError) as error:
                missed = True
                logger.warning("The broker does not answer (%s); open pages ask by themselves.", type(error).__name__)
                await asyncio.sleep(AGAIN)

    def _end_with_the_server(self) -> None:
        """uvicorn waits for open answers before it stops, and a stream never ends by itself."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)
            if not callable(before):
                continue

            def stop(received: int, frame: Any, before: Any = before) -> None:
                loop.call_soon_threadsafe(self.close)
                before(received, frame)

            # Only the main thread may; a server elsewhere has its own way to end.
            with contextlib.suppress(ValueError):
                signal.signal(number, stop)
