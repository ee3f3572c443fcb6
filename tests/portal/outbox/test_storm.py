"""A storm: everything is killed, again and again, while thousands of things are intended. None is lost, none doubled.

A short one is part of the tests; `make faults` makes it the long one, by these variables.
"""

import http.client
import json
import os
import random
import shelve
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from datetime import timedelta

import psycopg2
import pytest
from django.conf import settings
from django.test import Client

from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from portal.outbox.nudges import breaker
from tests.portal.outbox import effects, mailbox
from tests.portal.outbox.house import House

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def asked(name, default):
    return int(os.environ.get(f"ENTENTE_FAULTS_{name}", default))


INTENTS = asked("INTENTS", 300)
CHILDREN, MAINS = asked("CHILDREN", 8), asked("MAINS", 2)
FLUSHES, BROKERS, DATABASES = asked("FLUSHES", 2), asked("BROKERS", 1), asked("DATABASES", 1)
WORKERS = asked("WORKERS", 1)
SECONDS = asked("SECONDS", 15)  # over which the intents are spread, at least
WEB = asked("WEB", 6)  # of the intents, through the web
HOURS_ROWS = asked("HOURS_ROWS", 150)
SEED = asked("SEED", 1)
PATIENCE = 60.0  # seconds within which everything is done after the last fault
TOKEN = "a" * 32
OPEN = Marking(categories=["operational"], classification=1, tlp=Tlp.GREEN.value)


def report(row):
    """Keep what was measured, a line each, where `make faults` reads it."""
    if path := os.environ.get("ENTENTE_FAULTS_REPORT"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


@pytest.fixture
def box():
    with mailbox.Mailbox() as found:
        yield found


@pytest.fixture(autouse=True)
def quiet():
    breaker.trip()
    yield
    breaker.reset()


@pytest.fixture
def house(tmp_path, box):
    found = House(tmp_path, box, WORKERS)
    yield found
    found.clear()


class Web:
    """An officer's page that sends a release again until it is answered."""

    def __init__(self, house, cast):
        self.house, self.clause, self.to = house, str(cast.art7.pk), str(cast.yann.pk)
        self.keys = [
            str(records.create(by=cast.lars, kind="patrol", title=f"Patrol {number}", marking=OPEN).pk)
            for number in range(WEB)
        ]
        client = Client()
        client.force_login(cast.lars.officer, backend="django.contrib.auth.backends.ModelBackend")
        self.cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.sent = self.tries = 0
        self.refused = []

    def run(self, seconds):
        pause = seconds / max(1, len(self.keys))
        for key in self.keys:
            once = str(uuid.uuid4())
            while not self.send(key, once) and not self.refused:
                time.sleep(0.3)
            self.sent += 1
            time.sleep(pause)

    def send(self, record, once):
        self.tries += 1
        line = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=30)
        body = {
            "audience": "officer", "appointment": self.to, "clause": self.clause, "purpose": "border_operation",
        }  # fmt: skip
        names = {
            "Content-Type": "application/json",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Idempotency-Key": once,
        }
        try:
            line.request("POST", f"/api/v1/records/{record}/releases/", json.dumps(body), names)
            answer = line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        if 400 <= answer.status < 500 and answer.status not in (409, 429):
            self.refused.append((answer.status, content[:500]))
        return answer.status < 300


class Emitter:
    """The processes that intend things, one for each kind."""

    def __init__(self, house, seconds, parts):
        self.house, self.parts = house, parts
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.portal.outbox.emitting", kind, "0", str(count), str(seconds)],
                cwd=settings.BASE_DIR,
                env=house.environment(DJANGO_SETTINGS_MODULE="portal.settings"),
                stdout=subprocess.PIPE,
                stderr=(house.folder / f"emit-{kind}.log").open("wb"),
            )
            for kind, count in parts.items()
        ]

    def running(self):
        return any(process.poll() is None for process in self.processes)

    def finish(self):
        """Every intent was confirmed."""
        for process, count in zip(self.processes, self.parts.values(), strict=True):
            told, _ = process.communicate(timeout=600)
            assert process.returncode == 0, self.house.last_words()
            assert int(told) == count

    def kill(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()


def storm(house, box, going):
    """All faults in a random order while things are intended; what was done how often."""
    chance, done = random.Random(SEED), Counter()
    acts = {
        "children": (house.kill_child, CHILDREN),
        "mains": (house.kill_main, MAINS),
        "flushes": (house.flush_redis, FLUSHES),
        "brokers": (house.kill_redis, BROKERS),
        "databases": (house.stop_postgres, DATABASES),
    }
    order = [name for name, (_, count) in acts.items() for _ in range(count)]
    chance.shuffle(order)
    pause = SECONDS / max(1, len(order))
    while order:
        # The mail server is bad in the first half: what it refused thrice comes back after 50 s only.
        early = len(order) * 2 > sum(count for _, count in acts.values())
        box.mode = chance.choice(list(MODES)) if early and chance.random() < 0.4 else mailbox.OK
        done[box.mode] += box.mode != mailbox.OK
        name = order.pop()
        for _ in range(200):
            if acts[name][0](chance):
                done[name] += 1
                break
            time.sleep(0.1)
            house.tend()
        time.sleep(chance.uniform(0.5, 1.5) * pause)
        house.tend()
    while going():
        time.sleep(0.1)
        house.tend()
    box.mode = mailbox.OK
    return done


MODES = (mailbox.SLOW, mailbox.REFUSING, mailbox.MUTE)


def drain(house):
    """Seconds until nothing waits any more."""
    begin = time.monotonic()
    end = begin + 5 * PATIENCE
    while time.monotonic() < end:
        try:
            if house.waiting() == 0:
                break
        except psycopg2.Error:
            pass
        house.tend()
        time.sleep(0.1)
    return time.monotonic() - begin


def told(house, parts):
    """What became of the intents: lost, doubled, and what stands aside."""
    effects_of = Counter(dict(house.ask(f"SELECT key, count(*) FROM {effects.TABLE} GROUP BY key")))
    wanted = {f"{kind} {number}" for kind in ("one", "many", "due", "late") for number in range(parts.get(kind, 0))}
    alerts = Counter(
        dict(house.ask("SELECT key, count(*) FROM alerts_alert WHERE kind = %s GROUP BY key", effects.ALERT))
    )
    wanted_alerts = {f"mail {number}" for number in range(parts.get("mail", 0))}
    return {
        "lost": len(wanted - set(effects_of)) + len(wanted_alerts - set(alerts)),
        "doubled": sum(count - 1 for count in (*effects_of.values(), *alerts.values())),
        "unasked": len(set(effects_of) - wanted) + len(set(alerts) - wanted_alerts),
        "set_aside": house.one("SELECT count(*) FROM outbox_message WHERE set_aside_at IS NOT NULL"),
    }


def mails(house, box):
    """Each mail reached the mail server; how often one came again, and then under the same Message-ID."""
    meant = {row[0] for row in house.ask("SELECT message_id FROM delivery_delivery")}
    not_sent = house.one("SELECT count(*) FROM delivery_delivery WHERE state <> 'sent'")
    assert not_sent == 0, house.ask("SELECT state, count(*) FROM delivery_delivery GROUP BY state")
    assert set(box.taken) == meant
    return {"mails": len(meant), "mails_again": sum(box.taken.values()) - len(meant)}


def test_what_is_intended_in_a_storm_comes_about_once(house, box, cast):
    begun = time.monotonic()
    page = Web(house, cast)
    house.build()
    for process in (house.web, *house.workers, *house.beats):
        process.start()
    house.until(house.runs)
    rest = INTENTS - WEB
    parts = {"many": rest * 3 // 10, "due": rest // 10, "mail": rest // 10}
    parts["one"] = rest - sum(parts.values())
    emitter = Emitter(house, SECONDS, parts)
    browser = threading.Thread(target=page.run, args=(SECONDS,), daemon=True)
    browser.start()
    try:
        done = storm(house, box, lambda: emitter.running() or browser.is_alive())
        emitter.finish()
    finally:
        emitter.kill()
    took = drain(house)
    assert not page.refused, page.refused
    found = told(house, parts)
    shared = Counter(
        dict(house.ask("SELECT key, count(*) FROM alerts_alert WHERE kind = 'sharing.shared' GROUP BY key"))
    )
    assert set(shared) == set(page.keys), "one alert for each release through the web"
    assert set(shared.values()) <= {1}
    assert found == {"lost": 0, "doubled": 0, "unasked": 0, "set_aside": 0}, (found, house.last_words())
    sent = mails(house, box)
    assert took <= PATIENCE
    again = {"web_tries": page.tries, "slow": done[mailbox.SLOW], "refusing": done[mailbox.REFUSING]}
    report(
        {
            "kind": "storm", "intents": INTENTS, "web": WEB, **{name: done[name] for name in (
                "children", "mains", "flushes", "brokers", "databases")}, **again, "mute": done[mailbox.MUTE],
            **found, **sent, "drained": round(took, 1), "seconds": round(time.monotonic() - begun),
        }
    )  # fmt: skip
    assert done["children"] == CHILDREN
    assert done["mains"] == MAINS


def set_back(path, seconds):
    """As if this beat had last sent everything so long ago."""
    with shelve.open(path, writeback=True) as kept:
        for entry in kept["entries"].values():
            entry.last_run_at = entry.last_run_at and entry.last_run_at - seconds
    return path


def test_six_hours_without_a_beat_are_made_up_for_once(house, box, cast):
    """Moved in the data: what was due in the six hours, the heartbeat, and what beat remembers, lie six hours back."""
    begun = time.monotonic()
    house.build()
    for process in (*house.workers, house.beats[0]):
        process.start()
    house.until(house.runs)
    house.beats[0].kill()
    emitter = Emitter(house, 0, {"due": HOURS_ROWS, "one": HOURS_ROWS // 10})
    emitter.finish()
    house.ask(
        "UPDATE outbox_due SET fire_at = now() - random() * interval '6 hours';"
        "UPDATE outbox_message SET due_at = due_at - interval '6 hours', created_at = created_at - interval '6 hours';"
        "UPDATE outbox_heartbeat SET at = at - interval '6 hours'"
    )
    late = house.one("SELECT count(*) FROM outbox_due WHERE fired_at IS NULL")
    assert late > HOURS_ROWS / 2, "it must be beat that fires them"
    set_back(str(house.folder / "beat0"), timedelta(hours=6))
    for beat in house.beats:
        beat.start()
    house.until(house.runs)
    took = drain(house)
    time.sleep(3)
    found = told(house, {"due": HOURS_ROWS, "one": HOURS_ROWS // 10})
    assert found == {"lost": 0, "doubled": 0, "unasked": 0, "set_aside": 0}, (found, house.last_words())
    assert took <= PATIENCE
    report(
        {
            "kind": "hours", "rows": HOURS_ROWS, **found, "drained": round(took, 1),
            "seconds": round(time.monotonic() - begun),
        }
    )  # fmt: skip
