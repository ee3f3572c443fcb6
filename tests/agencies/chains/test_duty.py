"""Who is on duty at an instant: hours on the agency's clock, deputies, posts that ended, successors, clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from agencies.chains import actions
from agencies.chains.duty import gaps_of, on_duty
from agencies.chains.models import DutyStep
from agencies.chains.week import Shift
from agencies.directory.models import Appointment, Succession
from agencies.directory.roles import Role
from portal.ui.errors import Refused
from tests.conftest import LONG_AGO, make_appointment


def names(found):
    return [[person.officer.username for person in step.people] for step in found]


# A Wednesday; the agency's clock (Zurich) is one hour ahead.
NOON = datetime(2026, 1, 14, 11, tzinfo=UTC)


@pytest.fixture
def chain(cast, keepers):
    """By day the commander, at night Lars or else Anton, then the desk."""
    add = {"agency": cast.a1, "by": keepers.agnes, "wait": 10}
    actions.add_step(**add, kind="role", role="commander", hours=[Shift(d, time(8), time(20)) for d in range(1, 8)])
    actions.add_step(
        **add, kind="post", post=cast.lars, deputy=cast.anton, hours=[Shift(d, time(20), time(8)) for d in range(1, 8)]
    )
    actions.add_step(**add, kind="desk")
    return DutyStep.objects.filter(agency=cast.a1)


def test_an_agency_without_a_chain_has_its_desk(cast):
    found = on_duty(cast.b, NOON)
    assert [step.words for step in found] == ["duty desk"]
    assert names(found) == [["yann", "yara"]]


def test_hours_are_those_of_the_agencys_clock(cast, chain):
    desk = ["xenia", "lars", "anton"]
    assert names(on_duty(cast.a1, NOON)) == [["xenia"], desk]
    # 07:59 and 08:00 there.
    assert names(on_duty(cast.a1, datetime(2026, 1, 14, 6, 59, tzinfo=UTC)))[0] == ["lars"]
    assert names(on_duty(cast.a1, datetime(2026, 1, 14, 7, 0, tzinfo=UTC)))[0] == ["xenia"]
    # The same in summer: two hours ahead.
    assert names(on_duty(cast.a1, datetime(2026, 7, 15, 5, 59, tzinfo=UTC)))[0] == ["lars"]
    assert names(on_duty(cast.a1, datetime(2026, 7, 15, 6, 0, tzinfo=UTC)))[0] == ["xenia"]


def test_a_repeated_hour_counts_twice_and_a_missing_one_leaves_no_hole(cast, keepers):
    hours = [Shift(7, time(2), time(3))]
    actions.add_step(agency=cast.a1, by=keepers.agnes, kind="role", role="commander", wait=5, hours=hours)
    # 25 October 2026, Zurich: 02:30 comes twice, at 00:30 and at 01:30 UTC.
    for hour in (0, 1):
        assert len(on_duty(cast.a1, datetime(2026, 10, 25, hour, 30, tzinfo=UTC))) == 1
    # 29 March 2026: 01:59 is followed by 03:00.
    assert on_duty(cast.a1, datetime(2026, 3, 29, 0, 59, tzinfo=UTC)) == []
    assert on_duty(cast.a1, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == []


def test_who_does_not_hold_a_post_any_more_is_skipped_for_the_deputy(cast, chain):
    night = datetime(2026, 1, 14, 22, tzinfo=UTC)
    Appointment.objects.filter(pk=cast.lars.pk).update(ended_at=LONG_AGO + timedelta(days=30))
    assert names(on_duty(cast.a1, night))[0] == ["anton"]
    cast.anton.officer.is_active = False
    cast.anton.officer.save()
    assert names(on_duty(cast.a1, night))[0] == []


def test_who_goes_on_from_a_post_and_who_stands_in_for_it_are_told(cast, chain):
    night = datetime(2026, 1, 14, 22, tzinfo=UTC)
    later = make_appointment("lena", cast.a1, Role.LIAISON_OFFICER)
    deputy = make_appointment("dora", cast.a1, Role.LIAISON_OFFICER)
    Appointment.objects.filter(pk=cast.lars.pk).update(ended_at=LONG_AGO + timedelta(days=30))
    Appointment.objects.filter(pk=later.pk).update(continues=cast.lars)
    Appointment.objects.filter(pk=deputy.pk).update(acts_for=later)
    assert names(on_duty(cast.a1, night))[0] == ["lena", "dora"]
    Appointment.objects.filter(pk=deputy.pk).update(ends_on=date(2025, 1, 1))
    assert names(on_duty(cast.a1, night))[0] == ["lena"]


def test_who_is_posted_elsewhere_is_not_on_duty(cast, chain):
    night = datetime(2026, 1, 14, 22, tzinfo=UTC)
    Appointment.objects.filter(pk=cast.lars.pk).update(paused=[[night - timedelta(days=1), night + timedelta(days=1)]])
    assert names(on_duty(cast.a1, night))[0] == ["anton"]


def test_the_chain_of_the_agency_that_stands_for_it_now(cast, keepers):
    actions.add_step(agency=cast.a2, by=make_appointment("admin2", cast.a2, Role.AGENCY_ADMIN), kind="desk", wait=5)
    Succession.objects.create(
        predecessor=cast.a1,
        successor=cast.a2,
        starts_on=date(2026, 1, 1),
        starts_at=datetime(2026, 1, 1, tzinfo=UTC),
        accepted_at=LONG_AGO,
        basis="Act",
    )
    assert names(on_duty(cast.a1, NOON)) == [["aldo"]]


def test_gaps_are_said(cast, chain):
    assert gaps_of(list(chain.all())) == []
    chain.get(kind="desk").delete()
    assert gaps_of(list(chain.all())) == []
    chain.get(kind="post").delete()
    assert gaps_of(list(chain.all()))[0] == "Monday 20:00 to Tuesday 08:00"


def test_steps_move_and_close_up(cast, keepers, chain):
    desk = chain.get(kind="desk")
    actions.move_step(step=desk, by=keepers.agnes, up=True)
    assert [row.kind for row in chain.all()] == ["role", "desk", "post"]
    actions.move_step(step=chain.get(kind="role"), by=keepers.agnes, up=True)
    assert [row.kind for row in chain.all()] == ["role", "desk", "post"]
    actions.remove_step(step=chain.get(kind="role"), by=keepers.agnes)
    assert [(row.position, row.kind) for row in chain.all()] == [(1, "desk"), (2, "post")]


def test_only_an_admin_of_the_agency_keeps_it(cast, keepers, chain):
    step = chain.first()
    for who in (cast.xenia, cast.tara, keepers.bruno):
        with pytest.raises(Refused):
            actions.add_step(agency=cast.a1, by=who, kind="desk", wait=5)
        with pytest.raises(Refused):
            actions.change_step(step=step, by=who, kind="desk", wait=5, hours=[])
        with pytest.raises(Refused):
            actions.move_step(step=step, by=who, up=False)
        with pytest.raises(Refused):
            actions.remove_step(step=step, by=who)
    assert chain.count() == 3


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "nobody"}, "kind"),
        ({"kind": "role"}, "role"),
        ({"kind": "role", "role": "king"}, "role"),
        ({"kind": "post"}, "post"),
        ({"wait": 0}, "wait"),
        ({"wait": 1441}, "wait"),
        ({"hours": [Shift(1, time(1), time(2)), Shift(1, time(1), time(3))]}, "hours"),
    ],
)
def test_what_is_missing_is_said_at_its_field(cast, keepers, values, field):
    with pytest.raises(Refused) as refused:
        actions.add_step(agency=cast.a1, by=keepers.agnes, **{"kind": "desk", "wait": 5, **values})
    assert refused.value.field == field


def test_posts_are_of_the_agency_and_held_today(cast, keepers):
    def add(**values):
        return actions.add_step(agency=cast.a1, by=keepers.agnes, kind="post", wait=5, **values)

    with pytest.raises(Refused, match="no such post"):
        add(post=cast.yann)
    with pytest.raises(Refused, match="no such post"):
        add(post=cast.lars, deputy=cast.aldo)
    with pytest.raises(Refused, match="another"):
        add(post=cast.lars, deputy=cast.lars)
    Appointment.objects.filter(pk=cast.anton.pk).update(ended_at=timezone.now())
    cast.anton.refresh_from_db()
    with pytest.raises(Refused, match="Nobody holds"):
        add(post=cast.anton)
