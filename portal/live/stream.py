"""The stream itself: server-sent events (HTML Living Standard §9.2), served as ASGI beside Django.

It holds neither thread nor connection to the database: its ticket was judged when it was issued, and what it says is
one word. Whoever hears it asks again, and is judged again.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from portal.live import tickets
from portal.live.hub import Hub

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Seconds between signs of life, and until the stream ends and a new ticket is asked for.
BEAT = 20.0
LONGEST = 300.0
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


class Stream:
    """The ASGI application. `beat` and `longest` are seconds."""

    def __init__(self, hub: Hub, beat: float = BEAT, longest: float = LONGEST) -> None:
        self.hub, self.beat, self.longest = hub, beat, longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ticket = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("ticket", [""])[0]
        topics = tickets.read(ticket)
        if scope["method"] != "GET":
            await _refuse(send, 405)
        elif not topics:
            await _refuse(send, 403)
        elif self.hub.is_full or self.hub.closing:
            await _refuse(send, 503)
        else:
            await self._run(topics, receive, send)

    async def _run(self, topics: list[str], receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.longest
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await _say(send, ": open\n\n")
        gone = loop.create_task(_disconnected(receive))
        try:
            with self.hub.listening(topics) as listener:
                while not gone.done() and loop.time() < until:
                    words = loop.create_task(listener.words(min(self.beat, until - loop.time())))
                    await asyncio.wait({gone, words}, return_when=asyncio.FIRST_COMPLETED)
                    if gone.done() or self.hub.closing:
                        words.cancel()
                        break
                    await _say(send, "".join(f"data: {word}\n\n" for word in words.result()) or ": still here\n\n")
        finally:
            gone.cancel()
        with contextlib.suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
