from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.sharing.actions import circles
from agreements.sharing.models import Record
from operations.patrols.actions import patrols
from operations.patrols.actions.patrols import TeamPlan
from operations.patrols.choices import PatrolState
from operations.patrols.lifecycle import STEPS, is_overdue
from operations.patrols.models import Patrol
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.operations.patrols.conftest import Joint, sees

HOUR = timedelta(hours=1)


def test_planned_started_ended(joint: Joint) -> None:
    patrol = joint.plan()
    assert patrol.state == PatrolState.PLANNED
    assert [team.agency.acronym for team in patrol.teams.all()] == ["X1", "Y1"]
    patrol = patrols.start(patrol=patrol, by=joint.cast.anton)
    assert patrol.state == PatrolState.ACTIVE
    patrol = patrols.end(patrol=patrol, by=joint.cast.anton)
    assert patrol.state == PatrolState.ENDED
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"patrol.create", "patrol.start", "patrol.end"} <= verbs


@pytest.mark.parametrize(
    ("state", "step"),
    [(state.value, step) for state in PatrolState for step in ("start", "end", "cancel") if (state, step) not in STEPS],
)
def test_no_step_that_the_table_does_not_name(joint: Joint, state: str, step: str) -> None:
    patrol = joint.plan()
    if state in ("active", "ended"):
        patrols.start(patrol=patrol, by=joint.cast.lars)
    if state == "ended":
        patrols.end(patrol=patrol, by=joint.cast.lars)
    if state == "cancelled":
        patrols.cancel(patrol=patrol, by=joint.cast.lars, reason="Fog")
    more = {"reason": "Fog"} if step == "cancel" else {}
    with pytest.raises(Refused) as refused:
        getattr(patrols, step)(patrol=patrol, by=joint.cast.lars, **more)
    assert refused.value.code == "state"
    assert Patrol.objects.get(pk=patrol.pk).state == state


def test_cancelling_needs_a_reason(joint: Joint) -> None:
    patrol = joint.plan()
    with pytest.raises(Refused) as refused:
        patrols.cancel(patrol=patrol, by=joint.cast.lars, reason="  ")
    assert refused.value.field == "reason"


def test_who_may_not_plan(joint: Joint) -> None:
    cast = joint.cast
    for who in (cast.anton, cast.ada, cast.tara, cast.arno, cast.aldo, cast.zoe):
        with pytest.raises(Refused) as refused:
            joint.plan(by=who, teams=[TeamPlan(who.agency)])
        assert refused.value.code in ("forbidden", "not_found"), who
    assert not Patrol.objects.exists()


def test_a_planner_must_be_assigned(joint: Joint) -> None:
    own = joint.circle.participations.get(agency=joint.cast.a1)
    circles.unassign(assignment=own.assignments.get(appointment=joint.cast.lars), by=joint.cast.xenia)
    with pytest.raises(Refused, match="not assigned"):
        joint.plan()


def test_a_partner_plans_its_own_patrols_but_steers_no_other(joint: Joint) -> None:
    cast = joint.cast
    theirs = joint.plan(by=cast.yann)
    assert theirs.record.owner == cast.b
    joint.release(theirs, cast.yann)
    for step in (patrols.start, patrols.end):
        with pytest.raises(Refused) as refused:
            step(patrol=theirs, by=cast.lars)
        assert refused.value.code == "forbidden"


def test_who_does_not_see_it_is_told_nothing(joint: Joint) -> None:
    patrol = joint.plan()
    with pytest.raises(Refused) as refused:
        patrols.start(patrol=patrol, by=joint.cast.zoe)
    assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_at": -3 * HOUR}, "ends_at"),
        ({"ends_at": timedelta(days=9)}, "ends_at"),
        ({"starts_at": timedelta(days=-70), "ends_at": timedelta(days=-69)}, "starts_at"),
        ({"starts_at": timedelta(days=400), "ends_at": timedelta(days=401)}, "starts_at"),
    ],
)
def test_times_that_cannot_be(joint: Joint, values: dict[str, timedelta], field: str) -> None:
    now = timezone.now()
    with pytest.raises(Refused) as refused:
        joint.plan(**{name: now + shift for name, shift in values.items()})
    assert refused.value.field == field


def test_teams_are_of_agencies_that_take_part(joint: Joint) -> None:
    cast = joint.cast
    for teams in (
        [TeamPlan(cast.b)],
        [TeamPlan(cast.a1), TeamPlan(cast.c)],
        [TeamPlan(cast.a1), TeamPlan(cast.a1)],
        [TeamPlan(cast.a1), TeamPlan(cast.b, leader=cast.yann)],
    ):
        with pytest.raises(Refused) as refused:
            joint.plan(teams=teams)
        assert refused.value.field == "teams"
    assert joint.plan(teams=[TeamPlan(cast.a1, leader=cast.anton)]).teams.get().leader == cast.anton


def test_a_form_sent_twice_makes_one_patrol(joint: Joint) -> None:
    key = new_key()
    assert joint.plan(key=key).pk == joint.plan(key=key).pk == key
    assert Patrol.objects.count() == 1


def test_a_key_of_a_hidden_record_neither_shows_nor_overwrites_it(joint: Joint) -> None:
    hidden = joint.plan(by=joint.cast.yann)
    mine = joint.plan(key=hidden.pk)
    assert mine.pk != hidden.pk
    assert Record.objects.get(pk=hidden.pk).owner == joint.cast.b


def test_an_order_releases_a_plan_to_those_who_take_part(joint: Joint) -> None:
    cast = joint.cast
    held = joint.plan()
    joint.order(cast.xenia)
    released = joint.plan()
    assert not sees(cast.yann, held)
    assert sees(cast.yann, released)
    assert not sees(cast.zoe, released)
    assert not sees(cast.aldo, released)
    joint.suspend()
    assert not sees(cast.yann, released)
    assert sees(cast.lars, released)


def test_start_is_neither_in_the_future_nor_long_ago(joint: Joint) -> None:
    patrol = joint.plan()
    for shift in (HOUR, timedelta(days=-61)):
        with pytest.raises(Refused) as refused:
            patrols.start(patrol=patrol, by=joint.cast.lars, started_at=timezone.now() + shift)
        assert refused.value.field == "started_at"


def test_end_is_not_before_start(joint: Joint) -> None:
    patrol = joint.active()
    with pytest.raises(Refused) as refused:
        patrols.end(patrol=patrol, by=joint.cast.lars, ended_at=timezone.now() - 3 * HOUR)
    assert refused.value.field == "ended_at"


def test_own_patrol_is_ended_though_the_operation_is_hidden(joint: Joint) -> None:
    cast = joint.cast
    patrol = joint.active(by=cast.yann)
    joint.suspend()
    assert not sees(cast.yann, joint.record)
    assert patrols.end(patrol=patrol, by=cast.yann).state == PatrolState.ENDED
    with pytest.raises(Refused):
        joint.plan(by=cast.yann)


def test_overdue_is_the_same_in_rows_and_in_words(joint: Joint) -> None:
    now = timezone.now()
    late_start = joint.plan(starts_at=now - HOUR, ends_at=now + HOUR)
    in_grace = joint.plan(starts_at=now - timedelta(minutes=29), ends_at=now + HOUR)
    late_end = joint.active(starts_at=now - 3 * HOUR, ends_at=now - HOUR)
    on_time = joint.active()
    assert set(Patrol.objects.overdue(now)) == {late_start, late_end}
    for patrol in (late_start, in_grace, late_end, on_time):
        fresh = Patrol.objects.get(pk=patrol.pk)
        expected = patrol in (late_start, late_end)
        assert is_overdue(fresh.state, fresh.starts_at, fresh.ends_at, now) == expected
        assert (fresh.state_word == "Overdue") == expected


def test_the_database_refuses_what_the_table_does(joint: Joint) -> None:
    patrol = joint.plan()
    for values in ({"state": "active"}, {"state": "ended"}, {"ends_at": patrol.starts_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Patrol.objects.filter(pk=patrol.pk).update(**values)
