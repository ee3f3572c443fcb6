from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.sharing.actions import circles
from agreements.sharing.disclosure import note_opening
from agreements.sharing.policy import access
from operations.patrols import tracks
from operations.patrols.actions import legs, patrols
from operations.patrols.models import Leg, Track
from portal.audit.models import Entry
from portal.outbox.models import Message
from portal.ui.errors import Refused
from tests.operations.patrols.conftest import Joint, gpx, sees

HOUR = timedelta(hours=1)


def test_each_team_starts_and_ends_its_own_leg(joint: Joint) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    joint.order(cast.yara)
    patrol = joint.active()
    ours, theirs = joint.leg(patrol, cast.anton), joint.leg(patrol, cast.yann)
    assert (ours.record.owner, theirs.record.owner) == (cast.a1, cast.b)
    assert sees(cast.yann, ours)
    assert sees(cast.anton, theirs)
    assert not sees(cast.zoe, ours)
    with pytest.raises(Refused) as refused:
        legs.end(leg=theirs, by=cast.anton)
    assert refused.value.code == "forbidden"
    patrols.end(patrol=patrol, by=cast.lars)
    assert Leg.objects.get(pk=ours.pk).ended_at is not None
    assert Leg.objects.get(pk=theirs.pk).ended_at is None
    legs.end(leg=theirs, by=cast.yann)


def test_a_leg_needs_sight_of_the_host(joint: Joint) -> None:
    patrol = joint.active()
    with pytest.raises(Refused) as refused:
        joint.leg(patrol, joint.cast.yann)
    assert refused.value.code == "not_found"


def test_a_leg_needs_assignment_and_role(joint: Joint) -> None:
    cast = joint.cast
    patrol = joint.active()
    own = joint.circle.participations.get(agency=cast.a1)
    circles.unassign(assignment=own.assignments.get(appointment=cast.anton), by=cast.xenia)
    for who in (cast.anton, cast.ada):
        with pytest.raises(Refused) as refused:
            joint.leg(patrol, who)
        assert refused.value.code == "forbidden"
    assert not Leg.objects.exists()


def test_a_leg_starts_on_an_active_patrol_one_at_a_time(joint: Joint) -> None:
    cast = joint.cast
    patrol = joint.plan()
    with pytest.raises(Refused, match="planned"):
        joint.leg(patrol, cast.anton)
    patrols.start(patrol=patrol, by=cast.lars)
    joint.leg(patrol, cast.anton)
    with pytest.raises(Refused, match="running already"):
        joint.leg(patrol, cast.lars)


def test_a_leg_is_written_up_after_the_patrol(joint: Joint) -> None:
    patrol = joint.active()
    patrols.end(patrol=patrol, by=joint.cast.lars)
    now = timezone.now()
    leg = joint.leg(patrol, joint.cast.lars, started_at=now - HOUR, ended_at=now)
    assert leg.duration == HOUR
    with pytest.raises(Refused, match="ended"):
        joint.leg(patrol, joint.cast.lars)


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [(-3, None, "started_at"), (1, None, "started_at"), (-1, -1.5, "ended_at"), (-1, 1, "ended_at")],
)
def test_times_that_cannot_be(joint: Joint, start: float, end: float | None, field: str) -> None:
    patrol = joint.active()
    now = timezone.now()
    times = {"started_at": now + start * HOUR, "ended_at": None if end is None else now + end * HOUR}
    with pytest.raises(Refused) as refused:
        joint.leg(patrol, joint.cast.anton, **times)
    assert refused.value.field == field


def test_when_the_host_is_hidden_a_running_leg_is_finished(joint: Joint) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    patrol = joint.active()
    leg = joint.leg(patrol, cast.yann, started_at=timezone.now() - HOUR)
    joint.suspend()
    assert not sees(cast.yann, patrol)
    assert sees(cast.yann, leg)
    track = legs.attach_track(leg=leg, reading=tracks.read(gpx(timezone.now() - HOUR)), by=cast.yann)
    assert track.length_m > 0
    assert legs.end(leg=leg, by=cast.yann).ended_at is not None
    with pytest.raises(Refused) as refused:
        joint.log(patrol, cast.yann)
    assert refused.value.code == "not_found"
    with pytest.raises(Refused) as refused:
        joint.leg(patrol, cast.yann)
    assert refused.value.code == "not_found"


def test_a_form_sent_twice_starts_one_leg(joint: Joint) -> None:
    patrol, key = joint.active(), new_key()
    assert joint.leg(patrol, joint.cast.anton, key=key).pk == joint.leg(patrol, joint.cast.anton, key=key).pk


def test_a_track_is_replaced_and_both_digests_kept(joint: Joint) -> None:
    leg = joint.leg(joint.active(), joint.cast.anton, started_at=timezone.now() - HOUR)
    first = legs.attach_track(leg=leg, reading=tracks.read(gpx(timezone.now() - HOUR)), by=joint.cast.anton)
    second = legs.attach_track(leg=leg, reading=tracks.read(gpx(count=40)), by=joint.cast.lars)
    assert Track.objects.get(leg=leg).digest == second.digest
    entry = Entry.objects.filter(verb="leg.track").order_by("pk").last()
    assert entry is not None
    assert entry.data["replaces"] == first.digest


def test_a_replaced_track_is_told_to_whoever_opened_the_leg(joint: Joint) -> None:
    """R16. The first track, and the end of the leg, correct nothing; nor does the same file once more."""
    cast = joint.cast
    joint.order(cast.xenia)
    leg = joint.leg(joint.active(), cast.anton, started_at=timezone.now() - HOUR)
    note_opening(access(cast.yann, timezone.now()), leg.record)
    first = tracks.read(gpx(timezone.now() - HOUR))
    for _ in range(2):
        legs.attach_track(leg=leg, reading=first, by=cast.anton)
    legs.end(leg=leg, by=cast.anton)
    assert not Message.objects.filter(kind="sharing.recalled").exists()
    legs.attach_track(leg=leg, reading=tracks.read(gpx(count=40)), by=cast.lars)
    payload = Message.objects.get(kind="sharing.recalled").payload
    assert (payload["what"], list(payload["opened"])) == ("corrected", [str(cast.yann.pk)])


@pytest.mark.parametrize("shift", [-2 * HOUR, -24 * HOUR, HOUR])
def test_a_track_of_another_time_is_refused(joint: Joint, shift: timedelta) -> None:
    leg = joint.leg(joint.active(), joint.cast.anton, started_at=timezone.now() - HOUR)
    with pytest.raises(Refused) as refused:
        legs.attach_track(leg=leg, reading=tracks.read(gpx(timezone.now() + shift)), by=joint.cast.anton)
    assert refused.value.field == "track"
    assert not Track.objects.exists()


def test_nobody_attaches_to_a_partners_leg(joint: Joint) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    leg = joint.leg(joint.active(), cast.anton)
    with pytest.raises(Refused) as refused:
        legs.attach_track(leg=leg, reading=tracks.read(gpx()), by=cast.yann)
    assert refused.value.code == "forbidden"
