"""A device sends the track of its leg in stretches while it goes: they are one recording, however they arrive."""

import itertools
import random
from typing import Any

import pytest
from django.utils import timezone

from agreements.alerts.models import Alert
from agreements.sharing.models import Record
from operations.field.models import Version
from operations.patrols import exports
from operations.patrols.models import Leg, Track
from portal.outbox.sweeping import sweep
from tests.operations.field.conftest import MINUTE, Device, Joint


@pytest.fixture
def leg(joint: Joint) -> Leg:
    return joint.leg(joint.active(), joint.cast.anton, started_at=timezone.now() - 60 * MINUTE)


def way(first: int, last: int) -> list[list[float]]:
    """A fix each ten seconds, from the start of the hour on."""
    start = int((timezone.now() - 59 * MINUTE).timestamp()) // 600 * 600 + 600
    return [
        [round(9.1 + at * 0.0001, 6), round(47.6 + at % 3 * 0.0001, 6), start + at * 10] for at in range(first, last)
    ]


def stretch(device: Device, leg: Leg, *pieces: list[list[float]]) -> dict[str, Any]:
    return device.item("track", {"joins": True, "pieces": list(pieces)}, leg=leg.pk)


def recorded(track: Track) -> list[list[tuple[float, float, int]]]:
    fixes = exports.recording_of(track)
    return [[(*fixes.point(at), fixes.instants[at] // 1000) for at in piece] for piece in fixes.pieces()]


def test_stretches_are_joined_in_any_order_and_however_often(joint: Joint, device_of: Any, leg: Leg) -> None:
    """Each begins with the last fix of the one before; between the two pieces nothing was recorded."""
    device, chance = device_of(joint.cast.anton), random.Random(7)
    whole, rest = way(0, 60), way(70, 90)
    cuts = [0, 9, 20, 21, 40, 59]
    sent = [stretch(device, leg, whole[a : b + 1]) for a, b in itertools.pairwise(cuts)]
    sent += [stretch(device, leg, rest[:11]), stretch(device, leg, rest[10:])]
    # One that was refused is told once more, with the stretch after it.
    sent += [stretch(device, leg, whole[15:30])]
    chance.shuffle(sent)
    for item in (*sent, *sent[:3]):
        assert device.one(item)["state"] == "received"
    expected = [[(lat, lon, at) for lon, lat, at in piece] for piece in (whole, rest)]
    track = Track.objects.get()
    assert recorded(track) == expected
    assert track.point_count == 80
    assert exports.recording_of(track).instants[0] == whole[0][2] * 1000
    assert not Version.objects.exists()


def test_while_the_leg_runs_growing_corrects_nothing(joint: Joint, device_of: Any, leg: Leg, as_: Any) -> None:
    """A partner who opened it sees the track move, and is not told each minute that it was corrected (R16)."""
    device, path = device_of(joint.cast.anton), way(0, 30)
    joint.release(leg.record.host.patrol, joint.cast.anton)
    joint.release(leg, joint.cast.anton)
    device.one(stretch(device, leg, path[:10]))
    page = f"/patrols/legs/{leg.pk}/map/"
    lengths = []
    for till in (20, 30):
        device.one(stretch(device, leg, path[till - 11 : till]))
        answer = as_(joint.cast.yann).get(page)
        assert answer.status_code == 200
        lengths.append(answer.content)
    assert lengths[0] != lengths[1]
    while sweep():
        pass
    assert not Alert.objects.filter(kind__contains="correct").exists()
    # A late one, after the end, does.
    Leg.objects.filter(pk=leg.pk).update(ended_at=timezone.now())
    before = Record.objects.get(pk=leg.pk).version
    device.one(stretch(device, leg, way(29, 40)))
    assert Record.objects.get(pk=leg.pk).version == before + 1


def test_the_second_tablet_grows_beside_the_first(joint: Joint, device_of: Any, leg: Leg, api_as: Any) -> None:
    """One version that waits, not one for each minute; once it is chosen, that tablet's stretches go on in it."""
    one, two = device_of(joint.cast.anton), device_of(joint.cast.lars)
    path = way(0, 40)
    for first in range(0, 30, 10):
        assert one.one(stretch(one, leg, path[first : first + 11]))["state"] == "received"
        assert two.one(stretch(two, leg, path[first : first + 6]))["state"] == "conflict"
    assert Track.objects.get().point_count == 31
    version = Version.objects.get()
    assert version.track["point_count"] == 18
    decided = api_as(joint.cast.lars).send("POST", f"field/versions/{version.pk}/decide/", {"outcome": "second"})
    assert decided.json()["state"] == "taken", decided.content
    assert two.one(stretch(two, leg, path[30:36]))["state"] == "received"
    assert Track.objects.get().point_count == 24
    assert one.one(stretch(one, leg, path[30:41]))["state"] == "conflict"
    assert two.one(stretch(two, leg, path[35:40]))["state"] == "received"
    assert Track.objects.get().point_count == 28


@pytest.mark.parametrize(
    "body",
    [
        {"joins": True, "gpx": "<gpx/>"},
        {"joins": True, "pieces": [[[9.1, 47.6, None], [9.2, 47.6, None]]]},
        {"joins": True, "pieces": [[[9.1, 47.6, 1_700_000_010], [9.2, 47.6, 1_700_000_000]]]},
        {"joins": True, "pieces": [[[9.1, 47.6, 1_700_000_010]]]},
        {"joins": True, "pieces": []},
        {"joins": "perhaps", "pieces": [way(0, 5)]},
    ],
    ids=["document", "no times", "back in time", "one point", "nothing", "no such word"],
)
def test_what_is_no_stretch_is_refused_with_its_reason(
    joint: Joint, device_of: Any, leg: Leg, body: dict[str, Any]
) -> None:
    device = device_of(joint.cast.anton)
    found = device.one(device.item("track", body, leg=leg.pk))
    assert found["state"] == "refused"
    assert found["errors"][0]["message"]
    assert not Track.objects.exists()


def test_only_the_own_agency_sends_them(joint: Joint, device_of: Any, leg: Leg) -> None:
    theirs = device_of(joint.cast.yann)
    joint.release(leg.record.host.patrol, joint.cast.anton)
    joint.release(leg, joint.cast.anton)
    found = theirs.one(stretch(theirs, leg, way(0, 5)))
    assert (found["state"], found["code"]) == ("refused", "forbidden")
    assert not Track.objects.exists()
