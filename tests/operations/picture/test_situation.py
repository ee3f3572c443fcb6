from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.sharing.models import Opening, Record
from agreements.sharing.policy import access
from operations.patrols.actions import legs, patrols
from operations.patrols.models import Leg
from operations.picture import situation as situations
from operations.planning.actions import invitations, operations
from portal.audit.models import Entry
from tests.operations.picture.conftest import HOUR, Scene, features, rows_at, situation
from tests.operations.planning.conftest import suspend


def read(client: Client, scene: Scene, period: str = "all") -> Any:
    answer = client.get(situation(scene.operation, period))
    assert answer.status_code == 200
    return answer


def drawn(client: Client, scene: Scene, period: str = "all") -> list[dict[str, Any]]:
    answer = client.get(features(scene.operation, period))
    assert answer["Content-Type"] == "application/geo+json"
    return list(answer.json()["features"])


def test_it_is_the_first_tab_of_the_operation(scene: Scene, as_: Any) -> None:
    client = as_(scene.cast.xenia)
    plan = client.get(f"/operations/{scene.operation.pk}/").content.decode()
    address = reverse("picture:operation-situation", args=[scene.operation.pk])
    assert f'href="{address}"' in plan
    assert f'href="{address}" aria-current="page"' in read(client, scene).content.decode()
    assert f'href="{address}"' in client.get("/operations/").content.decode()


@pytest.mark.parametrize("name", ["xenia", "yara", "ada"])
def test_every_number_leads_to_exactly_its_rows(full: Scene, as_: Any, name: str) -> None:
    client = as_(getattr(full.cast, name))
    context = read(client, full).context
    for count in context["counts"]:
        assert rows_at(client, count.number.url) == count.number.value, count
    assert context["efforts"]
    for effort in context["efforts"]:
        assert rows_at(client, effort.url) == effort.legs, effort
    for need in context["needs"]:
        if "/records/held/" in need.url or "/patrols/" in need.url:
            assert rows_at(client, need.url) == need.value, need


def test_hours_and_kilometres_are_those_of_the_legs(scene: Scene, as_: Any) -> None:
    scene.patrol()
    scene.ended()
    found = {effort.agency: effort for effort in read(as_(scene.cast.xenia), scene).context["efforts"]}
    assert set(found) == {scene.cast.a1, scene.cast.b}
    for agency, effort in found.items():
        rows = list(Leg.objects.filter(record__owner=agency).select_related("track"))
        assert effort.legs == len(rows)
        assert effort.running == sum(row.ended_at is None for row in rows) == 1
        expected = sum((row.duration for row in rows), timedelta())
        assert abs(effort.duration - expected) < timedelta(minutes=2)
        assert effort.length_m == pytest.approx(sum(row.track.length_m for row in rows if hasattr(row, "track")))
    assert found[scene.cast.b].hours == pytest.approx(4.0, abs=0.1)


def test_period_narrows_map_log_shares_and_efforts(scene: Scene, as_: Any) -> None:
    scene.ended()
    old = timezone.now() - timedelta(days=20)
    row = scene.joint.active(hours=0, title="Old", starts_at=old, ends_at=old + HOUR)
    leg = scene.joint.leg(row, scene.cast.anton)
    legs.end(leg=leg, by=scene.cast.anton)
    Leg.objects.filter(pk=leg.pk).update(started_at=old, ended_at=old + HOUR)
    Record.objects.filter(pk=leg.pk).update(occurred_at=old)
    client = as_(scene.cast.xenia)
    every, week = read(client, scene, "all").context, read(client, scene, "week").context
    assert sum(effort.legs for effort in every["efforts"]) == 2
    assert sum(effort.legs for effort in week["efforts"]) == 1
    assert rows_at(client, week["efforts"][0].url) == 1
    assert leg.pk in {event.line.record.pk for event in every["events"] if event.line.record}
    assert leg.pk not in {event.line.record.pk for event in week["events"] if event.line.record}
    # Any other word is the usual period.
    assert read(client, scene, "century'").context["period"].name == "week"


def test_period_begins_at_midnight_of_the_reader() -> None:
    at = timezone.now()
    today = situations.period_of("today", at)
    assert today.begin is not None
    assert timezone.localtime(today.begin).strftime("%H:%M") == "00:00"
    assert today.begin <= at < today.begin + timedelta(hours=25)
    assert situations.period_of("all", at).begin is None
    assert situations.period_of("week", at).since == timezone.localdate(at) - timedelta(days=6)


def test_events_of_both_sides_stand_in_one_line_of_time(scene: Scene, as_: Any) -> None:
    patrol = scene.patrol()
    events = read(as_(scene.cast.xenia), scene).context["events"]
    assert [event.line.at for event in events] == sorted((event.line.at for event in events), reverse=True)
    assert {event.line.agency for event in events} == {scene.cast.a1, scene.cast.b}
    assert {event.patrol.pk for event in events if event.patrol} == {patrol.pk}
    assert {event.line.sort for event in events} == {"event", "leg", "observation"}


def test_each_side_has_its_own_view(scene: Scene, as_: Any) -> None:
    scene.patrol()
    ours, theirs = read(as_(scene.cast.xenia), scene), read(as_(scene.cast.yara), scene)
    # What a1 holds back is not even counted for b.
    assert "A name." in ours.content.decode()
    assert "A name." not in theirs.content.decode()
    assert [need.label for need in ours.context["needs"]] == ["entries held back"]
    assert theirs.context["needs"] == []
    assert len(drawn(as_(scene.cast.xenia), scene)) == len(drawn(as_(scene.cast.yara), scene)) + 1
    # b gave its leg and entry; it is not told whom else a1 gave something.
    assert {share.words for share in theirs.context["shares"] if not share.own} == {""}
    assert "those who take part" in theirs.content.decode()


def test_officer_of_a_side_who_is_not_assigned_sees_the_own_side_alone(scene: Scene, as_: Any) -> None:
    scene.patrol()
    answer = read(as_(scene.cast.ada), scene)
    assert {effort.agency for effort in answer.context["efforts"]} == {scene.cast.a1}
    assert "Boat seen by Y1" not in answer.content.decode()
    assert "Boat seen by X1" in answer.content.decode()


def test_third_parties_find_nothing(full: Scene, as_: Any, client: Client) -> None:
    for who in (full.cast.zoe, full.cast.aldo):
        other = as_(who)
        for name in ("operation-situation", "operation-features"):
            hidden = other.get(reverse(f"picture:{name}", args=[full.operation.pk]))
            unknown = other.get(reverse(f"picture:{name}", args=[new_key()]))
            assert hidden.status_code == unknown.status_code == 404
            assert len(hidden.content) == len(unknown.content)
    # A role that sees no operation is told so, whatever the address.
    assert as_(full.cast.tara).get(situation(full.operation)).status_code == 403
    assert client.get(situation(full.operation)).status_code == 302
    assert as_(full.cast.xenia).post(features(full.operation)).status_code == 405


def test_suspension_closes_it_to_the_partner_and_warns_the_lead(scene: Scene, as_: Any) -> None:
    scene.patrol()
    partner, lead = as_(scene.cast.yara), as_(scene.cast.xenia)
    read(partner, scene)
    suspend(scene.cast)
    assert partner.get(situation(scene.operation)).status_code == 404
    assert partner.get(features(scene.operation)).status_code == 404
    answer = read(lead, scene)
    assert "The legal basis has fallen away." in answer.content.decode()
    assert answer.context["needs"][0].label == "sides without a legal basis"
    assert answer.context["needs"][0].value == 1
    # b's log is b's: it is gone for a1 as well.
    assert {effort.agency for effort in answer.context["efforts"]} == {scene.cast.a1}


def test_invitations_wait_for_both_sides(scene: Scene, as_: Any) -> None:
    other = scene.invitation()
    lead = as_(scene.cast.xenia).get(situation(other)).context["needs"]
    asked = as_(scene.cast.yara).get(situation(other))
    assert [(need.label, need.value) for need in lead] == [("invitations unanswered", 1)]
    assert [(need.label, need.value) for need in asked.context["needs"]] == [("invitation to answer", 1)]
    page = as_(scene.cast.xenia).get(lead[0].url.partition("#")[0]).content.decode()
    assert page.count("Invited") == 1
    invitations.accept_invitation(operation=other, by=scene.cast.yara)
    assert as_(scene.cast.yara).get(situation(other)).context["needs"] == []


def test_changed_instructions_wait_for_the_partner(scene: Scene, as_: Any) -> None:
    operations.edit(
        operation=scene.operation,
        by=scene.cast.xenia,
        version=Record.objects.get(pk=scene.operation.pk).version,
        instructions="Stay.",
    )
    theirs = read(as_(scene.cast.yara), scene).context["needs"]
    assert [need.label for need in theirs] == ["change of the instructions"]
    assert "The lead changed them" in as_(scene.cast.yara).get(theirs[0].url.partition("#")[0]).content.decode()
    assert read(as_(scene.cast.xenia), scene).context["needs"] == []


def test_overdue_patrol_comes_first(scene: Scene, as_: Any) -> None:
    scene.patrol()
    late = scene.late()
    context = read(as_(scene.cast.yara), scene).context
    assert context["patrols"][0].pk == late.pk
    assert context["needs"][0].label == "patrols overdue"
    patrols.end(patrol=late, by=scene.cast.lars)
    assert [need.label for need in read(as_(scene.cast.yara), scene).context["needs"]] == []


def test_map_holds_area_patrols_tracks_and_entries(scene: Scene, as_: Any) -> None:
    patrol = scene.patrol()
    scene.late()
    found = drawn(as_(scene.cast.yara), scene)
    kinds = [item["properties"]["kind"] for item in found]
    assert kinds.count("area") == 1
    assert kinds.count("track-X1") == kinds.count("track-Y1") == 1
    assert kinds.count("entry-X1") == kinds.count("entry-Y1") == 1
    where = next(item for item in found if item["properties"]["kind"] == "patrol")
    assert where["properties"]["url"] == f"/patrols/{patrol.pk}/"
    assert "last known" in where["properties"]["time"]
    # The late one told no place: it is in the table, not somewhere on the map.
    assert kinds.count("patrol") == 1
    tones = {item["properties"]["tone"] for item in found if item["properties"]["kind"] == "track-Y1"}
    assert tones == {f"agency-{scene.cast.b.colour % 12}"}


def test_last_place_is_the_newest_that_the_reader_sees(scene: Scene, as_: Any) -> None:
    scene.patrol()
    ours = next(i for i in drawn(as_(scene.cast.xenia), scene) if i["properties"]["kind"] == "patrol")
    theirs = next(i for i in drawn(as_(scene.cast.yara), scene) if i["properties"]["kind"] == "patrol")
    # The entry that a1 holds back is the newest.
    assert ours["geometry"]["coordinates"] == [9.1, 47.65]
    assert theirs["geometry"]["coordinates"] == [9.18, 47.66]


def test_reading_is_one_entry_and_opens_the_operation(full: Scene, as_: Any) -> None:
    client = as_(full.cast.yara)
    before = Entry.objects.count()
    context = read(client, full).context
    assert Entry.objects.count() == before + 1
    told = {item["record"] for item in Entry.objects.latest("pk").records}
    named = {str(event.line.record.pk) for event in context["events"] if event.line.record}
    named |= {str(share.record.pk) for share in context["shares"]} | {str(row.pk) for row in context["patrols"]}
    assert named <= told
    assert str(full.operation.pk) in told
    assert Opening.objects.filter(record=full.operation.pk, appointment=full.cast.yara).exists()
    ids = {item["id"] for item in drawn(client, full)}
    assert Entry.objects.count() == before + 2
    assert ids <= {item["record"] for item in Entry.objects.latest("pk").records}


@pytest.mark.parametrize("name", ["xenia", "yara"])
def test_the_same_number_of_queries_for_little_and_much(full: Scene, as_: Any, name: str) -> None:
    client, counts = as_(getattr(full.cast, name)), []
    for _ in range(2):
        for address in (situation(full.operation), features(full.operation)):
            with CaptureQueriesContext(connection) as found:
                assert client.get(address).status_code == 200
            counts.append(len(found))
        for number in range(4):
            full.patrol(f"Another {number}")
        full.late()
        full.ended()
    assert counts[:2] == counts[2:]
    assert max(counts) < 75, counts


def test_nothing_yet_is_said(scene: Scene, as_: Any) -> None:
    text = read(as_(scene.cast.yara), scene).content.decode()
    for words in ("Nothing waits for you in this operation.", "No patrol is under way.", "Nothing is logged"):
        assert words in text
    assert "No leg in this period." in text
    assert (
        situations.efforts(scene.operation, access(None, timezone.now()), situations.period_of("all", timezone.now()))
        == []
    )
