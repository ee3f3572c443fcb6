"""After a succession (R30) each officer who went along finds at every door what was there before, others the same as
before, and the past stays as it was."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory import succession
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Role
from agreements.register.choices import ActionKind, Purpose
from agreements.sharing.actions import releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import access, access_to, agencies_that_see, decide, readers
from intel.reports import actions as reports
from portal.ui.errors import Refused
from tests.conftest import Cast, make_agency, make_appointment
from tests.doors import manifest
from tests.doors.world import PLAIN

Seen = dict[str, set[str]]


def succeed(old: Agency, new: Agency) -> None:
    giving, taking = (make_appointment(f"admin-{a.acronym.lower()}", a, Role.AGENCY_ADMIN) for a in (old, new))
    day = timezone.now().astimezone(old.zone).date()
    row = succession.propose(predecessor=old, successor=new, starts_on=day, basis="Act", by=giving)
    succession.accept(succession=row, by=taking)


def held(cast: Cast) -> dict[str, Appointment]:
    """The cast by first name, each under the post held now."""
    now = timezone.now()
    rows = {name: Appointment.objects.get(pk=who.pk).held_on(now) for name, who in cast.people.items()}
    return {name: row for name, row in rows.items() if row is not None}


def seen(cast: Cast) -> Seen:
    """Titles by person, by the list and by the decision, which agree."""
    now, found = timezone.now(), {}
    for name, who in held(cast).items():
        mine = access(who, now)
        found[name] = set(Record.objects.visible_to(mine).values_list("title", flat=True))
        for record in Record.objects.all():
            assert bool(decide(mine, record)) == (record.title in found[name]), (name, record.title)
    return found


def statuses(cast: Cast, as_: Any, name: str, world: list[Record]) -> dict[tuple[str, str], int]:
    """What each door with a record's key answers to the person."""
    found, client = {}, as_(held(cast)[name])
    for record in world:
        for door in sorted(manifest.RECORDS):
            if manifest.fits(door, record.kind):
                found[record.title, door] = client.get(reverse(door, args=[record.pk])).status_code
    return found


@pytest.mark.parametrize("which", ["b", "a1"])
def test_who_went_along_sees_the_same_and_so_does_everybody_else(cast: Cast, world: list[Record], which: str) -> None:
    before, old = seen(cast), getattr(cast, which)
    told = {record.title: {a.short for a in _readers(record)} for record in Record.objects.all()}
    succeed(old, make_agency(old.country_id, f"Successor of {old.acronym}", "NEW"))
    assert seen(cast) == before
    after = {record.title: {a.short for a in _readers(record)} for record in Record.objects.all()}
    renamed = {old.short: "NEW"}
    assert after == {title: {renamed.get(short, short) for short in names} for title, names in told.items()}


def _readers(record: Record) -> Any:
    rows = record.releases.standing().with_audience().select_related("provider")
    return agencies_that_see(record, rows, timezone.now())


@pytest.mark.parametrize("which", ["b", "a1"])
def test_one_decision_tells_what_the_whole_access_tells(cast: Cast, world: list[Record], which: str) -> None:
    """It reads no more of agreements than counts between its two ends, and those that they stand for."""
    old = getattr(cast, which)
    heir = make_agency(old.country_id, f"Successor of {old.acronym}", "NEW")
    succeed(old, heir)
    now, rows, abroad = timezone.now(), list(Record.objects.all()), 0
    for name in ("yann", "xenia", "zoe"):
        who = held(cast)[name]
        mine = access(who, now)
        for record in rows:
            seen = bool(decide(mine, record))
            assert bool(decide(access_to(record, who, now), record)) == seen, (name, record.title)
            abroad += seen and record.owner_id not in mine.agencies
    for record in rows:
        given = record.releases.standing().with_audience()
        every = [(row.sees, row.sentence) for row in readers(record, given, now) if row.agency == heir]
        asked = readers(record, given, now, only=heir)
        assert [(row.sees, row.sentence) for row in asked if row.agency == heir] == every, record.title
    assert abroad


@pytest.mark.parametrize(("which", "name"), [("b", "yann"), ("a1", "xenia")])
def test_every_door_answers_as_before(cast: Cast, world: list[Record], as_: Any, which: str, name: str) -> None:
    """Of one record of each kind and side that the officer sees."""
    visible = seen(cast)[name]
    chosen = list({(row.kind, row.owner_id): row for row in world if row.title in visible}.values())
    before, old = statuses(cast, as_, name, chosen), getattr(cast, which)
    succeed(old, make_agency(old.country_id, f"Successor of {old.acronym}", "NEW"))
    after = statuses(cast, as_, name, chosen)
    assert {key: (status, after[key]) for key, status in before.items() if after[key] != status} == {}
    assert 200 in before.values()


def test_officers_of_an_agency_that_takes_over_see_what_their_own_role_and_clearance_let_them(
    cast: Cast, world: list[Record]
) -> None:
    """Aldo, a commander of a2, sees what a1 owns and was given once a2 stands for it, but nobody's RED record."""
    before = seen(cast)
    assert before["aldo"] < before["xenia"]
    succeed(cast.a1, cast.a2)
    after = seen(cast)
    assert {name: rows for name, rows in after.items() if name != "aldo"} == {
        name: rows for name, rows in before.items() if name != "aldo"
    }
    assert before["aldo"] < after["aldo"]
    named = {row.title for row in Record.objects.filter(releases__audience__kind__in=["own_officer", "own_circle"])}
    assert not (after["aldo"] - before["aldo"]) & named


def test_the_past_stays_as_it_was(cast: Cast, world: list[Record]) -> None:
    then = timezone.now()
    aldo, yann = (
        set(Record.objects.visible_to(access(who, then)).values_list("title", flat=True))
        for who in (cast.aldo, cast.yann)
    )
    succeed(cast.a1, cast.a2)
    for who, titles in ((cast.aldo, aldo), (cast.yann, yann)):
        row = Appointment.objects.get(pk=who.pk)
        assert set(Record.objects.visible_to(access(row, then)).values_list("title", flat=True)) == titles


def test_before_its_first_day_nothing_passes_over(cast: Cast, world: list[Record]) -> None:
    before = seen(cast)
    giving, taking = (make_appointment(f"admin-{a.acronym.lower()}", a, Role.AGENCY_ADMIN) for a in (cast.a1, cast.a2))
    day = timezone.now().astimezone(cast.a1.zone).date() + timedelta(days=2)
    row = succession.propose(predecessor=cast.a1, successor=cast.a2, starts_on=day, basis="Act", by=giving)
    assert seen(cast) == before
    succession.accept(succession=row, by=taking)
    assert seen(cast) == before


def titles(rows: Any) -> set[str]:
    return set(rows.values_list("title", flat=True))


def treaty_act(cast: Cast, *, confirmed: bool) -> None:
    """Z notifies that it succeeds to the treaty of X and Y; X confirms it, or not."""
    agreement = cast.art7.agreement
    agreement.parties.create(country=cast.c.country)
    act = agreement.actions.create(
        kind=ActionKind.SUCCESSION,
        country=cast.c.country,
        done_on=timezone.localdate() - timedelta(days=1),
        recorded_by=cast.zeno,
        recorded_for=cast.c.country,
    )
    if confirmed:
        act.confirmations.create(country=cast.a1.country, confirmed_by=cast.tara)


@pytest.mark.parametrize(("act", "confirmed"), [(False, False), (True, False), (True, True)])
def test_an_agency_of_another_state_gets_what_partners_shared_once_that_state_has_succeeded_to_the_treaty(
    cast: Cast, world: list[Record], act: bool, confirmed: bool
) -> None:
    """c, of Z, follows b, of Y: own records pass over, what X gave does with the word of both (R22, R30)."""
    before, theirs = seen(cast), titles(Record.objects.filter(owner=cast.c))
    succeed(cast.b, cast.c)
    if act:
        treaty_act(cast, confirmed=confirmed)
    after, own = seen(cast), titles(Record.objects.filter(owner=cast.b))
    rows = Release.objects.standing().filter(clause__agreement=cast.art7.agreement)
    given = before["yara"] & titles(Record.objects.filter(owner=cast.a1, pk__in=rows.values("content_object")))
    assert given
    assert after["yara"] - theirs == (before["yara"] & own) | (given if confirmed else set())
    red = titles(Record.objects.filter(tlp=Tlp.RED))
    assert (after["zoe"] >= given - red) == confirmed
    assert not after["zoe"] & red
    others = {"xenia", "lars", "ada", "aldo"}
    assert {name: after[name] for name in others} == {name: before[name] for name in others}


def test_a_successor_releases_under_the_predecessors_designation(cast: Cast, world: list[Record]) -> None:
    """What it gives is its own; what the predecessor gave stays as it was given."""
    b2 = make_agency("YY", "Successor of Y1", "Y2")
    succeed(cast.b, b2)
    yann = held(cast)["yann"]
    text = {"summary": "Three lorries", "scheme": "nato", "source_grade": "B", "information_grade": "2"}
    report = reports.write(by=yann, title="Seen at the pass", marking=PLAIN, **text)
    given = releases.release(
        record=report.record, to=To(AudienceKind.AGENCY, agency=cast.a1), clause=cast.art7,
        purpose=Purpose.COORDINATION, by=yann,
    )  # fmt: skip
    assert given.provider == b2
    assert report.record.title in seen(cast)["xenia"]
    with pytest.raises(Refused):
        releases.release(
            record=report.record, to=To(AudienceKind.AGENCY, agency=cast.c), clause=cast.art7, purpose=Purpose.COORDINATION, by=yann,
        )  # fmt: skip
