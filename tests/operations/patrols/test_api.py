import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from agencies.directory import tokens
from agencies.directory.models import Appointment, new_key
from agreements.sharing.models import Record
from operations.patrols import photos, tracks
from operations.patrols.actions import legs
from operations.patrols.models import Leg, Observation, Patrol
from portal.audit.models import Entry
from portal.audit.recording import DISCLOSE
from tests.operations.patrols.conftest import Joint, gpx

HOUR = timedelta(hours=1)
ROOT = "/api/v1/patrols/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def api(who: Appointment) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.issue(who, timezone.now())}")
    return client


def jpeg() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def plan(joint: Joint, **values: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "operation": str(joint.record.pk),
        "title": "Shore patrol",
        "objective": "Watch the shore.",
        "starts_at": (now - HOUR).isoformat(),
        "ends_at": (now + HOUR).isoformat(),
        "latitude": 47.66,
        "longitude": 9.17,
        "teams": [{"agency": str(joint.cast.a1.pk)}, {"agency": str(joint.cast.b.pk), "strength": 3}],
        **values,
    }


def test_the_whole_story(joint: Joint) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    joint.order(cast.yara)
    ours, theirs = api(cast.lars), api(cast.yann)
    made = ours.post(ROOT, plan(joint))
    assert made.status_code == 201, made.content
    patrol = made.json()
    address = f"{ROOT}{patrol['id']}/"
    assert patrol["state"] == "planned"
    assert patrol["operation"] == str(joint.record.pk)
    assert theirs.get(address).json()["title"] == "Shore patrol"
    assert theirs.post(f"{address}start/").status_code == 403
    assert ours.post(f"{address}start/", {"started_at": (timezone.now() - HOUR).isoformat()}).status_code == 200
    assert ours.post(f"{address}start/").status_code == 409
    for client, land in ((ours, "XX"), (theirs, "YY")):
        answer = client.post(f"{address}legs/", {"territory": land, "started_at": (timezone.now() - HOUR).isoformat()})
        assert answer.status_code == 201, answer.content
        assert answer.json()["patrol"] == patrol["id"]
    answer = theirs.post(
        f"{address}observations/", {"type": "hazard", "text": "Ice", "latitude": 47.6, "longitude": 9.1}
    )
    assert answer.status_code == 201, answer.content
    file = SimpleUploadedFile("t.gpx", gpx(timezone.now() - HOUR))
    answer = ours.post(f"{address}track/", {"track": file}, format="multipart")
    assert answer.status_code == 201, answer.content
    assert answer.json()["track"]["length_m"] > 2000
    assert {row["owner"] for row in ours.get(f"{address}legs/").json()} == {str(cast.a1.pk), str(cast.b.pk)}
    assert [row["text"] for row in ours.get(f"{address}observations/").json()] == ["Ice"]
    assert ours.post(f"{address}end/").json()["state"] == "ended"
    running = Leg.objects.get(ended_at=None)
    assert ours.post(f"/api/v1/legs/{running.pk}/end/").status_code == 403
    assert theirs.post(f"/api/v1/legs/{running.pk}/end/", {"note": "Back"}).status_code == 200


def test_a_third_state_finds_nothing(joint: Joint) -> None:
    patrol = joint.active()
    leg, row = joint.leg(patrol, joint.cast.anton), joint.log(patrol, joint.cast.anton)
    for who in (joint.cast.zoe, joint.cast.yann, joint.cast.aldo):
        client = api(who)
        assert client.get(ROOT).json()["results"] == []
        for path in (f"patrols/{patrol.pk}", f"patrols/{patrol.pk}/legs", f"legs/{leg.pk}", f"observations/{row.pk}"):
            assert client.get(f"/api/v1/{path}/").status_code == 404, path
        assert client.post(f"{ROOT}{patrol.pk}/start/").status_code == 404
        assert client.post(f"{ROOT}{patrol.pk}/observations/", {"type": "note", "text": "x"}).status_code == 404
        values = plan(joint, teams=[{"agency": str(who.agency_id)}])
        if who != joint.cast.yann:
            assert client.post(ROOT, values).status_code == 400


def test_roles(joint: Joint) -> None:
    patrol = joint.active()
    assert api(joint.cast.ada).get(f"{ROOT}{patrol.pk}/").status_code == 200
    assert api(joint.cast.ada).post(f"{ROOT}{patrol.pk}/legs/", {"territory": "XX"}).status_code == 403
    assert api(joint.cast.anton).post(ROOT, plan(joint)).status_code == 403
    assert api(joint.cast.tara).get(ROOT).status_code == 403
    assert APIClient().get(ROOT).status_code == 401


def test_the_name_of_a_hidden_host_is_not_told(joint: Joint) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    leg = joint.leg(joint.active(), cast.yann)
    address = f"/api/v1/legs/{leg.pk}/"
    assert api(cast.yann).get(address).json()["patrol"] == str(leg.record.host_id)
    joint.suspend()
    assert api(cast.yann).get(address).json()["patrol"] is None


@pytest.mark.parametrize(
    ("values", "status", "field"),
    [
        ({"ends_at": "2020-01-01T00:00:00Z"}, 422, "ends_at"),
        ({"ends_at": "soon"}, 400, "ends_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, 400, "starts_at"),
        ({"latitude": 91}, 400, "latitude"),
        ({"latitude": None}, 400, "latitude"),
        ({"longitude": "NaN"}, 400, ""),
        ({"title": "a\x00b"}, 400, "title"),
        ({"teams": []}, 422, "teams"),
        ({"teams": [{"agency": str(new_key())}]}, 400, "teams"),
        ({"operation": str(new_key())}, 400, "operation"),
        ({"categories": ["gossip"]}, 400, "categories"),
        ({"categories": []}, 400, "categories"),
        ({"tlp": 9}, 400, "tlp"),
    ],
)
def test_wrong_bodies(joint: Joint, values: dict[str, Any], status: int, field: str) -> None:
    answer = api(joint.cast.lars).post(ROOT, plan(joint, **values))
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    if field:
        assert any(error["field"].startswith(field) for error in answer.json()["errors"]), answer.json()
    assert not Patrol.objects.exists()


def test_what_is_not_named_cannot_be_set(joint: Joint) -> None:
    extra = {"owner": str(joint.cast.b.pk), "state": "ended", "started_at": "2026-01-01T00:00:00Z", "version": 7}
    made = api(joint.cast.lars).post(ROOT, plan(joint, **extra)).json()
    assert (made["owner"], made["state"], made["started_at"], made["version"]) == (
        str(joint.cast.a1.pk),
        "planned",
        None,
        1,
    )


def test_the_same_id_twice_makes_one(joint: Joint) -> None:
    client, key = api(joint.cast.lars), str(new_key())
    assert [client.post(ROOT, plan(joint, id=key)).json()["id"] for _ in range(2)] == [key, key]
    patrol = joint.active()
    for _ in range(2):
        client.post(f"{ROOT}{patrol.pk}/observations/", {"id": str(patrol.pk), "type": "note", "text": "x"})
    entry = {"id": str(new_key()), "type": "note", "text": "x"}
    for _ in range(2):
        assert client.post(f"{ROOT}{patrol.pk}/observations/", entry).json()["id"] == entry["id"]
    assert Record.objects.get(pk=patrol.pk).kind == "patrol"


def test_photographs(joint: Joint) -> None:
    cast, client = joint.cast, api(joint.cast.anton)
    joint.order(cast.xenia)
    patrol = joint.active()
    body = {"type": "sighting", "text": "Boat", "photos": [jpeg(), jpeg()]}
    answer = client.post(f"{ROOT}{patrol.pk}/observations/", body, format="multipart")
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert len(row["photos"]) == 2
    address = f"/api/v1/observations/{row['id']}/"
    assert api(cast.yann).get(address).status_code == 404
    assert client.post(f"{address}photos/", {"photo": jpeg()}, format="multipart").status_code == 201
    image = client.get(f"{address}photos/{row['photos'][0]['id']}/")
    assert (image.status_code, image["Content-Type"]) == (200, "image/jpeg")
    bad = SimpleUploadedFile("a.jpg", b"<script>")
    answer = client.post(f"{address}photos/", {"photo": bad}, format="multipart")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "photos"
    assert Observation.objects.get(pk=row["id"]).photos.count() == 3


def test_a_track_without_a_leg_writes_one_up(joint: Joint) -> None:
    client, patrol = api(joint.cast.anton), joint.active()
    file = SimpleUploadedFile("t.gpx", gpx(timezone.now() - HOUR, seconds=60))
    answer = client.post(f"{ROOT}{patrol.pk}/track/", {"track": file}, format="multipart")
    assert answer.status_code == 201, answer.content
    leg = Leg.objects.get()
    assert leg.ended_at is not None
    assert leg.duration == timedelta(minutes=19)
    for data in (b"", b"nonsense", gpx(timezone.now() - 40 * HOUR), bytes(20 * 1024 * 1024)):
        file = SimpleUploadedFile("t.gpx", data)
        answer = client.post(f"{ROOT}{patrol.pk}/track/", {"track": file}, format="multipart")
        assert answer.status_code in (400, 422), answer.content
        assert answer.json()["errors"][0]["field"] in ("track", "started_at", "leg")
    assert Leg.objects.count() == 1


def test_filters(joint: Joint) -> None:
    client = api(joint.cast.lars)
    late = joint.active(ends_at=timezone.now() - HOUR, starts_at=timezone.now() - 3 * HOUR)
    joint.plan()

    def found(query: str) -> list[str]:
        answer = client.get(f"{ROOT}?{query}")
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["results"]]

    assert len(found("")) == 2
    assert len(found("overdue=true")) == 2
    assert found("state=active") == [str(late.pk)]
    assert len(found(f"operation={joint.record.pk}")) == 2
    assert found(f"operation={new_key()}") == []
    assert found("till=2020-01-01T00:00:00Z") == []
    assert client.get(f"{ROOT}?sate=active").status_code == 400


def test_display_only_has_no_body_abroad(joint: Joint) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    patrol = joint.active()
    Record.objects.filter(pk=patrol.pk).update(display_only=True)
    assert api(cast.lars).get(f"{ROOT}{patrol.pk}/").status_code == 200
    assert api(cast.yann).get(f"{ROOT}{patrol.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["patrols/", "patrols/{}/legs/", "patrols/{}/observations/", "observations/", "legs/"])
def test_queries_do_not_grow(joint: Joint, path: str, django_assert_max_num_queries: Any) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    patrol = joint.active()
    leg = joint.leg(patrol, cast.anton)
    legs.attach_track(leg=leg, reading=tracks.read(gpx()), by=cast.anton)
    client, counts = api(cast.yann), []
    for more in (1, 3, 20):
        for i in range(more):
            joint.log(patrol, cast.anton, text=f"Entry {i}", leg=leg)
        for _ in range(min(more, 4)):
            joint.active()
        with django_assert_max_num_queries(60) as seen:
            assert client.get("/api/v1/" + path.format(patrol.pk)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts


def test_the_next_step_in_the_field(joint: Joint) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    joint.order(cast.yara)
    active, planned = joint.active(), joint.plan()
    joint.plan(starts_at=timezone.now() + 48 * HOUR, ends_at=timezone.now() + 50 * HOUR)
    leg = joint.leg(active, cast.yann)

    def told(who: Appointment) -> list[list[str]]:
        answer = api(who).get(f"{ROOT}mine/").json()
        return [[row["id"] for row in answer[name]] for name in ("active", "planned", "legs_to_finish")]

    assert told(cast.anton) == told(cast.yann) == [[str(active.pk)], [str(planned.pk)], []]
    assert api(cast.ada).get(f"{ROOT}mine/").status_code == 403
    Record.objects.filter(pk=active.pk).update(display_only=True)
    assert told(cast.yann)[0] == []
    joint.suspend()
    assert told(cast.yann) == [[], [], [str(leg.pk)]]


def test_a_patrol_sent_again_is_shown_as_it_may_be_seen_now(joint: Joint) -> None:
    """The operation is hidden by then: the answer kept from before would name it (R13, R17). It is disclosed again
    (R29)."""
    client = api(joint.cast.yann)
    key, body = {"HTTP_IDEMPOTENCY_KEY": "again"}, plan(joint)
    first = client.post(ROOT, body, **key).json()
    assert first["operation"] == str(joint.record.pk)
    joint.suspend()
    answer = client.post(ROOT, body, **key)
    assert (answer.status_code, answer["Idempotent-Replayed"]) == (201, "true")
    assert (answer.json()["id"], answer.json()["operation"]) == (first["id"], None)
    entry = Entry.objects.get(request_id=answer["X-Request-ID"], verb=DISCLOSE)
    assert [item["record"] for item in entry.records] == [first["id"]]


def test_what_is_display_only_is_not_downloaded(joint: Joint, as_: Any) -> None:
    """By receivers: the owner exports its own, and both look at it (R7)."""
    joint.order(joint.cast.xenia, photographs=True)
    patrol = joint.active()
    row = joint.log(patrol, joint.cast.anton, pictures=[photos.redraw(jpeg().read())])
    Record.objects.filter(pk=row.pk).update(display_only=True)
    address = f"/patrols/photos/{row.photos.get().pk}/"
    for who, download in ((joint.cast.anton, 200), (joint.cast.yann, 403)):
        assert as_(who).get(address).status_code == 200
        assert as_(who).get(address, {"download": "1"}).status_code == download
