"""Two at once, in real transactions: one receipt, one record; and thousands of logs with lost answers."""

import random
from typing import Any

import pytest

from agencies.directory.models import Appointment
from operations.field.models import Quarantined, Receipt
from operations.patrols.models import Leg, Observation
from portal.outbox.nudges import breaker
from tests.doors.test_concurrency import at_once
from tests.operations.field.conftest import Device, Joint, end_post

pytestmark = pytest.mark.django_db(transaction=True)
LOGS, LOST = 400, 0.3


@pytest.fixture(autouse=True)
def quiet() -> Any:
    breaker.trip()
    yield
    breaker.reset()


def copy_of(device: Device, device_of: Any, who: Appointment) -> Device:
    """The same device in another tab: a connection of its own."""
    other: Device = device_of(who)
    other.id = device.id
    return other


def test_the_same_item_sent_by_four_tabs_at_once(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    tabs = [copy_of(device, device_of, joint.cast.anton) for _ in range(4)]
    for _ in range(5):
        item = device.observation(patrol)
        found = at_once(*[lambda tab=tab, item=item: tab.one(item) for tab in tabs])
        assert all(row == found[0] for row in found)
        assert found[0]["state"] == "received"
    assert Observation.objects.count() == Receipt.objects.count() == 5


def test_other_words_at_once_one_of_the_two_is_received(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    tabs = [copy_of(device, device_of, joint.cast.anton) for _ in range(2)]
    for _ in range(5):
        item = device.observation(patrol)
        bodies = [{**item, "body": {**item["body"], "text": str(number)}} for number in range(2)]
        found = at_once(*[lambda tab=tab, body=body: tab.one(body) for tab, body in zip(tabs, bodies, strict=True)])
        assert sorted(row["code"] for row in found) == ["", "other_body"]
    assert Observation.objects.count() == 5


def test_batches_in_opposite_orders_at_once(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    tabs = [copy_of(device, device_of, joint.cast.anton) for _ in range(2)]
    items = [device.observation(patrol, str(number)) for number in range(12)]
    found = at_once(lambda: tabs[0].send(*items), lambda: tabs[1].send(*items[::-1]))
    assert found[0] == found[1][::-1]
    assert Observation.objects.count() == 12


def test_two_tablets_start_one_leg_at_once(joint: Joint, device_of: Any) -> None:
    patrol = joint.active()
    devices = [device_of(who) for who in (joint.cast.anton, joint.cast.lars)]
    items = [device.item("leg.start", {"territory": "XX"}, patrol=patrol.pk) for device in devices]
    found = at_once(*[lambda d=d, i=i: d.one(i) for d, i in zip(devices, items, strict=True)])
    # The one that came second is told to send again, or was joined to the first.
    again = [device.one(item) for device, item in zip(devices, items, strict=True)]
    assert {row["state"] for row in again} == {"received"}
    assert len({row["record"] for row in again}) == 1
    assert Leg.objects.count() == 1
    assert "received" in {row["state"] for row in found}


def test_logs_replayed_with_lost_answers(joint: Joint, device_of: Any) -> None:
    """Thirty of a hundred answers are lost, batches are cut anew and shuffled: each log is stored once."""
    chance, patrol, device = random.Random(7), joint.active(), device_of(joint.cast.anton)
    waiting = {item["id"]: item for item in (device.observation(patrol, str(n)) for n in range(LOGS))}
    told: dict[str, dict[str, Any]] = {}
    rounds = 0
    while waiting:
        rounds += 1
        keys = list(waiting)
        chance.shuffle(keys)
        batch = [waiting[key] for key in keys[: chance.choice((1, 20, 100, 200))]]
        found = device.send(*batch)
        if chance.random() < LOST:
            continue
        for row in found:
            assert told.setdefault(row["id"], row) == row
            del waiting[row["id"]]
    assert rounds > 3
    assert Observation.objects.count() == Receipt.objects.count() == LOGS
    assert len({row["reference"] for row in told.values()}) == LOGS
    assert len(set(Observation.objects.values_list("text", flat=True))) == LOGS


def test_an_appointment_that_ends_while_items_come_in(joint: Joint, device_of: Any) -> None:
    """Each item is received or in quarantine: in one place, never in both, never in none."""
    patrol, device = joint.active(), device_of(joint.cast.anton)
    items = [device.observation(patrol, str(number)) for number in range(40)]
    parts = [items[at : at + 10] for at in range(0, 40, 10)]

    def send() -> list[str]:
        return [row["state"] for part in parts for row in device.send(*part)]

    states, _ = at_once(send, lambda: end_post(joint.cast.anton))
    assert set(states) <= {"received", "quarantined"}
    kept = {str(row.pk) for row in Observation.objects.all()}
    aside = {str(row.receipt.item) for row in Quarantined.objects.select_related("receipt")}
    assert not kept & aside
    assert kept | aside == {item["id"] for item in items}
    assert states.count("received") == len(kept)
