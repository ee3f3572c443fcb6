"""Officers log over the network while web workers are killed: every acknowledged entry is stored exactly once.

A short run is part of the tests; `make field` makes it 200 officers for five minutes, by these variables.
"""

import http.client
import json
import os
import random
import signal
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from agencies.directory.models import Appointment, new_key
from agencies.directory.roles import Role
from agreements.sharing.actions import circles
from operations.field.models import Receipt
from operations.patrols.models import Observation
from portal.outbox.nudges import breaker
from tests.conftest import make_appointment
from tests.operations.field.conftest import Joint, report
from tests.processes import Process, free_port

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
OFFICERS = int(os.environ.get("ENTENTE_LOAD_OFFICERS", "6"))
SECONDS = float(os.environ.get("ENTENTE_LOAD_SECONDS", "6"))
WORKERS = int(os.environ.get("ENTENTE_LOAD_WORKERS", "2"))
EVERY = float(
    os.environ.get("ENTENTE_LOAD_EVERY", "1")
)  # seconds from one sending of an officer to the next, on average
KILLED_EVERY = float(os.environ.get("ENTENTE_LOAD_KILLED_EVERY", "2.5"))
PATIENCE = 60.0
TOKEN = "a" * 32


@dataclass
class Tally:
    """What all officers met with."""

    took: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    requests: int = 0
    broken: int = 0
    refused: list[Any] = field(default_factory=list)
    kills: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Officer:
    """A device with its outbox: what no answer has come for is sent again, and nothing else is forgotten."""

    port: int
    cookie: str
    patrol: str
    chance: random.Random
    tally: Tally
    device: str = field(default_factory=lambda: str(uuid.uuid4()))
    outbox: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    made: int = 0

    def log(self) -> None:
        now = datetime.now(UTC).isoformat()
        self.made += 1
        key = str(new_key())
        body = {"type": "note", "text": f"{self.device} {self.made}"}
        item = {
            "id": key,
            "kind": "observation",
            "patrol": self.patrol,
            "happened_at": now,
            "made_at": now,
            "body": body,
        }
        self.outbox[key] = (time.monotonic(), item)

    def send(self) -> None:
        items = [item for _, item in list(self.outbox.values())[:50]]
        if not items:
            return
        now = datetime.now(UTC).isoformat()
        sent = json.dumps({"device": self.device, "sent_at": now, "items": items})
        begin = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            names = {
                "Content-Type": "application/json",
                "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
                "X-CSRFToken": TOKEN,
            }
            line.request("POST", "/api/v1/field/batches/", sent, names)
            answer = line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            # The worker was killed: perhaps before it stored anything, perhaps just before it answered.
            with self.tally.lock:
                self.tally.requests, self.tally.broken = self.tally.requests + 1, self.tally.broken + 1
            return
        finally:
            line.close()
        self.taken(answer.status, content, begin)

    def taken(self, status: int, content: bytes, begin: float) -> None:
        end = time.monotonic()
        with self.tally.lock:
            self.tally.requests += 1
            if status != 200:
                self.tally.refused.append((status, content[:300]))
                return
            self.tally.took.append(end - begin)
        for row in json.loads(content)["results"]:
            if row["state"] != "received":
                with self.tally.lock:
                    self.tally.refused.append(row)
                continue
            known = self.acknowledged.setdefault(row["id"], row["record"])
            assert known == row["record"]
            first, _ = self.outbox.pop(row["id"])
            with self.tally.lock:
                self.tally.waited.append(end - first)

    def work(self, until: float) -> None:
        time.sleep(self.chance.uniform(0, EVERY))
        while time.monotonic() < until:
            for _ in range(self.chance.randint(1, 3)):
                self.log()
            self.send()
            time.sleep(self.chance.uniform(0.5, 1.5) * EVERY)
        for _ in range(100):
            if not self.outbox:
                return
            self.send()
            time.sleep(0.2)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Any]:
    """The portal's web server with several workers, on the database of the test and as the role of the web."""
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "portal.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--no-access-log"]
    environment = {**os.environ, "DATABASE_URL": url, "AS_OWNER": ""}
    process: Any = Process(command, tmp_path / "web.log", cwd=settings.BASE_DIR, env=environment)
    process.port = port
    process.start()
    yield process
    process.kill()


def workers_of(web: Any) -> list[int]:
    """The keys of the server's own children that do the work: nobody else's process is touched."""
    path = Path(f"/proc/{web.process.pid}/task/{web.process.pid}/children")
    children = [int(word) for word in path.read_text().split()]
    return [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/account/login/")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def wait(web: Any, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not answers(web.port):
        assert time.monotonic() < end, web.log.read_text()[-3000:]
        time.sleep(0.2)


def kill_now_and_then(web: Any, tally: Tally, chance: random.Random, until: float) -> None:
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.5, 1.5) * KILLED_EVERY)
        found = workers_of(web)
        # One stays, so that whoever waits in the queue of the socket is served by somebody.
        if len(found) > 1 and time.monotonic() < until:
            os.kill(chance.choice(found), signal.SIGKILL)
            tally.kills += 1


def officers(joint: Joint, web: Any, tally: Tally) -> list[Officer]:
    own = joint.circle.participations.get(agency=joint.cast.a1)
    patrols = [joint.active(hours=1, title=f"Patrol {number}") for number in range(max(1, OFFICERS // 10))]
    found = []
    for number in range(OFFICERS):
        who: Appointment = make_appointment(f"load{number}", joint.cast.a1, Role.PATROL_LEADER)
        circles.assign(participation=own, appointment=who, by=joint.cast.xenia)
        client = Client()
        client.force_login(who.officer, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        patrol = str(patrols[number % len(patrols)].pk)
        found.append(Officer(web.port, cookie, patrol, random.Random(number), tally))
    return found


def percentile(values: list[float], part: float) -> float:
    rows = sorted(values)
    return rows[min(len(rows) - 1, int(len(rows) * part))]


def test_every_acknowledged_entry_is_stored_once(joint: Joint, web: Any) -> None:
    breaker.trip()
    tally = Tally()
    crew = officers(joint, web, tally)
    wait(web)
    begin = time.monotonic()
    until = begin + SECONDS
    threads = [threading.Thread(target=one.work, args=(until,)) for one in crew]
    threads.append(threading.Thread(target=kill_now_and_then, args=(web, tally, random.Random(0), until)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - begin
    breaker.reset()
    told = {key: record for one in crew for key, record in one.acknowledged.items()}
    assert not tally.refused, tally.refused[:5]
    assert not any(one.outbox for one in crew), "never acknowledged"
    stored = list(Observation.objects.values_list("pk", "text"))
    # Each exactly once: as many as were acknowledged, and each word in one row.
    assert {str(pk) for pk, _ in stored} == set(told.values()) == set(told)
    assert len({text for _, text in stored}) == len(stored) == sum(one.made for one in crew)
    assert Receipt.objects.count() == len(stored)
    assert tally.kills > 0
    numbers = {
        "kind": "load",
        "officers": OFFICERS,
        "seconds": round(took, 1),
        "workers": WORKERS,
        "kills": tally.kills,
        "requests": tally.requests,
        "broken": tally.broken,
        "entries": len(stored),
        "entries_per_second": round(len(stored) / took, 1),
        "request_ms": {
            name: round(percentile(tally.took, part) * 1000)
            for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
        },
        "until_acknowledged_ms": {
            name: round(percentile(tally.waited, part) * 1000)
            for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
        },
        "mean_request_ms": round(statistics.mean(tally.took) * 1000),
    }
    report(numbers)
