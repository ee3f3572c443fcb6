"""Two versions of an entry: none overwrites the other, a person decides, nothing is lost."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from operations.field.models import Version
from operations.patrols.models import Observation, Team, Track
from tests.operations.field.conftest import MINUTE, Device, Joint
from tests.operations.patrols.conftest import gpx


def edit(device: Device, row: Observation, text: str, version: int = 1, **body: Any) -> dict[str, Any]:
    return device.item("observation", {"edits": str(row.pk), "version": version, "text": text, **body})


@pytest.fixture
def entry(joint: Joint) -> Observation:
    return joint.log(joint.active(), joint.cast.anton, text="One boat")


def second_of(joint: Joint, device_of: Any, entry: Observation) -> Version:
    one, two = device_of(joint.cast.anton), device_of(joint.cast.lars)
    assert one.one(edit(one, entry, "Two boats"))["state"] == "received"
    assert two.one(edit(two, entry, "A raft", type="hazard"))["state"] == "conflict"
    return Version.objects.get(state="waiting")


def test_an_edit_of_the_present_version_is_taken(joint: Joint, device_of: Any, entry: Observation) -> None:
    device = device_of(joint.cast.lars)
    item = edit(device, entry, "Two boats", latitude=47.6, longitude=9.1)
    assert device.one(item) == device.one(item)
    row = Observation.objects.get()
    assert (row.text, row.record.title, row.record.version) == ("Two boats", "Sighting: Two boats", 2)
    assert row.record.latitude == 47.6
    # What it was before is kept.
    assert Version.objects.get().text == "One boat"
    assert Version.objects.get().state == "earlier"


def test_one_of_an_older_version_is_kept_beside(joint: Joint, device_of: Any, entry: Observation) -> None:
    row = second_of(joint, device_of, entry)
    assert (row.text, row.type, row.based_on) == ("A raft", "hazard", 1)
    assert Observation.objects.get().text == "Two boats"


def test_the_answer_says_so_every_time(joint: Joint, device_of: Any, entry: Observation) -> None:
    device = device_of(joint.cast.lars)
    item = edit(device, entry, "A raft", version=7)
    first = device.one(item)
    assert first["state"] == "conflict"
    assert "Both versions are kept" in first["errors"][0]["message"]
    assert device.one(item) == first
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    ("outcome", "text", "count"), [("standing", "Two boats", 1), ("second", "A raft", 1), ("both", "Two boats", 2)]
)
def test_the_leader_decides_and_nothing_is_lost(
    joint: Joint, device_of: Any, entry: Observation, as_: Any, outcome: str, text: str, count: int
) -> None:
    row = second_of(joint, device_of, entry)
    Team.objects.filter(agency=joint.cast.a1).update(leader=joint.cast.anton)
    page = reverse("field:version-detail", args=[row.pk])
    decide = reverse("field:version-decide", args=[row.pk])
    shown = as_(joint.cast.lars).get(page).content.decode()
    assert "Two boats" in shown
    assert "A raft" in shown
    assert 'name="outcome"' not in shown
    assert as_(joint.cast.lars).post(decide, {"outcome": outcome}).status_code == 403
    assert 'name="outcome"' in as_(joint.cast.anton).get(page).content.decode()
    assert as_(joint.cast.anton).post(decide, {"outcome": "neither"}).status_code == 200
    assert as_(joint.cast.anton).post(decide, {"outcome": outcome}).status_code == 302
    assert Observation.objects.get(pk=entry.pk).text == text
    assert Observation.objects.count() == count
    row.refresh_from_db()
    assert row.state == {"standing": "declined", "second": "taken", "both": "apart"}[outcome]
    everything = {*Observation.objects.values_list("text", flat=True), *Version.objects.values_list("text", flat=True)}
    assert everything >= {"One boat", "Two boats", "A raft"}
    # Decided is decided.
    as_(joint.cast.anton).post(decide, {"outcome": "second"})
    row.refresh_from_db()
    assert row.decided_by == joint.cast.anton
    assert as_(joint.cast.anton).get(page).status_code == 200


def test_where_no_leader_is_named_the_team_decides(
    joint: Joint, device_of: Any, entry: Observation, api_as: Any
) -> None:
    row = second_of(joint, device_of, entry)
    assert (
        api_as(joint.cast.ada).send("POST", f"field/versions/{row.pk}/decide/", {"outcome": "both"}).status_code == 403
    )
    found = api_as(joint.cast.lars).send("POST", f"field/versions/{row.pk}/decide/", {"outcome": "both"})
    assert found.json()["state"] == "apart", found.content
    made = Observation.objects.get(pk=found.json()["entry"])
    assert (made.text, made.type) == ("A raft", "hazard")
    assert not made.record.releases.exclude(clause=None).exists()


def test_only_the_own_agency_edits_and_reads_versions(
    joint: Joint, device_of: Any, entry: Observation, as_: Any, api_as: Any
) -> None:
    joint.release(entry, joint.cast.lars)
    joint.release(entry.record.host.patrol, joint.cast.lars)
    theirs = device_of(joint.cast.yann)
    found = theirs.one(edit(theirs, entry, "Ours"))
    assert (found["state"], found["code"]) == ("refused", "forbidden")
    row = second_of(joint, device_of, entry)
    assert as_(joint.cast.yann).get(reverse("field:version-detail", args=[row.pk])).status_code == 404
    assert api_as(joint.cast.yann).send("GET", "field/versions/").json()["results"] == []
    assert len(api_as(joint.cast.lars).send("GET", "field/versions/?state=waiting").json()["results"]) == 1


def test_tracks_of_two_tablets(joint: Joint, device_of: Any, api_as: Any, as_: Any) -> None:
    """The second is no replacement of the first: it waits beside it, and either can be taken."""
    patrol = joint.active()
    leg = joint.leg(patrol, joint.cast.anton, started_at=timezone.now() - 60 * MINUTE)
    one, two = device_of(joint.cast.anton), device_of(joint.cast.lars)
    start = timezone.now() - 50 * MINUTE
    first = one.one(one.item("track", {"gpx": gpx(start).decode()}, leg=leg.pk))
    other = two.one(two.item("track", {"gpx": gpx(start, count=9).decode()}, leg=leg.pk))
    assert [first["state"], other["state"]] == ["received", "conflict"]
    assert Track.objects.get().point_count == 20
    row = Version.objects.get()
    assert as_(joint.cast.lars).get(reverse("field:version-detail", args=[row.pk])).status_code == 200
    desk = api_as(joint.cast.lars)
    assert desk.send("POST", f"field/versions/{row.pk}/decide/", {"outcome": "both"}).status_code == 422
    assert desk.send("POST", f"field/versions/{row.pk}/decide/", {"outcome": "second"}).json()["state"] == "taken"
    assert Track.objects.get().point_count == 9
    assert {version.track["point_count"] for version in Version.objects.all() if version.track} == {9, 20}


def test_a_track_that_cannot_be_taken_is_refused(joint: Joint, device_of: Any) -> None:
    patrol = joint.active()
    leg = joint.leg(patrol, joint.cast.anton, started_at=timezone.now() - 60 * MINUTE)
    one, two = device_of(joint.cast.anton), device_of(joint.cast.lars)
    one.one(one.item("track", {"gpx": gpx(timezone.now() - 50 * MINUTE).decode()}, leg=leg.pk))
    late = two.item("track", {"gpx": gpx(timezone.now() - 5000 * MINUTE).decode()}, leg=leg.pk)
    assert two.one(late)["state"] == "refused"
    assert not Version.objects.exists()


def test_lists_cost_the_same_for_one_and_for_many(joint: Joint, device_of: Any, entry: Observation, as_: Any) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    second_of(joint, device_of, entry)
    client, counts = as_(joint.cast.lars), []
    for _ in range(2):
        client.get(reverse("field:version-list"))
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("field:version-list")).status_code == 200
        counts.append(len(found))
        for number in range(5):
            device = device_of(joint.cast.lars)
            device.one(edit(device, entry, f"Raft {number}"))
    assert counts[0] == counts[1]


def test_the_receipt_tells_the_version_that_an_edit_names(joint: Joint, device_of: Any) -> None:
    """Photographs count as changes too. Who went beside what stands is told none: that was not read there."""
    one, two = device_of(joint.cast.anton), device_of(joint.cast.lars)
    item = one.observation(joint.active(), "One boat", body={"photographs": 1})
    made = one.one(item)
    assert made["version"] == 1
    assert one.one(item) == made
    photo = one.photograph(item["id"]).json()
    assert (photo["state"], photo["version"]) == ("received", 2)
    row = Observation.objects.get()
    stale = two.one(edit(two, row, "A raft"))
    assert (stale["state"], stale["version"]) == ("conflict", None)
    edited = one.one(one.item("observation", {"edits": item["id"], "version": 2, "text": "Two boats"}))
    assert (edited["state"], edited["version"]) == ("received", 3)
    assert Observation.objects.get().text == "Two boats"
    started = one.one(one.item("check_in", {}, patrol=row.record.host_id))
    assert started["version"] is None
