"""What an officer without an appointment sends waits for a supervisor, and discloses nothing back."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.alerts.models import Alert
from operations.field.models import Quarantined, Receipt
from operations.patrols.models import Leg, Observation
from portal.audit.models import Entry
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.operations.field.conftest import IMPORTS, Device, Joint, end_post, jpeg


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture(autouse=True)
def quiet() -> Any:
    breaker.trip()
    yield
    breaker.reset()


def run_patrol(joint: Joint, device: Device, patrol: Any) -> list[Any]:
    leg = device.item("leg.start", {"territory": "XX"}, patrol=patrol.pk, ago=30)
    return [leg, device.observation(patrol, "Of the last hour", leg=leg["id"], body={"shown": [str(joint.cast.b.pk)]})]


def test_it_tells_nothing_back(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    before = device.observation(patrol, "Received while I was one of them")
    assert device.one(before)["reference"]
    end_post(joint.cast.anton)
    items = [*run_patrol(joint, device, patrol), before, {**before, "body": {}}, device.observation(new_key())]
    answer = device.post(items)
    assert answer.status_code == 200
    for item, row in zip(items, answer.json()["results"], strict=True):
        assert row["id"] == item["id"]
        assert row["state"] == "quarantined"
        assert {row[name] for name in ("reference", "code")} == {""}
        assert (row["record"], row["held"], row["flags"], row["errors"]) == (None, False, [], [])
    # The same for what was received before and for what is not there: nothing is kept twice, nothing is lost.
    assert Quarantined.objects.count() == 3
    assert Observation.objects.count() == 1
    again = device.post(items)
    assert [row["state"] for row in again.json()["results"]] == ["quarantined"] * 5
    assert Quarantined.objects.count() == 3


def test_a_supervisor_admits_item_by_item(joint: Joint, device_of: Any, api_as: Any) -> None:
    cast, patrol, device = joint.cast, joint.active(), device_of(joint.cast.anton)
    joint.order(cast.xenia)
    end_post(cast.anton)
    items = run_patrol(joint, device, patrol)
    device.send(*items)
    desk = api_as(joint.cast.xenia)
    entry, leg = desk.send("GET", "field/quarantine/").json()["results"]
    assert [row["kind"] for row in (leg, entry)] == ["leg.start", "observation"]
    assert entry["item"]["body"]["text"] == "Of the last hour"

    def decide(row: dict[str, Any], verb: str = "admit", **body: Any) -> Any:
        return desk.send("POST", f"field/quarantine/{row['id']}/{verb}/", {"reason": "She was there.", **body})

    assert decide(entry).status_code == 409  # It hangs on the leg.
    assert decide(leg, reason=" ").status_code == 400
    assert decide(leg).json()["state"] == "admitted"
    admitted = decide(entry).json()
    assert admitted["state"] == "admitted"
    assert decide(entry).status_code == 409
    row = Observation.objects.get()
    assert (str(row.pk), str(row.leg_id)) == (admitted["record"], str(Leg.objects.get().pk))
    assert row.record.author == cast.xenia
    # Not what Anton was shown counts, but that Xenia was shown nothing.
    assert not row.record.releases.exclude(clause=None).exists()
    ledger = Entry.objects.filter(verb="field.admit").latest("pk")
    assert ledger.data["officer"] == str(cast.anton.officer_id)
    assert ledger.data["reason"] == "She was there."


def test_a_supervisor_rejects(joint: Joint, device_of: Any, api_as: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    end_post(joint.cast.anton)
    item = device.observation(patrol)
    device.one(item)
    desk = api_as(joint.cast.xenia)
    (row,) = desk.send("GET", "field/quarantine/?state=waiting").json()["results"]
    found = desk.send("POST", f"field/quarantine/{row['id']}/reject/", {"reason": "Not plausible."})
    assert found.json()["state"] == "rejected"
    assert desk.send("GET", "field/quarantine/?state=waiting").json()["results"] == []
    # Appointed anew, the officer is told that it was not taken in, and not why.
    Appointment.objects.filter(pk=joint.cast.anton.pk).update(ended_at=None)
    told = device.one(item)
    assert (told["state"], told["code"]) == ("refused", "rejected")
    assert "plausible" not in str(told)
    assert not Observation.objects.exists()


def test_an_officer_appointed_anew_reads_that_it_waits(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    end_post(joint.cast.anton)
    leg, entry = run_patrol(joint, device, patrol)
    device.one(leg)
    Appointment.objects.filter(pk=joint.cast.anton.pk).update(ended_at=None)
    assert [row["state"] for row in device.send(leg, entry)] == ["quarantined", "refused"]
    assert device.one(entry)["code"] == "depends"


def test_nobody_else_sees_it(joint: Joint, device_of: Any, api_as: Any, as_: Any) -> None:
    cast, patrol, device = joint.cast, joint.active(), device_of(joint.cast.anton)
    end_post(cast.anton)
    device.one(device.observation(patrol))
    row = Quarantined.objects.get()
    for who in (cast.lars, cast.ada, cast.arno):
        assert api_as(who).send("GET", "field/quarantine/").status_code == 403
        assert as_(who).get(reverse("field:quarantined-detail", args=[row.pk])).status_code == 403
    for who in (cast.yara, cast.aldo, cast.zoe):
        assert api_as(who).send("GET", "field/quarantine/").json()["results"] == []
        for verb in ("", "admit/", "reject/"):
            method = "POST" if verb else "GET"
            body = {"reason": "x"} if verb else None
            assert api_as(who).send(method, f"field/quarantine/{row.pk}/{verb}", body).status_code == 404
        assert as_(who).get(reverse("field:quarantined-detail", args=[row.pk])).status_code == 404
        assert as_(who).post(reverse("field:quarantined-admit", args=[row.pk]), {"reason": "x"}).status_code == 404


def test_supervisors_are_alerted_once(joint: Joint, device_of: Any, as_: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    end_post(joint.cast.anton)
    for _ in range(3):
        device.one(device.observation(patrol))
    while sweep():
        pass
    (alert,) = Alert.objects.filter(kind="field.quarantined")
    assert alert.appointment == joint.cast.xenia
    assert "in from the field" in as_(joint.cast.xenia).get(reverse("alerts:alert-list")).content.decode()


def test_a_call_for_help_does_not_wait_with_the_rest(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    end_post(joint.cast.anton)
    device.send(device.observation(patrol), device.item("panic", {"words": "Help"}))
    while sweep():
        pass
    urgencies = Alert.objects.filter(kind="field.quarantined").values_list("urgency", flat=True)
    assert sorted(urgencies) == ["Expected", "Immediate"]


def test_photographs_wait_as_well(joint: Joint, device_of: Any, api_as: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    item = device.observation(patrol)
    device.one(item)
    end_post(joint.cast.anton)
    data = jpeg()
    answer = device.photograph(item["id"], data)
    assert answer.json()["state"] == "quarantined", answer.content
    assert answer.json()["reference"] == ""
    assert device.photograph(item["id"], data, sha256="0" * 64).status_code == 422
    row = Quarantined.objects.get()
    desk = api_as(joint.cast.xenia)
    found = desk.send("POST", f"field/quarantine/{row.pk}/admit/", {"reason": "Known to us."})
    assert found.status_code == 200, found.content
    assert Observation.objects.get().photos.count() == 1


def test_by_hand_at_a_desk(joint: Joint, device_of: Any) -> None:
    """The own file is received as by hand; a colleague's goes into quarantine; another agency's does not come in."""
    cast, patrol = joint.cast, joint.active()
    device, desk = device_of(cast.anton), device_of(cast.lars)
    item = device.observation(patrol, ago=45)
    sent_at = (timezone.now()).isoformat()
    own = device.post([item], IMPORTS, officer=str(cast.anton.officer_id), sent_at=sent_at)
    assert own.json()["results"][0]["state"] == "received"
    receipt = Receipt.objects.get()
    assert (receipt.carried_by, receipt.drift_ms) == (cast.anton, 0)
    # Over the air afterwards: the same receipt.
    assert device.one(item)["reference"] == own.json()["results"][0]["reference"]
    other = device.observation(patrol)
    brought = desk.post([item, other], IMPORTS, officer=str(cast.anton.officer_id))
    assert [row["state"] for row in brought.json()["results"]] == ["quarantined"] * 2
    row = Quarantined.objects.get()
    assert (row.cause, row.receipt.carried_by, str(row.receipt.item)) == ("by_hand", cast.lars, other["id"])
    faults = [
        desk.post([device.observation(patrol)], IMPORTS, officer=str(key))
        for key in (cast.yann.officer_id, new_key(), cast.rita.pk if cast.rita else new_key())
    ]
    assert {answer.status_code for answer in faults} == {400}
    assert len({answer.content.split(b"instance")[0] for answer in faults}) == 1
    end_post(cast.lars)
    assert desk.post([other], IMPORTS, officer=str(cast.lars.officer_id)).status_code == 403


def test_logged_under_another_post(joint: Joint, device_of: Any) -> None:
    cast, patrol, device = joint.cast, joint.active(), device_of(joint.cast.anton)
    second = Appointment.objects.create(
        officer=cast.anton.officer, agency=cast.a2, role="analyst", starts_on=cast.anton.starts_on
    )
    answer = device.post([device.observation(patrol)], appointment=str(second.pk))
    assert answer.status_code == 422
    end_post(second)
    # It is over: what was logged under it waits for that agency, though the officer acts for another now.
    assert device.one(device.observation(patrol), appointment=str(second.pk))["state"] == "quarantined"
    assert device.one(device.observation(patrol), appointment=str(cast.anton.pk))["state"] == "received"
    # Another's post is no post of the officer's.
    assert device.one(device.observation(patrol), appointment=str(cast.lars.pk))["state"] == "received"
