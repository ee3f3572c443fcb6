"""Logs sent, and all of them sent again, while three of ten answers get lost: as many rows as there are logs.

`ENTENTE_FIELD_LOGS` makes it longer.
"""

import os
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest

from operations.field.models import Receipt
from operations.patrols.models import Observation
from portal.outbox.nudges import breaker
from tests.operations.field.conftest import Joint, report

LOGS = int(os.environ.get("ENTENTE_FIELD_LOGS", "200"))
FIRST = int(os.environ.get("ENTENTE_FIELD_FIRST", "0"))
BATCH, DROPPED = 200, 0.3
MANY = LOGS >= 1000

# Many are committed batch by batch, as by the server: what one transaction may lock is bounded.
pytestmark = pytest.mark.django_db(transaction=MANY)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    breaker.trip()
    yield
    breaker.reset()


def test_logs_replayed_twice(joint: Joint, device_of: Any) -> None:
    chance, device = random.Random(FIRST), device_of(joint.cast.anton)
    patrol = joint.active(hours=20)
    size = BATCH if MANY else 20
    items = [device.observation(patrol, f"log {number}", ago=chance.uniform(1, 60)) for number in range(LOGS)]
    batches = [items[start : start + size] for start in range(0, LOGS, size)]
    told: dict[str, dict[str, Any]] = {}
    requests = dropped = 0
    took: list[float] = []
    for replay in range(3):
        begin = time.monotonic()
        for batch in batches:
            answered = False
            while not answered:
                rows = device.send(*batch)
                requests += 1
                answered = chance.random() >= DROPPED
                dropped += not answered
            for row in rows:
                assert row["state"] == "received"
                # The same receipt every time.
                assert told.setdefault(row["id"], row) == row
        took.append(time.monotonic() - begin)
        assert Observation.objects.count() == LOGS, f"after sending {replay + 1} times"
    assert Receipt.objects.count() == len(told) == LOGS
    assert dropped > 0
    report(
        {
            "kind": "replay",
            "logs": LOGS,
            "rows": Observation.objects.count(),
            "requests": requests,
            "dropped": dropped,
            "first_seconds": took[0],
            "again_seconds": took[1] + took[2],
        }
    )
