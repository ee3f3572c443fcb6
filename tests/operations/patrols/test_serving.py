"""A download that is under way ends with the right to see what is downloaded (R13)."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from agencies.directory.models import Appointment
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from operations.patrols import photos
from operations.patrols.models import Photo
from portal import sending
from tests.operations.patrols.conftest import Joint

SIZE = (900, 700)


@pytest.fixture(autouse=True)
def small(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces so small that there are many, and the policy asked before each."""
    settings.MEDIA_ROOT = str(tmp_path)
    monkeypatch.setattr(sending, "PIECE", 512)
    monkeypatch.setattr(sending, "ASK_AFTER", 0)


@pytest.fixture
def photo(joint: Joint) -> Photo:
    """Of a1, released to the operation in which b takes part."""
    joint.order(joint.cast.xenia, photographs=True)
    out = io.BytesIO()
    Image.effect_noise(SIZE, 90).convert("RGB").save(out, "JPEG")
    row = joint.log(joint.active(), joint.cast.anton, pictures=[photos.redraw(out.getvalue())])
    return row.photos.get()


def revoked(joint: Joint, photo: Photo) -> None:
    record = photo.observation.record
    releases.revoke(release=record.releases.get(clause__isnull=False), by=joint.cast.xenia)


def suspended(joint: Joint, photo: Photo) -> None:
    joint.suspend()


def over(joint: Joint, photo: Photo) -> None:
    Appointment.objects.filter(pk=joint.cast.yann.pk).update(ended_at=timezone.now())


def raised(joint: Joint, photo: Photo) -> None:
    marking = Marking(categories=["operational"], classification=2, tlp=2)
    records.mark(record=photo.observation.record, marking=marking, by=joint.cast.xenia)


ADDRESSES = {
    "page": lambda photo: reverse("patrols:photo-image", args=[photo.pk]),
    "API": lambda photo: reverse("observations-photo", args=[photo.observation_id, photo.pk]),
}


@pytest.mark.parametrize("ends", [revoked, suspended, over, raised])
@pytest.mark.parametrize("door", ADDRESSES)
def test_it_breaks_off_in_the_middle(
    joint: Joint, photo: Photo, as_: Any, door: str, ends: Callable[[Joint, Photo], None]
) -> None:
    answer = as_(joint.cast.yann).get(ADDRESSES[door](photo))
    assert answer.status_code == 200
    under_way = iter(answer.streaming_content)
    got = next(under_way) + next(under_way)
    ends(joint, photo)
    with pytest.raises(sending.Closed):
        next(under_way)
    assert len(got) < int(answer["Content-Length"]), "who receives it knows that it is not whole"


@pytest.mark.parametrize("door", ADDRESSES)
def test_who_sees_it_gets_all_of_it(
    joint: Joint, photo: Photo, as_: Any, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PIECE", 16 * 1024)  # Some thirty pieces: each is asked for, to the end.
    for who in (joint.cast.yann, joint.cast.anton):
        answer = as_(who).get(ADDRESSES[door](photo))
        body = b"".join(answer.streaming_content)
        assert (len(body), body[:2]) == (int(answer["Content-Length"]), b"\xff\xd8")
        assert "no-store" in answer["Cache-Control"]


def test_one_whose_file_is_lost_is_not_found(joint: Joint, photo: Photo, as_: Any) -> None:
    Path(photo.image.path).unlink()
    for address in ADDRESSES.values():
        assert as_(joint.cast.yann).get(address(photo)).status_code == 404
