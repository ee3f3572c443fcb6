"""The crossing log, and signals of a team: check-ins and calls for help."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.alerts.models import Alert
from operations.field.models import Crossing, Signal, Told
from operations.patrols.actions import patrols
from operations.patrols.models import Leg
from portal.outbox import due
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.operations.field.conftest import Device, Joint
from tests.operations.patrols.conftest import sees


@pytest.fixture(autouse=True)
def quiet() -> Any:
    breaker.trip()
    yield
    breaker.reset()


def work() -> None:
    while sweep():
        pass


def entered(device: Device, patrol: Any, **body: Any) -> dict[str, Any]:
    return device.one(device.item("crossing.enter", {"territory": "YY", **body}, patrol=patrol.pk))


def test_a_crossing_is_a_record_with_its_limits(joint: Joint, device_of: Any, as_: Any, api_as: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    found = entered(
        device, patrol, basis="pursuit", notified="Duty desk Y1", place="Bridge", latitude=47.6, longitude=9.1
    )
    assert (found["state"], found["held"]) == ("received", True), found
    row = Crossing.objects.get()
    assert (row.record.owner, row.record.host, row.record.latitude) == (joint.cast.a1, patrol.record, 47.6)
    assert row.limits[0]["act"] == "pursue"
    assert row.limits[0]["answer"] == "no"  # No article of this treaty permits it: it is logged all the same.
    page = as_(joint.cast.lars).get(reverse("field:crossing-detail", args=[row.pk])).content.decode()
    assert "Duty desk Y1" in page
    assert "No article permits it" in page
    assert as_(joint.cast.yann).get(reverse("field:crossing-detail", args=[row.pk])).status_code == 404
    assert as_(joint.cast.yann).post(reverse("field:crossing-leave", args=[row.pk])).status_code == 404
    joint.release(row, joint.cast.lars)
    assert sees(joint.cast.yann, row)
    told = as_(joint.cast.yann).get(reverse("field:crossing-detail", args=[row.pk])).content.decode()
    assert "Duty desk Y1" in told
    assert "We have left" not in told
    assert api_as(joint.cast.yann).send("POST", f"crossings/{row.pk}/leave/", {}).status_code == 403
    assert as_(joint.cast.lars).post(reverse("field:crossing-leave", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.left_at is not None
    assert api_as(joint.cast.lars).send("GET", f"crossings/{row.pk}/").json()["basis"] == "pursuit"
    assert api_as(joint.cast.lars).send("POST", f"crossings/{row.pk}/leave/", {}).status_code == 409


@pytest.mark.parametrize(
    ("territory", "code"), [("XX", "refused"), ("ZZ", "refused"), ("??", "invalid"), (5, "invalid")]
)
def test_territories_that_cannot_be(joint: Joint, device_of: Any, territory: Any, code: str) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    found = entered(device, patrol, territory=territory)
    assert (found["state"], found["code"]) == ("refused", code), found


def test_one_crossing_at_a_time(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    entered(device, patrol)
    assert entered(device, patrol)["code"] == "state"
    left = device.item("crossing.leave", {}, patrol=patrol.pk, ago=5)
    assert device.one(left)["state"] == "received"
    assert device.one(device.item("crossing.leave", {}, patrol=patrol.pk))["code"] == "state"
    assert entered(device, patrol)["state"] == "received"


def test_a_missed_check_in_alerts_the_agency(joint: Joint, device_of: Any, as_: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    place = {"latitude": 47.6, "longitude": 9.1}
    device.one(device.item("check_in", {"next_minutes": 30, **place}, patrol=patrol.pk, ago=25))
    assert due.fire(timezone.now()) == 0
    device.one(device.item("check_in", {"next_minutes": 5, **place}, patrol=patrol.pk, ago=10))
    assert due.fire(timezone.now()) == 1
    work()
    people = {alert.appointment for alert in Alert.objects.filter(kind="field.missed")}
    assert people == {joint.cast.xenia, joint.cast.lars, joint.cast.anton}  # All are assigned; the desk comes next.
    lists = as_(joint.cast.lars).get(reverse("alerts:alert-list")).content.decode()
    assert "has not checked in" in lists
    signal = Signal.objects.latest("at")
    assert as_(joint.cast.lars).get(reverse("field:signal-detail", args=[signal.pk])).status_code == 200
    assert as_(joint.cast.yann).get(reverse("field:signal-detail", args=[signal.pk])).status_code == 404
    # The next one settles it.
    device.one(device.item("check_in", {}, patrol=patrol.pk, ago=0))
    assert not Alert.objects.filter(kind="field.missed", done_at=None).exists()


@pytest.mark.parametrize("how", ["checked in", "ended"])
def test_nobody_is_alerted_for_a_team_that_is_well(joint: Joint, device_of: Any, how: str) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    device.one(device.item("check_in", {"next_minutes": 5}, patrol=patrol.pk, ago=9))
    assert due.fire(timezone.now()) == 1
    if how == "ended":
        patrols.end(patrol=patrol, by=joint.cast.lars)
    else:
        device.one(device.item("check_in", {"next_minutes": 600}, patrol=patrol.pk, ago=7))
        # An older one that comes in late moves nothing.
        device.one(device.item("check_in", {"next_minutes": 5}, patrol=patrol.pk, ago=8))
        assert due.fire(timezone.now()) == 0
    work()
    assert not Alert.objects.filter(kind="field.missed").exists()


def test_a_call_for_help_reaches_the_own_agency_at_once(joint: Joint, device_of: Any, api_as: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    found = device.one(device.item("panic", {"latitude": 47.6, "longitude": 9.1, "words": "Help"}, patrol=patrol.pk))
    assert found["reference"].startswith("SIG-")
    work()
    people = {alert.appointment for alert in Alert.objects.filter(kind="field.called")}
    assert people == {joint.cast.xenia, joint.cast.lars}
    (row,) = api_as(joint.cast.xenia).send("GET", "field/signals/?kind=panic").json()["results"]
    assert (row["words"], row["patrol"]) == ("Help", str(patrol.pk))
    assert api_as(joint.cast.yann).send("GET", "field/signals/").json()["results"] == []


def test_how_the_device_came_by_place_and_time(joint: Joint, device_of: Any, as_: Any, api_as: Any) -> None:
    """Kept with the record, shown to whoever sees it, and to nobody else; nothing told, nothing kept."""
    patrol, device = joint.active(), device_of(joint.cast.anton)
    told = {"position_method": "map", "accuracy_m": 40, "time_reason": "Told by radio"}
    found = entered(device, patrol, latitude=47.6, longitude=9.1, **told)
    seen = device.one(device.observation(patrol, body={"position_method": "gps", "accuracy_m": 8}))
    device.one(device.observation(patrol))
    assert {(str(row.record_id), row.method, row.accuracy_m, row.time_reason) for row in Told.objects.all()} == {
        (found["record"], "map", 40, "Told by radio"),
        (seen["record"], "gps", 8, ""),
    }
    page = reverse("field:record-told", args=[found["record"]])
    assert "Told by radio" in as_(joint.cast.lars).get(page).content.decode()
    assert as_(joint.cast.yann).get(page).status_code == 404
    assert api_as(joint.cast.yann).send("GET", f"field/told/{found['record']}/").status_code == 404
    assert api_as(joint.cast.lars).send("GET", f"field/told/{found['record']}/").json()["method"] == "map"
    assert device.one(device.observation(patrol, body={"position_method": "guess"}))["state"] == "refused"


def test_a_second_device_joins_the_leg_that_a_colleague_has_ended(joint: Joint, device_of: Any) -> None:
    """Both logged one patrol without a network; the first one's end came in before the second one's start."""
    patrol = joint.active()
    first, second = device_of(joint.cast.anton), device_of(joint.cast.lars)

    def leg(device: Device) -> list[dict[str, Any]]:
        begun = device.item("leg.start", {"territory": "XX"}, ago=60, patrol=patrol.pk)
        ended = device.item("leg.end", ago=5, patrol=patrol.pk, leg=begun["id"])
        entry = device.observation(patrol, ago=30, leg=begun["id"])
        return [begun, entry, ended, device.item("patrol.end", ago=4, patrol=patrol.pk)]

    assert [row["state"] for row in first.send(*leg(first))] == ["received"] * 4
    answers = second.send(*leg(second))
    assert [row["state"] for row in answers] == ["received"] * 4, answers
    assert [("already" in row["flags"]) for row in answers] == [True, False, True, True]
    assert Leg.objects.filter(record__host=patrol.record).count() == 1
