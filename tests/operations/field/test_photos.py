"""Photographs from the field: whole or not at all, once, and never wider than an order names them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.directory.models import new_key
from operations.field.models import Receipt
from operations.patrols.models import Observation, Photo
from tests.operations.field.conftest import Joint, jpeg
from tests.operations.patrols.conftest import sees


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def test_once_with_its_entry(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    item = device.observation(patrol, body={"photographs": 1})
    entry = device.one(item)
    key, made_at = str(new_key()), device.now.isoformat()
    answers = [device.photograph(item["id"], id=key, made_at=made_at).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert (answers[0]["state"], answers[0]["reference"]) == ("received", entry["reference"])
    assert Photo.objects.count() == 1
    other = device.photograph(item["id"], jpeg("red"), id=key, made_at=made_at).json()
    assert (other["state"], other["code"]) == ("refused", "other_body")


def test_one_that_did_not_arrive_whole_is_not_taken(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    item = device.observation(patrol)
    device.one(item)
    data = jpeg()
    broken = device.photograph(item["id"], data, file=SimpleUploadedFile("a.jpg", data[:-9]))
    assert broken.status_code == 200
    told = device.photograph(item["id"], data, sha256="0" * 64).json()
    assert (told["state"], told["code"]) == ("refused", "checksum")
    assert not Photo.objects.filter(observation__text="x").exists()


def test_what_is_no_photograph(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    item = device.observation(patrol)
    device.one(item)
    told = device.photograph(item["id"], b"GIF89a nothing").json()
    assert (told["state"], told["code"]) == ("refused", "bad_photo")
    assert device.photograph(item["id"], b"").status_code == 400
    assert device.photograph("x").status_code == 400
    assert device.photograph(new_key()).json()["code"] == "missing"
    assert Receipt.objects.count() == 1


def test_of_a_hidden_entry_as_of_an_unknown_one(joint: Joint, device_of: Any) -> None:
    entry = joint.log(joint.active(), joint.cast.anton)
    for key in (entry.pk, new_key()):
        assert device_of(joint.cast.zoe).photograph(key).json()["code"] == "missing"


def test_with_an_order_that_names_photographs_it_goes_out(joint: Joint, device_of: Any) -> None:
    cast, patrol = joint.cast, joint.active()
    joint.order(cast.xenia, photographs=True)
    device = device_of(cast.anton)
    item = device.observation(patrol, body={"photographs": 1, "shown": [str(cast.b.pk)]})
    assert not device.one(item)["held"]
    assert device.photograph(item["id"]).json()["state"] == "received"
    row = Observation.objects.get()
    assert sees(cast.yann, row)
    assert row.photos.count() == 1


def test_of_an_entry_that_is_shared_it_becomes_one_of_its_own(joint: Joint, device_of: Any) -> None:
    """Nobody had said that a photograph would follow: partners read the entry, and do not get the photograph."""
    cast, patrol = joint.cast, joint.active()
    joint.order(cast.xenia)
    device = device_of(cast.anton)
    item = device.observation(patrol, body={"shown": [str(cast.b.pk)]})
    first = device.one(item)
    assert not first["held"]
    found = device.photograph(item["id"]).json()
    assert (found["state"], found["held"]) == ("received", True)
    assert found["record"] != first["record"]
    apart = Observation.objects.get(pk=found["record"])
    assert first["reference"] in apart.text
    assert not sees(cast.yann, apart)
    assert Photo.objects.get().observation == apart
