import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from agencies.directory.models import new_key
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from operations.patrols import photos
from operations.patrols.actions import observations, patrols
from operations.patrols.models import Observation, Photo
from portal.ui.errors import Refused
from tests.operations.patrols.conftest import Joint, sees

HOUR = timedelta(hours=1)


def picture(**options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, options.pop("format", "JPEG"), **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def test_both_sides_log_and_own_what_they_log(joint: Joint) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    joint.order(cast.yara)
    patrol = joint.active()
    ours, theirs = joint.log(patrol, cast.anton), joint.log(patrol, cast.yann, type="hazard", text="Ice")
    assert theirs.record.owner == cast.b
    assert theirs.record.host == patrol.record
    assert theirs.record.title == "Hazard: Ice"
    assert sees(cast.yann, ours)
    assert sees(cast.anton, theirs)
    for who in (cast.zoe, cast.aldo, cast.zeno, cast.tara):
        assert not sees(who, ours)


def test_held_without_an_order_and_beyond_it(joint: Joint) -> None:
    cast = joint.cast
    patrol = joint.active()
    joint.release(patrol, cast.lars)
    assert not sees(cast.yann, joint.log(patrol, cast.anton))
    joint.order(cast.xenia)
    assert sees(cast.yann, joint.log(patrol, cast.anton))
    person = Marking(["operational", "personal_data"], 1, Tlp.AMBER)
    assert not sees(cast.yann, joint.log(patrol, cast.anton, marking=person))
    assert not sees(cast.yann, joint.log(patrol, cast.anton, pictures=[photos.redraw(picture())]))
    assert not sees(cast.yann, joint.log(patrol, cast.anton, shown=False))
    joint.order(cast.xenia, photographs=True)
    assert sees(cast.yann, joint.log(patrol, cast.anton, pictures=[photos.redraw(picture())]))


@pytest.mark.parametrize(("hours", "says"), [(-3, "before the patrol's start"), (1, "future")])
def test_outside_the_patrols_time(joint: Joint, hours: int, says: str) -> None:
    patrol = joint.active()
    with pytest.raises(Refused, match=says) as refused:
        joint.log(patrol, joint.cast.anton, occurred_at=timezone.now() + hours * HOUR)
    assert refused.value.field == "occurred_at"
    assert not Observation.objects.exists()


def test_after_the_patrols_end(joint: Joint) -> None:
    patrol = joint.active()
    patrol = patrols.end(patrol=patrol, by=joint.cast.lars, ended_at=timezone.now() - HOUR)
    assert joint.log(patrol, joint.cast.anton, occurred_at=timezone.now() - 1.5 * HOUR)
    with pytest.raises(Refused, match="after the patrol's end"):
        joint.log(patrol, joint.cast.anton, occurred_at=timezone.now() - HOUR / 2)


def test_a_planned_patrol_is_not_logged(joint: Joint) -> None:
    with pytest.raises(Refused, match="planned"):
        joint.log(joint.plan(), joint.cast.anton)


def test_only_on_a_leg_of_the_own_team(joint: Joint) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    patrol = joint.active()
    leg = joint.leg(patrol, cast.anton)
    assert joint.log(patrol, cast.lars, leg=leg).leg == leg
    with pytest.raises(Refused) as refused:
        joint.log(patrol, cast.yann, leg=leg)
    assert refused.value.field == "leg"


def test_a_form_sent_twice_makes_one_entry(joint: Joint) -> None:
    patrol, key = joint.active(), new_key()
    shots = [photos.redraw(picture())]
    for _ in range(2):
        assert joint.log(patrol, joint.cast.anton, key=key, pictures=shots).pk == key
    assert Observation.objects.count() == Photo.objects.count() == 1


def test_who_may_not_log(joint: Joint) -> None:
    patrol = joint.active()
    for who in (joint.cast.ada, joint.cast.arno, joint.cast.yann, joint.cast.zoe, joint.cast.aldo):
        with pytest.raises(Refused):
            joint.log(patrol, who)
    assert not Observation.objects.exists()


def test_a_photograph_is_added_while_nobody_else_reads_the_entry(joint: Joint) -> None:
    cast = joint.cast
    patrol = joint.active()
    joint.release(patrol, cast.lars)
    held = joint.log(patrol, cast.anton)
    shot = photos.redraw(picture())
    observations.add_photograph(observation=held, picture=shot, by=cast.anton)
    joint.release(held, cast.anton)
    for who in (cast.anton, cast.yann):
        with pytest.raises(Refused):
            observations.add_photograph(observation=held, picture=shot, by=who)
    assert held.photos.count() == 1


def test_a_failed_write_leaves_no_file(joint: Joint, media: Path) -> None:
    patrol = joint.active()
    held = joint.log(patrol, joint.cast.anton)
    shot = photos.redraw(picture())
    shot = photos.Picture(shot.image, shot.thumbnail, -1, 1, shot.digest)
    with pytest.raises(Exception, match="width"):
        observations.add_photograph(observation=held, picture=shot, by=joint.cast.anton)
    assert [path for path in media.rglob("*") if path.is_file()] == []
