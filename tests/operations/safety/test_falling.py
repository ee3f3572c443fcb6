"""The legal basis falls away in mid-patrol: instructions, alerts, and the limits of a stay as they are now (R24)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.alerts.models import Alert
from agreements.powers import actions as powers
from agreements.register.choices import ClauseKind
from agreements.register.models import TreatyAction
from operations.field.actions import crossings, pauses
from operations.patrols.actions import legs, patrols
from operations.patrols.actions.patrols import TeamPlan
from operations.patrols.models import Leg
from operations.planning.actions import team
from operations.safety import falling
from operations.safety.models import Fall, LimitChange
from tests.conftest import Cast, make_treaty
from tests.operations.patrols.conftest import OPERATIONAL, Joint
from tests.operations.planning.conftest import INSTRUCTIONS, Desk, suspend
from tests.operations.safety.conftest import work

MINUTE = timedelta(minutes=1)


@pytest.fixture
def patrolling(cast: Cast) -> Any:
    """X and Y: joint patrols for an hour at a time."""
    clause = make_treaty(
        short_name="X–Y Patrols", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], article="Art. 21", kind=ClauseKind.JOINT_PATROL,
    )  # fmt: skip
    powers.record_power(clause=clause, by=cast.tara, act="patrol", answer="only_if", minutes=60)
    powers.confirm_powers(agreement=clause.agreement, by=cast.yusuf)
    return clause


@pytest.fixture
def under_way(cast: Cast, desk: Desk, patrolling: Any) -> Any:
    """A patrol of a1 and b in Y, both legs running, a1's team on Y's territory."""
    operation = desk.joined()
    for who in (cast.lars, cast.anton):
        team.assign_officer(operation=operation, appointment=who, by=cast.xenia)
    now = timezone.now()
    patrol = patrols.plan(
        by=cast.lars, operation=operation.record, title="Shore", objective="Watch.", marking=OPERATIONAL,
        starts_at=now - 60 * MINUTE, ends_at=now + 60 * MINUTE, teams=[TeamPlan(cast.a1), TeamPlan(cast.b)],
    )  # fmt: skip
    patrol = patrols.start(patrol=patrol, by=cast.lars, started_at=now - 50 * MINUTE)
    given = Joint(cast, operation.record, operation.circle)
    given.release(patrol, cast.lars)
    for who in (cast.anton, cast.yann):
        legs.start(patrol=patrol, by=who, territory=cast.b.country, marking=OPERATIONAL)
    stay = crossings.enter(
        patrol=patrol, by=cast.anton, territory=cast.b.country, basis="joint_patrol", marking=OPERATIONAL,
        entered_at=now - 20 * MINUTE, position=(47.6, 9.1),
    )  # fmt: skip
    given.release(stay, cast.lars)
    return operation, patrol, stay


def test_those_in_the_field_are_told_what_to_do(
    cast: Cast, under_way: Any, patrolling: Any, as_: Any, api_as: Any
) -> None:
    _, patrol, stay = under_way
    at = timezone.now()
    assert falling.watch(at) == 0
    assert stay.until is not None
    kit = api_as(cast.anton).send("GET", "field/kit/").json()
    assert kit["operations"][0]["basis"] is True
    assert [(row["permitted"], row["limits"] == row["limits_now"]) for row in kit["crossings"]] == [(True, True)]
    assert [row["applies"] for row in api_as(cast.yann).send("GET", "field/kit/").json()["instructions"]] == [False]
    for agreement in (cast.art7.agreement, patrolling.agreement):
        _suspend(cast, agreement)
    # Before anybody has watched: pages, API and kit are never behind.
    page = as_(cast.anton).get(reverse("patrols:patrol-detail", args=[patrol.pk])).content.decode()
    assert INSTRUCTIONS in page
    crossing = as_(cast.anton).get(reverse("field:crossing-detail", args=[stay.pk])).content.decode()
    assert "No article permits this stay any more" in crossing
    assert INSTRUCTIONS in crossing
    limits = api_as(cast.anton).send("GET", f"crossings/{stay.pk}/limits/").json()
    assert limits["permitted"] is False
    assert limits["then"][0]["answer"] == "only_if"
    (told,) = api_as(cast.anton).send("GET", "safety/").json()["guidance"]
    assert (told["text"], told["patrols"]) == (INSTRUCTIONS, [str(patrol.pk)])
    # The partner sees neither operation nor patrol by now: its own copy and its own leg are told, no name of either.
    assert as_(cast.yann).get(reverse("patrols:patrol-detail", args=[patrol.pk])).status_code == 404
    now = as_(cast.yann).get(reverse("safety:now")).content.decode()
    assert INSTRUCTIONS in now
    assert "Autumn" not in now
    assert "Shore" not in now
    theirs = api_as(cast.yann).send("GET", "field/kit/").json()
    assert [(row["applies"], row["operation"]) for row in theirs["instructions"]] == [(True, None)]
    kit = api_as(cast.anton).send("GET", "field/kit/").json()
    assert kit["operations"][0]["basis"] is False
    assert [row["permitted"] for row in kit["crossings"]] == [False]
    # The watch tells once, and keeps what changed with the crossing.
    assert falling.watch(timezone.now()) == 3
    assert falling.watch(timezone.now()) == 0
    work()
    people = {alert.appointment for alert in Alert.objects.filter(kind="safety.fallen")}
    assert people == {cast.xenia, cast.lars, cast.anton, cast.yann, cast.yara} & people
    assert {cast.anton, cast.yann} <= people
    assert cast.zoe not in people
    assert {alert.appointment for alert in Alert.objects.filter(kind="safety.limits")} >= {cast.anton}
    change = LimitChange.objects.get()
    assert change.permitted is False
    log = as_(cast.anton).get(reverse("patrols:patrol-detail", args=[patrol.pk])).content.decode()
    assert "No article permits it any more" in log
    panel = as_(cast.anton).get(reverse("safety:limits-panel", args=[stay.pk])).content.decode()
    assert "no article permits it" in panel
    listed = as_(cast.yann).get(reverse("alerts:alert-list")).content.decode()
    assert "do what your instructions say" in listed
    assert "Autumn" not in listed
    # It comes back: the alerts are settled, and a new fall would be told anew.
    TreatyAction.objects.filter(kind="suspension").delete()
    falling.watch(timezone.now())
    assert not Fall.objects.open().exists()
    assert not Alert.objects.filter(kind="safety.fallen", done_at=None).exists()
    assert LimitChange.objects.latest("at").permitted is True
    crossings.leave(crossing=stay, by=cast.anton)
    assert api_as(cast.anton).send("GET", f"crossings/{stay.pk}/limits/").json()["now"] is None
    assert falling.watch(timezone.now()) == 0


def _suspend(cast: Cast, agreement: Any) -> None:
    if agreement == cast.art7.agreement:
        suspend(cast)
        return
    row = TreatyAction.objects.filter(kind="suspension").get()
    row.pk, row.agreement = None, agreement
    row._state.adding = True
    row.id = TreatyAction._meta.pk.get_default()
    row.save(force_insert=True)


def test_crossings_are_in_log_map_and_situation(cast: Cast, under_way: Any, as_: Any) -> None:
    operation, patrol, stay = under_way
    crossings.leave(crossing=stay, by=cast.anton, position=(47.61, 9.11))
    for who in (cast.anton, cast.yann):
        page = as_(who).get(reverse("patrols:patrol-detail", args=[patrol.pk])).content.decode()
        assert "Entered Y-land" in page, who
        assert "Left Y-land" in page, who
        for name, key in (("patrols:patrol-geojson", patrol.pk), ("picture:operation-features", operation.pk)):
            found = as_(who).get(reverse(name, args=[key])).json()["features"]
            assert {"crossing", "crossing_left"} <= {row["properties"]["kind"] for row in found}, (who, name)
        situation = as_(who).get(reverse("picture:operation-situation", args=[operation.pk])).content.decode()
        assert "Entered Y-land" in situation
    assert as_(cast.zoe).get(reverse("patrols:patrol-geojson", args=[patrol.pk])).status_code == 404
    # The log as a list and as a file, and one written up at a desk.
    client = as_(cast.lars)
    form = {
        "territory": "YY", "basis": "joint_patrol", "notified": "=Desk", "place": "Bridge", "position": "47.62, 9.12",
        "categories": ["operational"], "classification": "1", "tlp": "2", "shown": "",
    }  # fmt: skip
    address = reverse("field:crossing-create", args=[patrol.pk])
    assert "Choose the territory" not in client.get(address).content.decode()
    assert client.post(address, {**form, "territory": "XX"}).status_code == 200
    made = client.post(address, form)
    assert made.status_code == 302, made.content.decode()
    assert "There now" in client.get(reverse("field:crossing-list")).content.decode()
    assert "Bridge" not in as_(cast.yann).get(reverse("field:crossing-export")).content.decode()
    file = client.get(reverse("field:crossing-export")).content.decode("utf-8-sig")
    assert "'=Desk" in file
    assert "TLP:AMBER" in file
    assert client.get(f"{reverse('field:crossing-list')}?show=over").status_code == 200
    assert "Bridge" in client.get(f"{reverse('field:crossing-export')}?show=open").content.decode()


def test_one_that_is_held_is_the_own_agencys_alone(cast: Cast, under_way: Any, as_: Any) -> None:
    _, patrol, stay = under_way
    stay.record.releases.filter(clause__isnull=False).update(revoked_at=timezone.now())
    page = as_(cast.yann).get(reverse("patrols:patrol-detail", args=[patrol.pk])).content.decode()
    assert "Entered Y-land" not in page
    found = as_(cast.yann).get(reverse("patrols:patrol-geojson", args=[patrol.pk])).json()["features"]
    assert "crossing" not in {row["properties"]["kind"] for row in found}


def test_pauses_count_neither_as_time_nor_as_effort(cast: Cast, under_way: Any, as_: Any, api_as: Any) -> None:
    operation, patrol, _ = under_way
    leg = legs.end(leg=_own_leg(patrol, cast), by=cast.anton)
    type(leg).objects.filter(pk=leg.pk).update(started_at=leg.ended_at - 40 * MINUTE)
    leg.refresh_from_db()
    pauses.pause(leg=leg, by=cast.anton, at=leg.ended_at - 30 * MINUTE)
    pauses.resume(leg=leg, by=cast.anton, at=leg.ended_at - 20 * MINUTE)
    pauses.pause(leg=leg, by=cast.anton, at=leg.ended_at - 5 * MINUTE)  # It still rests when the leg ends.
    told = api_as(cast.anton).send("GET", f"legs/{leg.pk}/").json()
    assert (round(told["duration_s"]), round(told["rested_s"])) == (25 * 60, 15 * 60)
    rows = api_as(cast.anton).send("GET", f"patrols/{patrol.pk}/legs/").json()
    assert round(next(row for row in rows if row["id"] == str(leg.pk))["duration_s"]) == 25 * 60
    page = as_(cast.anton).get(reverse("patrols:patrol-detail", args=[patrol.pk])).content.decode()
    assert "rested" in page
    told = api_as(cast.anton).send("GET", f"operations/{operation.pk}/situation/").json()
    assert round(next(row for row in told["efforts"] if row["agency"]["id"] == str(cast.a1.pk))["duration_s"]) == 1500


def _own_leg(patrol: Any, cast: Cast) -> Any:
    return Leg.objects.get(record__host=patrol.record, record__owner=cast.a1)
