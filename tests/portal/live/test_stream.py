"""The stream by itself, as a server calls it: its ticket, its words, its ends."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core import signing
from redis.asyncio import Redis

from portal.live import hub, telling, tickets
from portal.live.stream import Stream


class Server:
    """One connection to the stream, as uvicorn holds it."""

    def __init__(self, stream, ticket, method="GET"):
        self.scope = {
            "type": "http",
            "method": method,
            "path": "/live/stream/",
            "query_string": f"ticket={ticket}".encode(),
        }
        self.stream, self.sent, self.left = stream, [], asyncio.Event()
        self.task = asyncio.get_running_loop().create_task(self.stream(self.scope, self.receive, self.send))

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def text(self):
        return b"".join(message.get("body", b"") for message in self.sent).decode()

    async def until(self, condition, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.text
            await asyncio.sleep(0.01)


async def say(word, *topics):
    async with Redis.from_url(settings.REDIS_CLIENT_URL) as redis:
        await redis.publish(telling.channel(), json.dumps({"word": word, "topics": topics}))


async def listening(found):
    """Once the process has its ear on Redis."""
    async with Redis.from_url(settings.REDIS_CLIENT_URL) as redis:
        end = time.monotonic() + 30
        while (await redis.pubsub_numsub(telling.channel()))[0][1] < 1:
            assert time.monotonic() < end
            await asyncio.sleep(0.01)
    return found


def run(work):
    """In a thread of its own: in this one a browser's loop may run."""

    async def timely():
        await asyncio.wait_for(work(), 60)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, timely()).result()


def test_a_word_reaches_who_listens_and_nobody_else():
    async def work():
        stream = Stream(hub.Hub(settings.REDIS_CLIENT_URL))
        mine, other = Server(stream, tickets.issue(["mine"])), Server(stream, tickets.issue(["other"]))
        await listening(mine)
        await say("alerts", "mine", "nobody")
        await mine.until(lambda: "data: alerts\n\n" in mine.text)
        await say("receipts", "other")
        await other.until(lambda: "data: receipts\n\n" in other.text)
        assert "receipts" not in mine.text
        assert "alerts" not in other.text
        assert mine.status == 200
        assert dict(mine.sent[0]["headers"])[b"cache-control"] == b"private, no-store"
        for one in (mine, other):
            one.left.set()
            await one.task
        assert not stream.hub._listeners, "who left is forgotten"

    run(work)


def test_what_comes_together_is_said_once_and_nonsense_is_left_out():
    async def work():
        found = hub.Hub(settings.REDIS_CLIENT_URL)
        with found.listening(["mine"]) as listener:
            for message in ('{"word": "alerts", "topics": ["mine"]}', b'{"word": "alerts", "topics": ["mine"]}', "{", "[]", "{}",
                            '{"word": "x", "topics": 3}'):  # fmt: skip
                found.pass_on(message)
            assert await listener.words(1) == ["alerts"]
            assert await listener.words(0.05) == []
        found._task.cancel()

    run(work)


@pytest.mark.parametrize(("ticket", "status"), [("", 403), ("nonsense", 403), ("old", 403), ("other", 403)])
def test_without_a_ticket_of_ours_there_is_no_stream(ticket, status, monkeypatch):
    given = {"other": signing.dumps(["mine"], salt="another"), "old": tickets.issue(["mine"])}.get(ticket, ticket)
    if ticket == "old":
        monkeypatch.setattr(tickets, "GOOD_FOR", -1)

    async def work():
        server = Server(Stream(hub.Hub(settings.REDIS_CLIENT_URL)), given)
        await server.task
        assert server.status == status
        assert server.text == ""

    run(work)


def test_another_method_and_a_full_house_are_refused(monkeypatch):
    async def work():
        stream = Stream(hub.Hub(settings.REDIS_CLIENT_URL))
        posted = Server(stream, tickets.issue(["mine"]), "POST")
        await posted.task
        monkeypatch.setattr(hub, "MOST", 0)
        full = Server(stream, tickets.issue(["mine"]))
        await full.task
        assert (posted.status, full.status) == (405, 503)

    run(work)


def test_it_gives_signs_of_life_and_ends_so_that_a_new_ticket_is_asked_for():
    async def work():
        server = Server(Stream(hub.Hub(settings.REDIS_CLIENT_URL), beat=0.05, longest=0.3), tickets.issue(["mine"]))
        await server.task
        assert server.text.count(": still here\n\n") >= 2
        assert server.sent[-1]["more_body"] is False

    run(work)


def test_it_ends_with_its_server():
    async def work():
        stream = Stream(hub.Hub(settings.REDIS_CLIENT_URL))
        server = Server(stream, tickets.issue(["mine"]))
        await listening(server)
        stream.hub.close()
        await asyncio.wait_for(server.task, 30)

    run(work)


def test_when_redis_was_away_everything_is_asked_for_again(monkeypatch):
    monkeypatch.setattr(hub, "AGAIN", 0.05)

    async def work():
        stream = Stream(hub.Hub(settings.REDIS_CLIENT_URL))
        server = Server(stream, tickets.issue(["mine"]))
        await listening(server)
        async with Redis.from_url(settings.REDIS_CLIENT_URL) as redis:
            # As when it is killed: the connections of all ears end.
            await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await server.until(lambda: f"data: {hub.ANYTHING}\n\n" in server.text)
        await say("alerts", "mine")
        await server.until(lambda: "data: alerts\n\n" in server.text)
        server.left.set()
        await server.task

    run(work)
