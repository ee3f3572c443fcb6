"""Entries that are filled in: by a page, the API and a device; what they show, to whom, and when the types change."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.sharing.models import Record
from operations.field.models import Version
from operations.patrols.actions import observations
from operations.patrols.models import Observation
from operations.types.filling import Filling
from operations.types.models import Catalogue, Filled
from portal.ui.errors import Refused
from tests.operations.field.conftest import KIT, Device, device_of
from tests.operations.field.test_kit import joint_of, planned
from tests.operations.patrols.conftest import OPERATIONAL, Joint, joint, sees
from tests.operations.planning.conftest import Desk, desk
from tests.operations.types.conftest import BIRD, VAN, first, publish

__all__ = ["desk", "device_of", "first", "joint"]


def log(joint: Joint, values: dict[str, Any] | None = None, **more: Any) -> Observation:
    by = more.pop("by", joint.cast.anton)
    filling = Filling(
        more.pop("key_of_type", "van"), {"persons": 2} if values is None else values, more.pop("made_with", None)
    )
    return joint.log(more.pop("patrol", None) or joint.active(), by, type="", filling=filling, **more)


def test_an_entry_keeps_its_type_and_counts_as_its_word(joint: Joint, first: Catalogue) -> None:
    row = log(joint, {"persons": 3, "speed": 40, "signs": ["low"]}, text="At the bridge.")
    assert row.type == "check"
    assert row.record.title == "Van: At the bridge."
    assert "Persons 3" in row.record.search_text
    filled = Filled.objects.get()
    assert (filled.catalogue, filled.number, filled.older, filled.values["signs"]) == (first.pk, 1, False, ["low"])
    alone = log(joint, {"persons": 1}, text="")
    assert alone.record.title == "Van: Persons 1"
    bird = log(joint, {}, key_of_type="bird", text="A heron.")
    assert bird.filled is not None
    for wrong, field in (
        ({"key_of_type": "cat"}, "form"), ({"made_with": joint.record.pk}, "form"), ({"values": {"persons": 61}}, "values.persons"),
        ({"key_of_type": "bird", "values": {}, "text": " "}, "text"),
    ):  # fmt: skip
        count = Record.objects.count()
        patrol = joint.active()
        with pytest.raises(Refused) as refused:
            log(joint, patrol=patrol, **wrong)  # type: ignore[arg-type]
        assert refused.value.field == field
        assert Record.objects.count() == count + 1  # the patrol alone


def test_personal_data_of_a_field_waits(joint: Joint, first: Catalogue) -> None:
    """The order gives operational data to the partner at once; a number plate is personal data (R6)."""
    joint.order(joint.cast.xenia)
    patrol = joint.active()
    open_one = log(joint, {"persons": 2}, patrol=patrol)
    held = log(joint, {"persons": 2, "plate": "KN-X 1"}, patrol=patrol)
    assert sees(joint.cast.yann, open_one)
    assert not sees(joint.cast.yann, held)
    assert "personal_data" in held.record.categories
    # Nor does a change slip some in under the marking of before.
    with pytest.raises(Refused, match="personal data"):
        observations.change(
            observation=open_one, version=open_one.record.version, by=joint.cast.anton, text="x",
            values={"persons": 2, "plate": "KN-X 1"},
        )  # fmt: skip


def test_the_form_shows_the_fields_and_keeps_what_was_typed(joint: Joint, first: Catalogue, as_: Any) -> None:
    patrol, client = joint.active(), as_(joint.cast.anton)
    address = reverse("patrols:observation-create", args=[patrol.pk])
    shown = client.get(f"{address}?type=own-van").content.decode()
    assert 'data-is="own-van"><legend' in shown  # not hidden
    assert "km/h" in shown
    assert 'value="own-bird"' in shown
    at = timezone.localtime(timezone.now() - timedelta(minutes=5), joint.cast.a1.zone)
    data = {
        "type": "own-van", "text": "", "occurred_at": at.strftime("%Y-%m-%dT%H:%M"), "categories": ["operational"],
        "classification": "1", "tlp": "2", "own-van-speed": "500", "own-van-signs": ["low"],
    }  # fmt: skip
    data["tlp"] = str(OPERATIONAL.tlp.value)  # type: ignore[attr-defined]
    wrong = client.post(address, data)
    words = wrong.content.decode()
    assert wrong.status_code == 200
    assert "less than or equal to 120" in words
    assert "This field is required" in words
    assert '<a href="#id_own-van-speed">' in words, "the summary leads to each of them"
    assert 'value="500"' in words
    assert Observation.objects.count() == 0
    sent = client.post(address, {**data, "own-van-speed": "50", "own-van-persons": "4"})
    assert sent.status_code == 302, sent.content.decode()
    row = Observation.objects.get()
    assert row.filled.values == {"speed": 50, "persons": 4, "signs": ["low"]}  # type: ignore[union-attr]
    assert row.filled.number == 1  # type: ignore[union-attr]
    page = client.get(reverse("patrols:observation-detail", args=[row.pk])).content.decode()
    assert "50 km/h" in page
    assert "Version 1" in page
    assert "50 km/h" in client.get(reverse("patrols:patrol-detail", args=[patrol.pk])).content.decode()
    # A word of every operation is logged as ever; without a text it is nothing.
    assert client.post(address, {**data, "type": "note", "text": "Quiet"}).status_code == 302
    assert "This field is required" in client.post(address, {**data, "type": "note"}).content.decode()


def test_it_is_read_after_the_operation_is_hidden(joint: Joint, first: Catalogue, as_: Any) -> None:
    """The partner's own entry, with its labels, when the treaty is suspended and the operation gone (R3)."""
    row = log(joint, {"persons": 9}, by=joint.cast.yann, patrol=joint.active(by=joint.cast.yann))
    given = log(joint, {"persons": 7}, by=joint.cast.anton)
    joint.release(given, joint.cast.xenia)
    client = as_(joint.cast.yann)
    assert "Persons" in client.get(reverse("patrols:observation-detail", args=[given.pk])).content.decode()
    joint.suspend()
    page = client.get(reverse("patrols:observation-detail", args=[row.pk]))
    assert page.status_code == 200
    assert "Persons" in page.content.decode()
    assert client.get(reverse("patrols:observation-detail", args=[given.pk])).status_code == 404


def test_the_api_takes_and_tells_it(joint: Joint, first: Catalogue, api_as: Any) -> None:
    patrol, client = joint.active(), api_as(joint.cast.anton)
    path = f"patrols/{patrol.pk}/observations/"
    wrong = client.send("POST", path, {"form": "van", "values": {"speed": 900, "other": 1}})
    assert wrong.status_code == 422
    assert {item["field"] for item in wrong.json()["errors"]} == {"values.speed", "values.persons", "values.other"}
    assert client.send("POST", path, {"form": "cat", "values": {}}).status_code in (409, 422)
    assert client.send("POST", path, {"values": {"persons": 1}, "type": "note", "text": "x"}).status_code == 400
    assert (
        client.send("POST", path, {"text": "x"}).status_code
        == client.send("POST", path, {"type": "note"}).status_code
        == 400
    )
    made = client.send("POST", path, {"form": "van", "catalogue": str(first.pk), "values": {"persons": 1}})
    assert made.status_code == 201, made.content
    told = made.json()["filled"]
    assert (told["number"], told["values"], told["form"]["labels"]["de"]) == (1, {"persons": 1}, "Lieferwagen")
    assert made.json()["type"] == "check"
    plain = client.send("POST", path, {"type": "note", "text": "Quiet"})
    assert plain.json()["filled"] is None
    listed = client.send("GET", path).json()
    assert [bool(item["filled"]) for item in listed] == [True, False]


def test_a_device_with_an_older_version(joint: Joint, first: Catalogue, device_of: Any) -> None:
    device: Device = device_of(joint.cast.anton)
    patrol = joint.active()
    second = publish(joint, {**VAN, "fields": [{**VAN["fields"][0], "required": True}]}, BIRD)  # type: ignore[index,dict-item]
    body = {"type": "check", "form": "van", "catalogue": str(first.pk), "values": {"persons": 5}, "text": ""}
    item = device.observation(patrol, body=body)
    found = device.one(item)
    assert (found["state"], found["flags"]) == ("received", ["older"])
    assert device.one(item)["reference"] == found["reference"]
    filled = Filled.objects.get(record=found["record"])
    assert (filled.number, filled.older, filled.type.field("persons") is not None) == (1, True, True)
    # Of the newer one, what that asks for is needed; every fault is told at its field.
    late = device.one(device.observation(patrol, body={**body, "catalogue": str(second.pk)}))
    assert late["state"] == "refused"
    assert {error["field"] for error in late["errors"]} == {"values.speed", "values.persons"}
    fresh = device.one(device.observation(patrol, body={**body, "catalogue": str(second.pk), "values": {"speed": 3}}))
    assert (fresh["state"], fresh["flags"]) == ("received", [])
    strange = device.one(device.observation(patrol, body={**body, "catalogue": str(patrol.pk)}))
    assert (strange["state"], strange["code"]) == ("refused", "missing")


def test_values_of_two_devices_are_two_versions(joint: Joint, first: Catalogue, device_of: Any) -> None:
    device: Device = device_of(joint.cast.anton)
    patrol = joint.active()
    made = device.one(
        device.observation(patrol, body={"form": "van", "catalogue": str(first.pk), "values": {"persons": 5}})
    )
    row = Observation.objects.get(pk=made["record"])
    edit = {"edits": made["record"], "version": row.record.version, "text": "Two of them", "values": {"persons": 6}}
    assert device.one(device.item("observation", edit))["state"] == "received"
    assert Filled.objects.get(record=row.pk).values == {"persons": 6}
    assert Version.objects.get(state="earlier").values == {"persons": 5}
    second = device.one(device.item("observation", {**edit, "values": {"persons": 7}}))
    assert second["state"] == "conflict"
    assert Version.objects.get(state="waiting").values == {"persons": 7}
    wrong = device.one(device.item("observation", {**edit, "values": {"persons": 99}}))
    assert (wrong["state"], wrong["errors"][0]["field"]) == ("refused", "values.persons")


def test_the_kit_carries_the_schema(desk: Desk, api_as: Any) -> None:
    """As JSON Schema with titles in the officer's tongue, those with a button first, and with the operation alone."""
    row = planned(desk)
    desk.cast.a1.languages = ["de"]
    desk.cast.a1.save()
    made = publish(joint_of(desk, row), BIRD, VAN)
    kit = api_as(desk.cast.anton).send("GET", KIT).json()["observation_types"]
    own = [item for item in kit if item.get("operation")]
    assert [(item["value"], item["label"], item["base"], item["quick"]) for item in own] == [
        ("van", "Lieferwagen", "check", True),
        ("bird", "Bird", "sighting", False),
    ]
    assert {(item["operation"], item["catalogue"], item["version"]) for item in own} == {(str(row.pk), str(made.pk), 1)}
    assert list(own[0]["schema"]["properties"]) == ["speed", "plate", "persons", "signs"]
    assert own[0]["schema"]["properties"]["speed"]["title"] == "Geschwindigkeit"
    assert own[0]["schema"]["required"] == ["persons"]
    assert "van" not in str(api_as(desk.cast.lars).send("GET", KIT).json()["observation_types"])
