"""A machine over two devices and one server: answers get lost, items come twice and out of order, clocks are wrong,
a device is installed anew, an appointment ends and begins. Nothing is lost, doubled or silently overwritten.

`ENTENTE_FIELD_RUNS` and `ENTENTE_FIELD_STEPS` make it longer; each run is a number, so that it can be repeated.
"""

import os
import random
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from operations.field.models import Quarantined, Receipt, Version
from operations.patrols.models import Observation, Patrol
from portal.outbox.nudges import breaker
from tests.operations.field.conftest import MINUTE, Device, Joint, report

RUNS = int(os.environ.get("ENTENTE_FIELD_RUNS", "12"))
STEPS = int(os.environ.get("ENTENTE_FIELD_STEPS", "25"))
FIRST = int(os.environ.get("ENTENTE_FIELD_FIRST", "0"))
PART = 100  # sequences of one test, so that several processes share the work


@pytest.fixture(autouse=True)
def quiet() -> Any:
    breaker.trip()
    yield
    breaker.reset()


class _TakenBackError(Exception):
    """Ends a run: the database is as it was."""


@dataclass
class Tablet:
    """A device with its outbox: what no answer has come for stays in it."""

    device: Device
    who: Appointment
    outbox: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    # The version of each entry that this tablet last read.
    read: dict[str, int] = field(default_factory=dict)


@dataclass
class World:
    chance: random.Random
    patrol: Any
    tablets: list[Tablet]
    # All that was ever written: the words by the id of their item.
    written: dict[str, str] = field(default_factory=dict)
    edits: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    number: int = 0

    def words(self) -> str:
        self.number += 1
        return f"words-{self.number}"

    def tablet(self) -> Tablet:
        return self.chance.choice(self.tablets)

    def log(self) -> None:
        tablet, words = self.tablet(), self.words()
        item = tablet.device.observation(self.patrol, words, ago=self.chance.uniform(1, 60))
        tablet.outbox[item["id"]] = item
        self.written[item["id"]] = words

    def edit(self) -> None:
        """An entry as the tablet read it, perhaps long ago."""
        tablet = self.tablet()
        if not tablet.read:
            return
        key, words = self.chance.choice(sorted(tablet.read)), self.words()
        body = {"edits": key, "version": tablet.read[key], "text": words}
        item = tablet.device.item("observation", body, ago=1)
        tablet.outbox[item["id"]] = item
        self.edits[item["id"]] = words

    def look(self) -> None:
        """The tablet reads the log anew."""
        tablet = self.tablet()
        if tablet.who.ended_at is None:
            rows = Observation.objects.values_list("pk", "record__version")
            tablet.read = {str(pk): version for pk, version in rows}

    def send(self) -> None:
        tablet = self.tablet()
        items = list(tablet.outbox.values())
        self.chance.shuffle(items)
        items = items[: self.chance.randint(1, 6)]
        # Now and then something goes out again that was answered long ago.
        items += [item for item in items if self.chance.random() < 0.2]
        if not items:
            return
        found = tablet.device.post(items).json()["results"]
        if self.chance.random() < 0.3:
            return
        for item, row in zip(items, found, strict=True):
            assert row["id"] == item["id"]
            if self.put_right(tablet, item, row):
                continue
            if row["state"] != "quarantined":
                first = tablet.told.setdefault(row["id"], row)
                assert first == row
            tablet.outbox.pop(item["id"], None)

    def put_right(self, tablet: Tablet, item: dict[str, Any], row: dict[str, Any]) -> bool:
        """A clock that was wrong when it was written may put it before the patrol: the officer is told, and mends it."""
        if row["state"] != "refused":
            return False
        assert row["errors"][0]["field"] == "occurred_at", row
        tablet.outbox[item["id"]] = {**item, "happened_at": (timezone.now() - MINUTE).isoformat()}
        tablet.device.off = timedelta()
        return True

    def install_anew(self) -> None:
        """Another key of the device; the outbox was carried over, for nobody erases it."""
        tablet = self.tablet()
        tablet.device = Device(tablet.device.client, off=tablet.device.off)

    def set_clock(self) -> None:
        self.tablet().device.off = self.chance.choice((timedelta(), -MINUTE, timedelta(hours=3), timedelta(days=-2)))

    def end_or_begin(self) -> None:
        post = self.tablet().who
        post.ended_at = None if post.ended_at else timezone.now() - timedelta(seconds=1)
        Appointment.objects.filter(pk=post.pk).update(ended_at=post.ended_at)

    def step(self) -> None:
        self.steps += 1
        steps = (self.log, self.edit, self.look, self.send, self.install_anew, self.set_clock, self.end_or_begin)
        self.chance.choices(steps, weights=(30, 12, 12, 30, 3, 4, 6))[0]()

    def finish(self) -> None:
        """Everybody comes back to the network, and sends until nothing waits."""
        for tablet in self.tablets:
            while tablet.outbox:
                self.chance.random()
                items = list(tablet.outbox.values())[:50]
                for item, row in zip(items, tablet.device.post(items).json()["results"], strict=True):
                    if not self.put_right(tablet, item, row):
                        del tablet.outbox[row["id"]]

    def check(self) -> None:
        aside = {str(row.receipt.item): row for row in Quarantined.objects.select_related("receipt")}
        entries = {str(row.pk): row for row in Observation.objects.all()}
        assert not entries.keys() & aside.keys(), "in two places"
        assert self.written.keys() == entries.keys() | (aside.keys() & self.written.keys()), "lost, or made up"
        assert Receipt.objects.count() == len(self.written) + len(self.edits)
        standing = {row.text for row in entries.values()}
        versions = list(Version.objects.values_list("text", flat=True))
        waiting = {row.item["body"]["text"] for row in aside.values()}
        for words in (*self.written.values(), *self.edits.values()):
            assert words in standing or words in versions or words in waiting, f"{words} was overwritten"
        everything = [*(row.text for row in entries.values()), *versions, *waiting]
        assert len(everything) == len(set(everything)), "doubled"


def run(number: int, patrol: Patrol, tablets: list[Tablet]) -> int:
    world = World(random.Random(number), patrol, tablets)
    for _ in range(STEPS):
        world.step()
    world.finish()
    world.check()
    return world.steps


@pytest.mark.parametrize("part", range((RUNS + PART - 1) // PART))
def test_sequences(joint: Joint, device_of: Any, part: int) -> None:
    people = (joint.cast.anton, joint.cast.lars)
    # A client reads all of the project's settings anew: one for each officer is enough.
    clients = [device_of(who).client for who in people]
    # Each run begins on the same patrol, with an empty log: what it does is taken back.
    patrol = joint.active(hours=20)
    first, steps, begin = FIRST + part * PART, 0, time.monotonic()
    runs = range(first, min(first + PART, FIRST + RUNS))
    for number in runs:
        tablets = [Tablet(Device(client), who) for client, who in zip(clients, people, strict=True)]
        try:
            with transaction.atomic():
                steps += run(number, patrol, tablets)
                raise _TakenBackError
        except _TakenBackError:
            for post in people:
                post.ended_at = None
    assert steps == len(runs) * STEPS
    report({"kind": "machine", "sequences": len(runs), "steps": steps, "seconds": time.monotonic() - begin})
