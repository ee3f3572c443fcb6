"""Calls for assistance: whom an article lets be asked, what they read, their answers, and R24 where there is none."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agreements.alerts.models import Alert
from agreements.distress.models import DistressCall
from agreements.register.models import Clause
from agreements.sharing.models import Release
from agreements.sharing.policy import access
from operations.response import reach
from operations.response.actions import assistance, desks, responses
from operations.response.models import Asked, AssistanceCall, Desk
from operations.response.presenting import call_view
from portal.ui.errors import Refused
from tests.conftest import make_treaty
from tests.operations.incidents.conftest import PLAIN
from tests.operations.planning.conftest import sees, suspend
from tests.operations.response.conftest import HERE, SECRETIVE, Room
from tests.operations.response.test_responses import alerted, fire_due, quiet, settle

__all__ = ["quiet"]

FAR = (52.5, 13.4)


def found(room: Room, marked: Any = PLAIN, position: Any = HERE) -> dict[str, reach.Candidate]:
    return {item.agency.short: item for item in reach.candidates(room.cast.lars, marked, position, timezone.now())}


def test_only_an_article_lets_be_asked_and_another_may_carry_the_call(room: Room) -> None:
    cast, items = room.cast, found(room)
    assert items.keys() == {"Y1", "Z1"}, "the customs of the own state need no call of this kind"
    b, c = items["Y1"], items["Z1"]
    assert (b.can_be_asked, b.basis, b.carrier) == (True, room.art12, cast.art7)
    assert "binding both since" in b.words
    assert (c.can_be_asked, c.basis, c.carrier) == (False, None, None)
    assert "No article on assistance binds X1 and Z1" in c.missing
    # Too high for the article that carries it: it says so, and nothing is sent.
    above = found(room, SECRETIVE)["Y1"]
    assert (above.can_be_asked, above.basis) == (False, room.art12)
    assert "no article carries such a call" in above.missing
    # Without an article on assistance, one on sharing is not enough.
    Clause.objects.filter(pk=room.art12.pk).update(kind="training")
    assert not found(room)["Y1"].can_be_asked
    Clause.objects.filter(pk=room.art12.pk).update(kind="joint_patrol")
    assert found(room)["Y1"].can_be_asked
    suspend(cast)
    assert not found(room)["Y1"].can_be_asked


def test_desks_say_who_is_in_range(room: Room) -> None:
    cast = room.cast
    assert found(room)["Y1"].in_range is None
    with pytest.raises(Refused, match="role does not permit"):
        room.man(cast.yann, 20)
    room.man(cast.yara, 5, FAR, "Far post")
    item = found(room)["Y1"]
    assert (item.in_range, item.is_near, item.desk and item.desk.name) == (False, False, "Far post")
    assert item.distance_km is not None
    assert 600 < item.distance_km < 700
    near = room.man(cast.yara, 20)
    item = found(room)["Y1"]
    assert (item.in_range, item.distance_km, item.desk) == (True, 0, near)
    again = room.man(cast.yara, 30)
    assert Desk.objects.manned().filter(name="Lake post").get() == again
    with pytest.raises(Refused, match="Only Y1"):
        desks.close(desk=again, by=cast.xenia)
    desks.close(desk=again, by=cast.yara)
    assert found(room)["Y1"].in_range is False
    for values, field in (
        ({"km": 0}, "reach_km"),
        ({"km": 9, "name": " "}, "name"),
        ({"km": 9, "position": None}, "position"),
    ):
        with pytest.raises(Refused) as refused:
            room.man(cast.yara, **values)
        assert refused.value.field == field
    at = timezone.now()
    known = {who: Desk.objects.visible_to(access(getattr(cast, who), at)).exists() for who in ("lars", "zoe", "aldo")}
    assert known == {"lars": True, "zoe": False, "aldo": False}


def test_asked_answered_and_there(room: Room) -> None:
    cast, report = room.cast, room.told()
    row = room.call(report=report)
    settle()
    assert alerted("response.assistance") == {"yann", "yara"}
    # They read the call, and nothing of the incident.
    assert (sees(cast.yann, row), sees(cast.yann, report)) == (True, False)
    assert call_view(row, access(cast.yann, timezone.now())).incident is None
    assert [sees(who, row) for who in (cast.lars, cast.xenia, cast.zoe, cast.aldo)] == [True, True, False, False]
    asked = row.asked.get()
    assert (asked.clause, asked.state) == (room.art12, "asked")
    assert row.record.releases.get(clause__isnull=False).clause == cast.art7
    with pytest.raises(Refused, match="Say with what"):
        assistance.accept(asked=asked, by=cast.yann, means=" ", expected_at=timezone.now())
    with pytest.raises(Refused, match="one day ahead"):
        assistance.accept(asked=asked, by=cast.yann, means="x", expected_at=timezone.now() + timedelta(days=2))
    with pytest.raises(Refused, match="have not said that they come"):
        assistance.arrive(asked=asked, by=cast.yann)
    expected = timezone.now() + timedelta(minutes=12)
    assistance.accept(asked=asked, by=cast.yann, means="One boat, four officers", expected_at=expected)
    settle()
    assert alerted("response.assistance") == set(), "nobody else of that desk need answer"
    assert alerted("response.replied") == {"lars"}
    with pytest.raises(Refused, match="still"):
        responses.close(response=room.started(report), by=cast.lars, result="resolved")
    with pytest.raises(Refused, match="no such"):
        assistance.arrive(asked=asked, by=cast.zoe)
    there = assistance.arrive(asked=asked, by=cast.lars)
    assert (there.state, there.arrival_told_by) == ("arrived", cast.lars)
    assistance.end(call=row, by=cast.lars, ending="helped", words="Out at 14:10.")
    settle()
    assert alerted("response.over") == {"yann"}
    with pytest.raises(Refused, match="It is over"):
        assistance.decline(asked=asked, by=cast.yann, reason="Late")
    with pytest.raises(Refused, match="It is over"):
        assistance.ask_more(call=row, by=cast.lars, agencies=[cast.c])
    row = AssistanceCall.objects.get(pk=row.pk)
    titles = [item["title"] for item in call_view(row, access(cast.lars, timezone.now())).timeline]
    assert titles == [
        "Assistance needed: fire", "Asked", "On the way: One boat, four officers", "Arrived",
        "Assistance needed no more: helped",
    ]  # fmt: skip


def test_silence_and_lateness_are_told(room: Room) -> None:
    row = room.call()
    fire_due()
    assert alerted("response.silent") == {"lars"}
    assert Alert.objects.filter(kind="response.silent").count() == 2
    assistance.accept(
        asked=row.asked.get(), by=room.cast.yann, means="A boat", expected_at=timezone.now() + timedelta(minutes=1)
    )
    fire_due()
    assert alerted("response.late") == {"lars", "yann"}
    assistance.decline(asked=row.asked.get(), by=room.cast.yara, reason="The engine failed.")
    assert (row.asked.get().means, row.asked.get().expected_at) == ("", None)
    assistance.accept(
        asked=row.asked.get(), by=room.cast.yara, means="A lorry", expected_at=timezone.now() + timedelta(minutes=1)
    )
    assistance.arrive(asked=row.asked.get(), by=room.cast.yara)
    before = Alert.objects.filter(kind="response.late").count()
    fire_due()
    assert Alert.objects.filter(kind="response.late").count() == before


def test_who_may_not_call_or_answer(room: Room) -> None:
    cast, report = room.cast, room.told()
    room.watch.release(report)
    with pytest.raises(Refused, match="Only X1"):
        room.call(report=report, by=cast.yann)
    for who in (cast.zoe, cast.aldo):
        with pytest.raises(Refused, match="no such record"):
            room.call(report=report, by=who)
    with pytest.raises(Refused, match="role does not permit"):
        room.call(report=report, by=cast.arno)
    with pytest.raises(Refused, match="Z1 cannot be asked by an article") as refused:
        room.call(report=report, agencies=[cast.b, cast.c])
    assert (refused.value.field, refused.value.code) == ("agencies", "no_basis")
    for values, field in (
        ({"situation": "x"}, "situation"), ({"needed": " "}, "needed"), ({"position": None}, "position"),
        ({"call_back": "x"}, "call_back"), ({"agencies": []}, "agencies"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            room.call(report=report, **values)
        assert refused.value.field == field
    assert not AssistanceCall.objects.exists()
    assert not Release.objects.filter(kind="assistance").exists(), "nothing is half-written"
    row = room.call(report=report)
    for who in (cast.zoe, cast.lars):
        with pytest.raises(Refused, match="no such"):
            assistance.accept(asked=row.asked.get(), by=who, means="x", expected_at=timezone.now())
    with pytest.raises(Refused, match="Only X1"):
        assistance.end(call=row, by=cast.yann, ending="helped")


def test_to_each_desk_its_own_line(room: Room) -> None:
    """Receivers do not see the other receivers (R18)."""
    cast = room.cast
    for kind, article in (("mutual_assistance", "Art. 1"), ("information_sharing", "Art. 2")):
        make_treaty(
            short_name=f"X–Z {article}", countries=["XX", "ZZ"], designated=[cast.a1, cast.c], recorded_by=cast.tara,
            confirmed_by=[cast.zeno], article=article, kind=kind,
        )  # fmt: skip
    row = room.call(agencies=[cast.b, cast.c])
    at = timezone.now()
    lines = {
        who: set(Asked.objects.visible_to(access(getattr(cast, who), at)).values_list("agency__acronym", flat=True))
        for who in ("lars", "yann", "zoe", "aldo")
    }
    assert lines == {"lars": {"Y1", "Z1"}, "yann": {"Y1"}, "zoe": {"Z1"}, "aldo": set()}
    assert [item.agency.short for item in call_view(row, access(cast.zoe, at)).asked] == ["Z1"]
    with pytest.raises(Refused, match="no such"):
        assistance.accept(asked=row.asked.get(agency=cast.b), by=cast.zoe, means="x", expected_at=at)
    suspend(cast)
    assert not sees(cast.yann, row)
    assert not Asked.objects.visible_to(access(cast.yann, timezone.now())).exists()
    with pytest.raises(Refused, match="no such"):
        assistance.accept(asked=row.asked.get(agency=cast.b), by=cast.yann, means="x", expected_at=at)


def test_life_in_danger_goes_without_an_article_for_one_hour(room: Room) -> None:
    cast, report = room.cast, room.told()
    with pytest.raises(Refused, match="endangers a life") as refused:
        room.call(report=report, without_article=[cast.c])
    assert refused.value.field == "danger"
    with pytest.raises(Refused, match="no agency of another country") as refused:
        room.call(report=report, without_article=[cast.a2], danger="A man drowns.")
    assert refused.value.field == "without_article"
    assert not DistressCall.objects.exists()
    row = room.call(report=report, situation="pursuit", without_article=[cast.c], danger="A man drowns.")
    cry = DistressCall.objects.get()
    assert row.distress == cry
    assert (cry.nature, cry.latitude, cry.call_back) == ("other", HERE[0], row.call_back)
    assert [item.agency for item in cry.addressees.all()] == [cast.c]
    # To c goes neither the call nor the incident.
    assert not sees(cast.zoe, row)
    assert DistressCall.objects.visible_to(access(cast.zoe, timezone.now())).exists()
    assistance.end(call=row, by=cast.lars, ending="own_means")
    assert not DistressCall.objects.received_by(access(cast.zoe, timezone.now())).exists()
    only = room.call(report=report, agencies=[], without_article=[cast.c], danger="Again.")
    assert not only.asked.exists()


def test_asking_further_desks_asks_nobody_twice(room: Room) -> None:
    cast, row = room.cast, room.call()
    assert assistance.ask_more(call=row, by=cast.lars, agencies=[cast.b]) == []
    with pytest.raises(Refused, match="Z1 cannot be asked"):
        assistance.ask_more(call=row, by=cast.lars, agencies=[cast.c])
    assert room.call(report=row.record.host.incident, key=row.pk) == row, "sent twice it goes out once"
