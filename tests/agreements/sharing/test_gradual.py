"""An access that is worked out article by article tells what the whole one tells, and feeds the second lock likewise."""

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from agreements.sharing import feed, statements
from agreements.sharing.api.sight import Sight
from agreements.sharing.disclosure import items_of
from agreements.sharing.locking import key_of
from agreements.sharing.models import Record
from agreements.sharing.policy import Access, LiveAudience, access, access_to, decide, gradual, gradual_access, readers
from portal import second_lock
from tests.agreements.sharing.conftest import Desk
from tests.doors.clock import instant
from tests.doors.rows import Ground, built
from tests.doors.worlds import NOW, ByChance, World, draw_world

# As many as the leak test makes, by the eighty: ENTENTE_LEAK_WORLDS.
WORLDS = max(int(os.environ.get("ENTENTE_LEAK_WORLDS", "160")) // 80, 1)
BESIDE = ("owner__country", "operation")


def locked(mine: Access, work: Any) -> Any:
    """As in a request of that officer."""
    whose = mine.appointment.pk if mine.appointment else None
    with second_lock.fed(lambda: key_of(mine), lambda: whose), transaction.atomic():
        return work(mine)


def told(rows: Any, sight: Sight) -> list[Any]:
    sight.prime(rows)
    return [
        (row.pk, row.operation and row.operation.title, sight.sees(row, row.operation_id), sight.sees(row, row.host_id))
        for row in rows
    ]


def terms(audience: LiveAudience) -> LiveAudience:
    """An audience with its terms, whoever of its givers is worked out."""
    return replace(audience, providers=frozenset())


def beyond(part: Access, whole: Access) -> list[Any]:
    """What the part tells of that the whole does not: nothing."""
    told = {(terms(item), giver) for item in whole.audiences for giver in item.providers}
    return [(item, giver) for item in part.audiences for giver in item.providers if (terms(item), giver) not in told]


def pages(size: int) -> Any:
    """Every page forwards, and back again from the last; each with what its rows point to."""

    def work(mine: Access) -> list[Any]:
        found, place, rows = [], None, Record.objects.visible_to(mine).select_related(*BESIDE)
        while page := list(rows.newest(size, before=place)):
            found.append(told(page, Sight(mine)))
            place = (page[-1].occurred_at, page[-1].pk)
        back = list(rows.newest(size, after=place)) if place else []
        return [*found, told(back, Sight(mine)), told(rows.of_kind("operation").newest(size), Sight(mine))]

    return work


def narrowed(size: int) -> Any:
    """Pages that a filter leaves records of; forwards, and the first from behind."""

    def work(mine: Access) -> list[Any]:
        every = Record.objects.visible_to(mine).select_related(*BESIDE)
        found = []
        for rows in (every.filter(classification__lte=1), every.in_box(west=9, south=47.63, east=10, north=47.68)):
            place = None
            while page := list(rows.newest(size, before=place)):
                found.append(told(page, Sight(mine)))
                place = (page[-1].occurred_at, page[-1].pk)
            found.append(told(list(rows.newest(size, after=place)) if place else [], Sight(mine)))
        return found

    return work


def assert_same_when_narrowed(anew: Any, whole: Access, size: int) -> int:
    """Whether filters are asked first, or as the lanes are read. How many rows there were."""
    wanted = locked(whole, narrowed(size))
    for few in (0, feed.FEW_TO_SURVEY):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(feed, "FEW_TO_SURVEY", few)
            assert locked(anew(), narrowed(size)) == wanted
    return sum(len(page) for page in wanted)


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "surveys", "lively"), [(0, 1, 0), (1, 2, 0.4), (2, 200, 1.4), (3, 200, 0)])
def test_in_every_world_the_parts_tell_what_the_whole_tells(part: int, surveys: int, lively: float) -> None:
    """However often it is surveyed what may be live, and however many gifts are worked out at first."""
    unfolded, left, ground = {True: 0, False: 0}, 0, Ground()

    def asked(world: World, size: int) -> None:
        nonlocal left
        with built(ground, world) as rows:
            now = instant(NOW)
            records = list(rows.records.values())
            for number, record in enumerate(records):
                # So that they come in an order, and point to each other.
                at = now - timedelta(hours=number // 2)
                beside = {"operation": records[number * 3 % len(records)], "host": records[number * 5 % len(records)]}
                Record.objects.filter(pk=record.pk).update(occurred_at=at, **beside)
            for officer in list(rows.officers.values())[::3]:

                def anew(officer: Any = officer) -> Access:
                    return gradual_access(officer, now)

                whole = access(officer, now)
                mine = anew()
                assert locked(mine, pages(size)) == locked(whole, pages(size))
                unfolded[bool(mine.unfolding)] += 1
                left += assert_same_when_narrowed(anew, whole, size)
                count = lambda now: (now.kinds, Record.objects.visible_to(now).capped_count(size))  # noqa: E731
                assert locked(anew(), count) == locked(whole, count)
                for record in records[::3]:
                    decided, wanted = decide(anew(), record), decide(whole, record)
                    assert [(g.release, terms(g.audience)) for g in decided.grounds] == [
                        (g.release, terms(g.audience)) for g in wanted.grounds
                    ]
                    assert all(g.release.provider_id in g.audience.providers for g in decided.grounds)
                    ledger = lambda now, record=record: items_of(now, [record])  # noqa: E731
                    assert locked(anew(), ledger) == locked(whole, ledger)
                parted = anew()
                locked(parted, lambda now: Record.objects.visible_to(now).newest(size))
                if parted.unfolding:
                    assert not beyond(parted.unfolding.part(()), whole)
                assert set(parted.audiences) == set(whole.audiences)
                assert parted.unfolding is None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradual, "FEW", -1)
        patch.setattr(feed, "SURVEYED", 1)
        patch.setattr(feed, "SURVEYS", surveys)
        patch.setattr(feed, "LIVELY", lively)
        patch.setattr(statements, "NEAREST", 2)
        for number in range(WORLDS):
            asked(draw_world(ByChance(1000 * part + number)), 3 + 4 * (number % 2))
    assert unfolded[True] or surveys < 200, unfolded
    assert left


@pytest.mark.django_db
@pytest.mark.parametrize("part", [7, 8])
def test_in_every_world_one_decision_needs_the_facts_between_its_ends_alone(part: int) -> None:
    seen, missed, ground = 0, 0, Ground()
    for number in range(4 * WORLDS):
        with built(ground, draw_world(ByChance(1000 * part + number))) as rows:
            now = instant(NOW)
            records, officers = list(rows.records.values()), list(rows.officers.values())
            for officer in officers[number % 3 :: 3]:
                whole = access(officer, now)
                for record in records[number % 2 :: 2]:
                    wanted = decide(whole, record)
                    alone = decide(access_to(record, officer, now), record)
                    assert {(g.release, g.sentence) for g in alone.grounds} == {
                        (g.release, g.sentence) for g in wanted.grounds
                    }
                    seen += bool(alone)
            for record in records:
                given = record.releases.standing().with_audience()
                every = readers(record, given, now)
                for agency in {officer.agency for officer in officers}:
                    told = [row for row in every if row.agency == agency]
                    own = readers(record, given, now, only=agency)
                    assert [(row.sees, row.sentence) for row in own if row.agency == agency] == [
                        (row.sees, row.sentence) for row in told
                    ]
                    missed += sum(not row.sees for row in told)
    assert seen
    assert missed


def test_one_who_is_not_in_effect_has_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradual, "FEW", -1)
    assert gradual_access(None, timezone.now()).unfolding is None
    desk.cast.yann.ended_at = timezone.now()
    assert gradual_access(desk.cast.yann, timezone.now()).audiences == ()


def test_the_lock_is_not_fed_for_somebody_else_meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a block that is fed for one officer, another's access opens nothing more, however it is worked out."""
    monkeypatch.setattr(gradual, "FEW", -1)
    record = desk.note()
    theirs = gradual_access(desk.cast.yann, timezone.now())
    mine = gradual_access(desk.cast.xenia, timezone.now())
    with second_lock.fed(lambda: key_of(theirs), lambda: desk.cast.yann.pk), transaction.atomic():
        assert Record.objects.visible_to(mine).newest(5) == []
    with second_lock.fed(lambda: key_of(mine), lambda: desk.cast.xenia.pk), transaction.atomic():
        assert Record.objects.visible_to(mine).newest(5) == [record]


def test_a_page_costs_the_same_with_many_rows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradual, "FEW", -1)
    costs = []
    for more in (1, 12):
        for _ in range(more):
            desk.release(desk.note())
        with CaptureQueriesContext(connection) as asked:
            mine = gradual_access(desk.cast.yann, timezone.now())
            assert locked(mine, lambda now: Record.objects.visible_to(now).newest(20))
        costs.append(len(asked))
    assert costs[0] == costs[1], costs


@pytest.mark.parametrize("few", [0, 99])
def test_a_count_that_own_records_fill_works_out_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Under many agreements and under few; and once all is worked out, no count asks twice, also of a request's lazy access."""
    monkeypatch.setattr(gradual, "FEW", few)
    for _ in range(3):
        desk.note()
    mine = gradual_access(desk.cast.ada, timezone.now())
    assert Record.objects.visible_to(mine).capped_count(3) == 3
    assert "audiences" not in vars(mine)
    assert Record.objects.visible_to(mine).capped_count(9) == 3
    assert mine.unfolding is None
    lazy: Any = SimpleLazyObject(lambda: mine)
    with CaptureQueriesContext(connection) as asked:
        assert Record.objects.visible_to(lazy).capped_count(9) == 3
    assert sum("count(DISTINCT" in query["sql"] for query in asked) == 1
