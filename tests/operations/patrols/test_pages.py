import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from agencies.directory.models import new_key
from agreements.sharing.actions import records
from agreements.sharing.policy import access
from operations.patrols import photos, tracks
from operations.patrols.actions import legs, patrols
from operations.patrols.models import Leg, Observation, Patrol, Photo, Track
from operations.planning.models import Instruction
from portal.audit.models import Entry
from tests.operations.patrols.conftest import OPERATIONAL, Joint, gpx, sees

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "JPEG")
    return out.getvalue()


def url(name: str, row: Any = None) -> str:
    return reverse(f"patrols:{name}", args=[row.pk] if row is not None else [])


def stamp(at: Any) -> str:
    return timezone.localtime(at, ZoneInfo("Europe/Zurich")).strftime("%Y-%m-%dT%H:%M")


def entry(**values: Any) -> dict[str, Any]:
    return {
        "key": str(new_key()),
        "type": "sighting",
        "text": "A boat without lights",
        "occurred_at": stamp(timezone.now()),
        "categories": ["operational"],
        "classification": "1",
        "tlp": "2",
        **values,
    }


def filled(joint: Joint) -> Patrol:
    """A patrol with legs, a track, entries and a photograph of both sides, as far as orders release them."""
    cast = joint.cast
    joint.order(cast.xenia)
    joint.order(cast.yara)
    patrol = joint.active()
    ours = joint.leg(patrol, cast.anton, started_at=timezone.now() - HOUR)
    joint.leg(patrol, cast.yann)
    legs.attach_track(leg=ours, reading=tracks.read(gpx(timezone.now() - HOUR)), by=cast.anton)
    joint.log(patrol, cast.anton, text="Ours, seen by all", position=(47.66, 9.18))
    joint.log(patrol, cast.yann, text="Theirs, seen by all", type="hazard")
    joint.log(patrol, cast.anton, text="Ours, held", pictures=[photos.redraw(jpeg())])
    return patrol


def test_both_sides_in_one_log(joint: Joint, as_: Any) -> None:
    patrol = filled(joint)
    ours = as_(joint.cast.lars).get(url("patrol-detail", patrol)).content.decode()
    theirs = as_(joint.cast.yann).get(url("patrol-detail", patrol)).content.decode()
    for page in (ours, theirs):
        assert "Ours, seen by all" in page
        assert "Theirs, seen by all" in page
    assert "Ours, held" in ours
    assert "Ours, held" not in theirs
    assert "Held: 1 entry" in ours
    assert "Held" not in theirs
    assert "Why do I see this" in theirs
    assert "Who sees this" in ours


def test_a_third_state_finds_nothing(joint: Joint, as_: Any) -> None:
    patrol = filled(joint)
    leg, seen, shot = Leg.objects.first(), Observation.objects.first(), Photo.objects.first()
    for who in (joint.cast.zoe, joint.cast.aldo):
        client = as_(who)
        assert "Shore patrol" not in client.get(url("patrol-list")).content.decode()
        for name, row in (
            ("patrol-detail", patrol),
            ("patrol-geojson", patrol),
            ("patrol-end", patrol),
            ("observation-create", patrol),
            ("track-attach", patrol),
            ("leg-detail", leg),
            ("leg-geojson", leg),
            ("observation-detail", seen),
            ("photo-image", shot),
            ("photo-thumbnail", shot),
        ):
            assert client.get(url(name, row)).status_code == 404, name
        assert client.post(url("patrol-start", patrol)).status_code == 404
        hidden, unknown = client.get(url("patrol-detail", patrol)), client.get(url("patrol-detail", new_of()))
        strip = re.compile(rb'csrf[^>]*|"[A-Za-z0-9]{64}"|[0-9a-f-]{36}')
        assert strip.sub(b"", hidden.content) == strip.sub(b"", unknown.content)


def new_of() -> Any:
    return type("Unknown", (), {"pk": new_key()})


def test_suspension_closes_every_page_at_once(joint: Joint, as_: Any) -> None:
    patrol = filled(joint)
    client = as_(joint.cast.yann)
    assert client.get(url("patrol-detail", patrol)).status_code == 200
    joint.suspend()
    assert client.get(url("patrol-detail", patrol)).status_code == 404
    assert client.get(url("patrol-geojson", patrol)).status_code == 404
    assert "Shore patrol" not in client.get(url("patrol-list")).content.decode()


def test_a_running_leg_is_finished_alone_with_instructions(joint: Joint, as_: Any) -> None:
    cast = joint.cast
    joint.order(cast.xenia)
    patrol = joint.active()
    leg = joint.leg(patrol, cast.yann)
    copy = records.create(
        by=cast.yara, kind="instruction", title="Instructions: Autumn", marking=OPERATIONAL, operation=joint.record
    )
    Instruction.objects.create(record=copy, operation_record=joint.record, text="Finish, return, report to the desk.")
    client = as_(cast.yann)
    assert "Finish, return" not in client.get(url("leg-detail", leg)).content.decode()
    joint.suspend()
    for page in (client.get(url("leg-detail", leg)), client.get(url("mine"))):
        text = page.content.decode()
        assert "Finish, return, report to the desk." in text
        assert "Shore patrol" not in text
        assert "Autumn" not in text
    answer = client.post(url("leg-end", leg), {"ended_at": stamp(timezone.now()), "note": "Back"})
    assert answer.status_code == 302
    assert answer["Location"] == url("leg-detail", leg)
    assert Leg.objects.get(pk=leg.pk).ended_at is not None
    assert "Finish, return" not in client.get(url("leg-detail", leg)).content.decode()


def test_ending_a_leg_leads_back_to_its_patrol(joint: Joint, as_: Any) -> None:
    patrol = joint.active()
    leg = joint.leg(patrol, joint.cast.anton)
    answer = as_(joint.cast.anton).post(url("leg-end", leg), {"ended_at": stamp(timezone.now()), "note": ""})
    assert (answer.status_code, answer["Location"]) == (302, url("patrol-detail", patrol))


def test_two_taps_to_a_started_patrol(joint: Joint, as_: Any) -> None:
    patrol = joint.plan()
    client = as_(joint.cast.anton)
    assert "Start patrol" in client.get(url("mine")).content.decode()
    page = client.post(url("patrol-start", patrol), follow=True)
    assert "Start my leg" in page.content.decode()
    assert (
        client.post(
            url("leg-create", patrol), {"territory": "XX", "categories": ["operational"], "classification": 1, "tlp": 2}
        ).status_code
        == 302
    )
    assert "Continue" in client.get(url("mine")).content.decode()


def test_plan_with_teams(joint: Joint, as_: Any) -> None:
    cast, client = joint.cast, as_(joint.cast.lars)
    page = client.get(url("patrol-create"))
    assert "Team of" in page.content.decode()
    values = {
        "key": str(new_key()),
        "title": "Night on the lake",
        "objective": "Watch",
        "starts_at": stamp(timezone.now() + HOUR),
        "ends_at": stamp(timezone.now() + 3 * HOUR),
        "meeting_point": "Customs house",
        "position": "47°39'36\"N 9°10'30\"E",
        "categories": ["operational"],
        "classification": "1",
        "tlp": "2",
        f"team-{cast.a1.pk}-strength": "2",
        f"team-{cast.b.pk}-comes": "on",
        f"team-{cast.b.pk}-strength": "3",
    }
    wrong = client.post(url("patrol-create"), {**values, "ends_at": stamp(timezone.now())})
    assert "The end is not after the start." in wrong.content.decode()
    assert "Night on the lake" in wrong.content.decode()
    more = client.post(url("patrol-create"), {**values, "ends_at": stamp(timezone.now()), "objective": ""})
    assert {"ends_at", "objective"} <= set(more.context["form"].errors), "all that is wrong is said at once"
    assert not Patrol.objects.exists()
    for _ in range(2):
        answer = client.post(url("patrol-create"), values)
        assert answer.status_code == 302
    patrol = Patrol.objects.get()
    assert answer["Location"] == url("patrol-detail", patrol)
    assert sorted(patrol.teams.values_list("agency__acronym", "strength")) == [("X1", 2), ("Y1", 3)]
    assert patrol.record.latitude == pytest.approx(47.66)


def test_who_may_not_sees_403_and_why(joint: Joint, as_: Any) -> None:
    patrol = filled(joint)
    answer = as_(joint.cast.ada).get(url("observation-create", patrol))
    assert answer.status_code == 403
    assert b"It is for" in answer.content
    answer = as_(joint.cast.yann).post(url("patrol-start", joint.active(by=joint.cast.lars)))
    assert answer.status_code in (403, 404)


def test_log_with_photographs_is_held(joint: Joint, as_: Any) -> None:
    joint.order(joint.cast.xenia)
    patrol, client = joint.active(), as_(joint.cast.anton)
    assert "Will be seen by" in client.get(url("observation-create", patrol)).content.decode()
    values = entry(photos=[SimpleUploadedFile("a.jpg", jpeg()), SimpleUploadedFile("b.jpg", jpeg())])
    page = client.post(url("observation-create", patrol), values, follow=True)
    assert "Received" in page.content.decode()
    row = Observation.objects.get()
    assert row.photos.count() == 2
    assert not sees(joint.cast.yann, row)
    shot = row.photos.first()
    for name in ("photo-image", "photo-thumbnail"):
        answer = client.get(url(name, shot))
        assert answer["Content-Type"] == "image/jpeg"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert as_(joint.cast.yann).get(url(name, shot)).status_code == 404


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"occurred_at": "2019-01-01T00:00"}, "before the patrol&#x27;s start"),
        ({"occurred_at": "2099-01-01T00:00"}, "in the future"),
        ({"occurred_at": "0001-01-01T00:00"}, "The year must be 2000 or later."),
        ({"occurred_at": "9999-12-31T23:59"}, "before 2100"),
        ({"occurred_at": "soon"}, "Enter a valid date"),
        ({"position": "over there"}, "This is not a position."),
        ({"position": "91, 9"}, "Latitude goes from -90 to 90"),
        ({"text": ""}, "This field is required"),
        ({"text": "nul \x00 byte"}, "Null characters are not allowed"),
        ({"text": "x" * 5001}, "at most 5000 characters"),
        ({"type": "ufo"}, "Select a valid choice"),
        ({"categories": []}, "Say what is in it"),
        ({"classification": "3"}, "Select a valid choice"),
        ({"leg": "00000000-0000-0000-0000-000000000000"}, ""),
    ],
)
def test_wrong_input_is_said_at_the_field(joint: Joint, as_: Any, values: dict[str, Any], says: str) -> None:
    patrol = joint.active()
    page = as_(joint.cast.anton).post(url("observation-create", patrol), entry(**values))
    if says:
        assert page.status_code == 200
        assert says in page.content.decode()
        assert not Observation.objects.exists()


def test_a_large_photograph_and_one_that_is_none(joint: Joint, as_: Any) -> None:
    patrol, client = joint.active(), as_(joint.cast.anton)
    large = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + bytes(20 * 1024 * 1024))
    script = SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", content_type="image/jpeg")
    for file, says in ((large, "15 MB at most"), (script, "not a JPEG, PNG or WebP")):
        page = client.post(url("observation-create", patrol), entry(photos=[file]))
        assert says in page.content.decode()
        assert "A boat without lights" in page.content.decode()
    assert not Observation.objects.exists()


def test_photographs_that_a_form_cannot_keep_are_asked_for_again(joint: Joint, as_: Any) -> None:
    patrol, client = joint.active(), as_(joint.cast.anton)
    good = SimpleUploadedFile("a.jpg", jpeg())
    page = client.post(url("observation-create", patrol), entry(photos=[good], text=""))
    assert list(page.context["form"].errors) == ["text", "photos"]
    assert "Choose your photographs again" in page.content.decode()
    assert "photos" not in client.post(url("observation-create", patrol), entry(text="")).context["form"].errors


def test_attach_a_track(joint: Joint, as_: Any) -> None:
    patrol, client = joint.active(), as_(joint.cast.anton)
    leg = joint.leg(patrol, joint.cast.anton, started_at=timezone.now() - HOUR)
    for data, says in (
        (b"no gpx", "not readable as XML"),
        (b"<gpx>" + bytes(41 * 1024 * 1024), "larger than 40 MB"),
        (gpx(timezone.now() - 30 * HOUR), "outside the leg"),
        (b"", "empty"),
    ):
        file = SimpleUploadedFile("t.gpx", data)
        page = client.post(url("track-attach", patrol), {"leg": str(leg.pk), "track": file})
        assert says in page.content.decode()
    assert not Track.objects.exists()
    file = SimpleUploadedFile("t.gpx", gpx(timezone.now() - HOUR))
    assert client.post(url("track-attach", patrol), {"leg": str(leg.pk), "track": file}).status_code == 302
    features = client.get(url("patrol-geojson", patrol)).json()["features"]
    assert [feature["geometry"]["type"] for feature in features] == ["MultiLineString"]
    assert "2.5 km" in client.get(url("leg-detail", leg)).content.decode()


def test_list_filters_and_pages(joint: Joint, as_: Any) -> None:
    now, client = timezone.now(), as_(joint.cast.lars)
    for i in range(33):
        joint.plan(title=f"Patrol {i:02d}", starts_at=now + i * HOUR, ends_at=now + (i + 2) * HOUR)
    active = joint.active(title="Under way", ends_at=now - HOUR / 2)
    first = client.get(url("patrol-list"))
    text = first.content.decode()
    assert "Patrol 32" in text
    assert "Patrol 00" not in text
    older = re.search(r'rel="next" href="([^"]+)"', text)
    assert older is not None
    second = client.get(url("patrol-list") + older[1].replace("&amp;", "&")).content.decode()
    assert "Patrol 00" in second
    assert "Patrol 32" not in second
    for query in ("state=active", "state=overdue", f"agency={joint.cast.a1.pk}&state=active"):
        text = client.get(url("patrol-list") + f"?{query}").content.decode()
        assert "Under way" in text
        assert "Patrol 05" not in text
    assert "Under way" not in client.get(url("patrol-list") + "?till=2020-01-01").content.decode()
    for query in ("before=x", "operation=x", "since=2026-99-99", "since=2026-05-02&till=2026-05-01", "before=%00"):
        assert client.get(url("patrol-list") + f"?{query}").status_code == 200, query
    patrols.end(patrol=active, by=joint.cast.lars)


@pytest.mark.parametrize("page", ["patrol-list", "patrol-detail", "mine", "patrol-geojson"])
def test_queries_do_not_grow(joint: Joint, as_: Any, django_assert_max_num_queries: Any, page: str) -> None:
    patrol, client = filled(joint), as_(joint.cast.yann)
    counts = []
    for more in (1, 3, 30):
        for i in range(more):
            joint.log(patrol, joint.cast.anton, text=f"Entry {i}", position=(47.6, 9.1))
        if page in ("patrol-list", "mine"):
            for _ in range(min(more, 5)):
                joint.active()
        target = url(page, patrol if page.startswith(("patrol-d", "patrol-g")) else None)
        with django_assert_max_num_queries(80) as seen:
            assert client.get(target).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts


def test_each_response_writes_one_disclosure(joint: Joint, as_: Any) -> None:
    patrol = filled(joint)
    shot = Photo.objects.get()
    client: Client = as_(joint.cast.lars)
    for target in (
        url("patrol-list"),
        url("patrol-detail", patrol),
        url("patrol-geojson", patrol),
        url("photo-image", shot),
    ):
        before = Entry.objects.filter(verb="record.disclose").count()
        client.get(target)
        assert Entry.objects.filter(verb="record.disclose").count() == before + 1, target


def test_what_goes_wider_than_the_form_showed_is_held(joint: Joint, as_: Any) -> None:
    """The order is issued between the form and its sending: nobody was told that b would read it (R6)."""
    patrol = joint.active()
    client, address = as_(joint.cast.anton), reverse("patrols:observation-create", args=[patrol.pk])
    body = {"type": "sighting", "text": "Van", "categories": ["operational"], "classification": 1, "tlp": 2}
    body["occurred_at"] = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    page = client.get(address).content.decode()
    assert '<input type="hidden" name="shown" value="">' in page
    joint.order(joint.cast.xenia)
    client.post(address, {**body, "shown": ""})
    held = Observation.objects.get()
    assert not sees(joint.cast.yann, held)
    assert f'name="shown" value="{joint.cast.b.pk}"' in client.get(address).content.decode()
    client.post(address, {**body, "shown": str(joint.cast.b.pk)})
    assert sees(joint.cast.yann, Observation.objects.exclude(pk=held.pk).get())
    client.post(address, {**body, "shown": "what"})
    assert Observation.objects.count() == 3
    assert Observation.objects.visible_to(access(joint.cast.yann, timezone.now())).count() == 1
