"""The whole recording leaves through the one door, with its marking in it; a map asks for what it shows."""

import json
from datetime import timedelta
from typing import Any

import gpxpy
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agreements.sharing.models import Record
from operations.patrols import exports, tracks
from operations.patrols.actions import legs
from operations.patrols.models import Leg, Recording, Track
from portal.audit.models import Entry
from portal.audit.recording import DISCLOSE
from portal.sending import Closed
from tests.operations.patrols.conftest import GPX, Joint, gpx
from tests.operations.patrols.test_api import api

COUNT = 400


def winding(count: int = COUNT) -> bytes:
    """A recording from ten minutes ago on, with a bend at every fix."""
    begun, points = timezone.now() - timedelta(minutes=10), []
    for number in range(count):
        at = (begun + timedelta(seconds=number)).isoformat()
        latitude, longitude = 47.66 + number * 1e-4, 9.17 + (number % 2) * 1e-5
        points.append(f'<trkpt lat="{latitude:.6f}" lon="{longitude:.6f}"><time>{at}</time></trkpt>')
    return GPX.format(points="".join(points)).encode()


@pytest.fixture
def leg(joint: Joint) -> Leg:
    """Anton's, shared with b by a standing order."""
    joint.order(joint.cast.xenia)
    row = joint.leg(joint.active(), joint.cast.anton)
    legs.attach_track(leg=row, reading=tracks.read(winding()), by=joint.cast.anton)
    return row


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_both_sides_take_the_whole_recording_away(joint: Joint, leg: Leg, as_: Any) -> None:
    Record.objects.filter(pk=leg.pk).update(handling_codes=["H2"])
    for who in (joint.cast.anton, joint.cast.yann):
        client = as_(who)
        answer = client.get(f"/patrols/legs/{leg.pk}/track.gpx")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/gpx+xml")
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Disposition"] == f'attachment; filename="{leg.record.reference}.gpx"'
        read = gpxpy.parse(body(answer).decode())
        assert read.get_points_no() == COUNT
        for word in ("RESTRICTED", "TLP:AMBER", "H2", str(who.agency), leg.record.reference):
            assert word in read.description, word
        answer = client.get(f"/patrols/legs/{leg.pk}/track.geojson")
        value = json.loads(body(answer))
        assert value["marking"]["handling_codes"] == ["H2"]
        assert len(value["features"][0]["geometry"]["coordinates"]) == COUNT
        entry = Entry.objects.filter(verb=DISCLOSE).latest("seq")
        assert [item["record"] for item in entry.records] == [str(leg.pk)]
    assert "GeoJSON" in as_(joint.cast.yann).get(f"/patrols/legs/{leg.pk}/").content.decode()


def test_the_api_gives_both_and_takes_both_again(joint: Joint, leg: Leg) -> None:
    client, address = api(joint.cast.anton), f"/api/v1/legs/{leg.pk}/recording/"
    for media, name in (("application/gpx+xml", "a.gpx"), ("application/geo+json", "a.geojson")):
        answer = client.get(address, HTTP_ACCEPT=media)
        assert (answer.status_code, answer["Content-Type"]) == (200, media)
        sent = {"track": SimpleUploadedFile(name, body(answer), media)}
        again = client.post(f"/api/v1/legs/{leg.pk}/track/", sent, format="multipart")
        assert (again.status_code, again.json()["track"]["point_count"]) == (200, COUNT), again.content
    assert Recording.objects.count() == 1
    assert Recording.objects.get().fixes.at(0) == Track.objects.get().started_at


def test_who_does_not_see_the_leg_finds_no_file(joint: Joint, leg: Leg, as_: Any) -> None:
    names = ("lines/?zoom=10", "track.gpx", "track.geojson")
    for who in (joint.cast.zoe, joint.cast.aldo):
        for name in names:
            assert as_(who).get(f"/patrols/legs/{leg.pk}/{name}").status_code == 404
        assert api(who).get(f"/api/v1/legs/{leg.pk}/recording/").status_code in (403, 404)
    bare = joint.leg(joint.active(), joint.cast.anton)
    for name in names:
        assert as_(joint.cast.anton).get(f"/patrols/legs/{bare.pk}/{name}").status_code == 404
    assert api(joint.cast.anton).get(f"/api/v1/legs/{bare.pk}/recording/").status_code == 404
    joint.suspend()
    assert as_(joint.cast.yann).get(f"/patrols/legs/{leg.pk}/track.gpx").status_code == 404


def test_what_is_for_display_is_no_file_abroad(joint: Joint, leg: Leg, as_: Any) -> None:
    Record.objects.filter(pk=leg.pk).update(display_only=True)
    for who, page, over_api in ((joint.cast.anton, 200, 200), (joint.cast.yann, 403, 404)):
        assert as_(who).get(f"/patrols/legs/{leg.pk}/track.gpx").status_code == page
        assert api(who).get(f"/api/v1/legs/{leg.pk}/recording/").status_code == over_api
        assert as_(who).get(f"/patrols/legs/{leg.pk}/lines/?zoom=10").status_code == 200


def test_a_download_ends_with_the_right_to_it(joint: Joint, leg: Leg, monkeypatch: pytest.MonkeyPatch) -> None:
    yann, anton = joint.cast.yann, joint.cast.anton
    assert exports.may_take(yann.pk, leg.pk)
    Record.objects.filter(pk=leg.pk).update(display_only=True)
    assert not exports.may_take(yann.pk, leg.pk)
    Record.objects.filter(pk=leg.pk).update(display_only=False)
    monkeypatch.setattr(exports, "ASK_AFTER", -1)
    under_way = {who: exports.served(leg, by=who, kind="gpx").streaming_content for who in (yann, anton)}
    for sent in under_way.values():
        assert next(sent)  # type: ignore[arg-type]
    joint.suspend()
    assert not exports.may_take(yann.pk, leg.pk)
    assert exports.may_take(anton.pk, leg.pk)
    with pytest.raises(Closed):
        list(under_way[yann])  # type: ignore[arg-type]
    assert list(under_way[anton])  # type: ignore[arg-type]


def test_a_map_is_told_what_it_shows(joint: Joint, leg: Leg, as_: Any) -> None:
    client = as_(joint.cast.yann)

    def points(query: str) -> int:
        answer = client.get(f"/patrols/legs/{leg.pk}/lines/{query}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/geo+json")
        return sum(map(len, answer.json()["coordinates"]))

    assert points("?zoom=8") < 10
    assert points("?zoom=20") == COUNT
    near = points("?zoom=20&west=9.16&south=47.67&east=9.18&north=47.675")
    assert 40 < near < 60
    assert points("?zoom=20&west=0&south=0&east=1&north=1") == 0
    for odd in ("", "?zoom=x", "?zoom=12&west=nan&south=1&east=2&north=3", "?zoom=-1"):
        points(odd)
    feature = client.get(f"/patrols/legs/{leg.pk}/map/").json()["features"][0]
    assert feature["properties"]["finer"] == f"/patrols/legs/{leg.pk}/lines/"


def test_the_page_that_shows_progress_is_told_where_to_go(joint: Joint, leg: Leg, as_: Any) -> None:
    client, address = as_(joint.cast.anton), f"/patrols/legs/{leg.pk}/track/"

    def sent(data: bytes, **headers: str) -> Any:
        return client.post(address, {"leg": str(leg.pk), "track": SimpleUploadedFile("a.gpx", data)}, headers=headers)

    assert sent(winding(), **{"X-Progress": "1"}).json() == {"url": f"/patrols/legs/{leg.pk}/"}
    wrong = sent(b"<gpx><trk/></gpx>", **{"X-Progress": "1"})
    assert (wrong.status_code, "at least two track points" in wrong.content.decode()) == (200, True)
    assert sent(winding()).status_code == 302


def test_a_claim_of_two_gigabytes_is_not_read(client: Any) -> None:
    answer = client.generic("POST", "/api/v1/patrols/", b"x", CONTENT_LENGTH=str(2**31))
    assert answer.status_code == 413


def test_a_track_of_before_there_were_recordings(joint: Joint, as_: Any) -> None:
    joint.order(joint.cast.xenia)
    row = joint.leg(joint.active(), joint.cast.anton)
    track = legs.attach_track(leg=row, reading=tracks.read(gpx()), by=joint.cast.anton)
    Recording.objects.filter(track=track).delete()
    assert track.packed == ""
    answer = as_(joint.cast.yann).get(f"/patrols/legs/{row.pk}/track.gpx")
    assert gpxpy.parse(body(answer).decode()).get_points_no() == 2
