"""The feed never differs from the policy: random worlds, every place, both ways of asking."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agencies.directory.roles import Permission
from agreements.register.choices import Purpose
from agreements.sharing import feed, kinds, statements
from agreements.sharing.actions.audiences import audience_for, own_audience
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record, Release
from agreements.sharing.permission import view_record
from agreements.sharing.policy import Access, LiveAudience
from operations.patrols.models import Patrol
from tests.conftest import Cast

NOW = timezone.now()
# Each example makes rows; a smaller one is not worth minutes.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
KINDS = ["paper", "slip", "card", "leaf", "note"]
WORDS = ["ferry", "night", "van"]
PURPOSES = Purpose.values[:2]
CATEGORIES = ["operational", "customs"]


@pytest.fixture(autouse=True)
def five_kinds() -> Iterator[None]:
    for name in KINDS:
        kinds.register(kinds.Kind(name, name, name, Permission.PATROL_VIEW, "sharing:record-detail"))
    yield
    for name in KINDS:
        kinds._KINDS.pop(name)


def ago(hours: int) -> datetime:
    return NOW - timedelta(hours=hours)


hours = st.integers(1, 6)  # few, so that instants tie
marked = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "title": st.sampled_from(WORDS),
        "categories": st.lists(st.sampled_from(CATEGORIES), unique=True),
        "classification": st.integers(0, 2),
        "tlp": st.integers(0, 3),
        "rel_to": st.none() | st.just(["YY"]) | st.just([]),
        "occurred_at": hours.map(ago),
        "latitude": st.just(47.5) | st.just(48.5),
        "mine": st.booleans(),
    }
)
released = st.fixed_dictionaries(
    {
        "record": st.integers(0, 29),
        "group": st.integers(0, 3),
        "provider": st.integers(0, 1),
        "purpose": st.sampled_from(PURPOSES),
        "released_at": hours.map(ago),
        "until": st.none() | st.just(NOW + timedelta(hours=1)) | st.just(NOW),
        "revoked": st.integers(0, 5).map(lambda n: n == 0),
    }
)
audience = st.fixed_dictionaries(
    {
        "group": st.integers(0, 3),
        "providers": st.sets(st.integers(0, 1), min_size=1),
        "ceiling": st.integers(0, 2),
        "widest_tlp": st.integers(1, 3),
        "country": st.sampled_from(["YY", "ZZ"]),
        "categories": st.sets(st.sampled_from(CATEGORIES), min_size=1).map(frozenset),
        "purposes": st.sets(st.sampled_from(PURPOSES), min_size=1).map(frozenset),
        "since": st.none() | hours.map(ago),
        "till": st.none() | hours.map(ago),
        "retention": st.none() | hours.map(lambda n: timedelta(hours=n, seconds=1)),
    }
)


class World:
    """Records of X1, released to four groups by X1 and, onward, by Y1."""

    def __init__(self, cast: Cast, records: list[dict[str, Any]], releases: list[dict[str, Any]]) -> None:
        Release.objects.all().delete()
        Record.objects.all().delete()
        self.cast = cast
        self.agencies = [cast.a1, cast.b]
        clause = cast.art7
        self.groups = [
            own_audience(cast.a1),
            audience_for(AudienceKind.ALL_PARTIES, clause=clause),
            audience_for(AudienceKind.AGENCY, clause=clause, agency=cast.b),
            audience_for(AudienceKind.PARTY, clause=clause, country=cast.b.country),
        ]
        self.records = [self._record(**values) for values in records]
        Record.objects.bulk_create(self.records)
        once = {(row["record"] % len(records), row["group"], row["provider"]): row for row in releases}
        Release.objects.bulk_create(
            [self._release(**{**row, "record": key[0]}) for key, row in once.items()] if records else []
        )

    def _record(self, mine: bool, **values: Any) -> Record:
        owner, author = (self.cast.a1, self.cast.xenia) if mine else (self.cast.b, self.cast.yann)
        return Record(owner=owner, author=author, longitude=9.0, **values)

    def _release(self, record: int, group: int, provider: int, revoked: bool, purpose: str, **values: Any) -> Release:
        audience = self.groups[group]
        return Release(
            content_object=self.records[record],
            audience=audience,
            group_id=audience.group_id,
            clause=audience.clause,
            purpose=purpose if audience.clause_id else "",
            permission=view_record(),
            provider=self.agencies[provider],
            released_by=self.cast.xenia,
            revoked_at=NOW if revoked else None,
            **{**values, "until": values["until"] if (values["until"] or NOW) > values["released_at"] else None},
        )

    def access(self, audiences: list[dict[str, Any]], names: list[str]) -> Access:
        return Access(self.cast.yann, NOW, frozenset(names), tuple(self._audience(**row) for row in audiences))

    def _audience(self, group: int, providers: set[int], **terms: Any) -> LiveAudience:
        row = self.groups[group]
        return LiveAudience(
            group=row.group_id,
            audience=row.pk,
            kind=AudienceKind(row.kind),
            clause=row.clause_id,
            providers=frozenset(self.agencies[number].pk for number in providers),
            **terms,
        )

    def seen(self, access: Access) -> list[Record]:
        """By the policy alone, newest first."""
        rows = Record.objects.filter(kind__in=access.kinds).prefetch_related("releases")
        found = [row for row in rows if access.grounds(row.releases.all())]
        return sorted(found, key=lambda row: (row.occurred_at, row.pk), reverse=True)


def narrowings() -> list[tuple[Q, Any]]:
    """Filters as pages use them, in SQL and in Python."""
    return [
        (Q(), lambda row: True),
        (Q(kind="paper"), lambda row: row.kind == "paper"),
        (Q(kind__in=["slip", "card"]), lambda row: row.kind in ("slip", "card")),
        (Q(occurred_at__gte=ago(4), occurred_at__lt=ago(2)), lambda row: ago(4) <= row.occurred_at < ago(2)),
        (Q(search=SearchQuery("ferry", config="simple")), lambda row: row.title == "ferry"),
        (Q(latitude__range=(47, 48)), lambda row: 47 <= row.latitude <= 48),
        (Q(categories__contains=["customs"], kind="paper"), lambda row: "customs" in row.categories and row.kind == "paper"),
        (~Q(kind="paper"), lambda row: row.kind != "paper"),
        (Q(kind="paper") | Q(title="van"), lambda row: row.kind == "paper" or row.title == "van"),
        (Q(operation__title="none of them"), lambda row: False),
    ]  # fmt: skip


@pytest.mark.parametrize(("few", "thin", "many"), [(-1, 0, 5), (10**9, 200, 5), (10**9, 0, 500), (-1, 200, 5)])
@settings(
    max_examples=25, deadline=None, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    records=st.lists(marked, min_size=1, max_size=30),
    releases=st.lists(released, max_size=60),
    audiences=st.lists(audience, max_size=6),
    names=st.sampled_from([KINDS, KINDS[:2], ["leaf"], []]),
    size=st.integers(1, 7),
)
def test_the_feed_is_what_the_policy_sees(
    cast: Cast,
    few: int,
    thin: int,
    many: int,
    records: list[dict[str, Any]],
    releases: list[dict[str, Any]],
    audiences: list[dict[str, Any]],
    names: list[str],
    size: int,
) -> None:
    world = World(cast, records, releases)
    access = world.access(audiences, names)
    everything = world.seen(access)
    given = Release.objects.filter(kind__in=access.kinds)
    assert set(Release.objects.live_for(access)) == {release for release, _ in access.grounds(given)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feed, "FEW", few)
        patch.setattr(statements, "THIN", thin)
        patch.setattr(statements, "MANY", many)
        for condition, passes in narrowings():
            wanted = [row for row in everything if passes(row)]
            rows = Record.objects.visible_to(access).filter(condition)
            assert _pages(rows, size) == wanted
            assert sorted(rows, key=lambda row: (row.occurred_at, row.pk), reverse=True) == wanted
            assert rows.capped_count() == len(wanted)
            assert rows.capped_count(2) == min(2, len(wanted))
            if wanted:
                place = (wanted[-1].occurred_at, wanted[-1].pk)
                assert rows.newest(size, after=place) == wanted[:-1][::-1][:size]


def _pages(rows: Any, size: int) -> list[Record]:
    """All pages, one after the other."""
    found: list[Record] = []
    place = None
    while page := rows.newest(size, before=place):
        assert len(page) <= size
        found += page
        place = (page[-1].occurred_at, page[-1].pk)
    return found


@settings(
    max_examples=20, deadline=None, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    records=st.lists(marked, min_size=1, max_size=30),
    releases=st.lists(released, max_size=60),
    audiences=st.lists(audience, max_size=6),
)
def test_a_query_that_does_more_than_narrow_is_answered_all_the_same(
    cast: Cast, records: list[dict[str, Any]], releases: list[dict[str, Any]], audiences: list[dict[str, Any]]
) -> None:
    world = World(cast, records, releases)
    access = world.access(audiences, KINDS)
    rows = Record.objects.visible_to(access)
    either = rows.filter(kind="paper") | rows.filter(title="van")
    wanted = [row for row in world.seen(access) if row.kind == "paper" or row.title == "van"]
    assert _pages(either, 3) == wanted
    assert either.capped_count() == len(wanted)


def test_many_audiences_do_not_hide_a_record_behind_its_doubles(cast: Cast) -> None:
    """One record given to every group twice, and one older: the page of two holds both."""
    base = {
        "categories": ["operational"],
        "classification": 0,
        "tlp": 0,
        "rel_to": None,
        "latitude": 47.5,
        "mine": True,
    }
    records = [{**base, "kind": "paper", "title": f"{n}", "occurred_at": ago(n)} for n in (1, 2)]
    row = {"purpose": PURPOSES[0], "released_at": ago(1), "until": None, "revoked": False}
    releases = [{**row, "record": n, "group": g, "provider": p} for n, g, p in
                [*((0, g, p) for g in range(4) for p in range(2)), (1, 3, 0)]]  # fmt: skip
    world = World(cast, records, releases)
    terms = {"providers": {0, 1}, "ceiling": 2, "widest_tlp": 3, "country": "YY", "since": None, "retention": None}
    terms |= {"categories": frozenset(CATEGORIES), "purposes": frozenset(PURPOSES)}
    access = world.access([{**terms, "group": group} for group in range(4)], KINDS)
    assert [row.title for row in Record.objects.visible_to(access).newest(2)] == ["1", "2"]


@pytest.mark.parametrize("many", [1, 500])
@pytest.mark.parametrize("few", [-1, 10**9])
@pytest.mark.parametrize("amiss", [{"revoked": True}, {"until": NOW}, {"purpose": PURPOSES[1]}, {"group": 2}])
def test_a_search_finds_what_is_live_and_nothing_else(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, many: int, few: int, amiss: dict[str, Any]
) -> None:
    """Lane by lane, record by record, and whether or not the reader was given more than is compared."""
    base = {"kind": "paper", "title": "ferry", "categories": ["customs"], "classification": 0, "tlp": 0}
    base |= {"rel_to": None, "latitude": 47.5, "mine": True}
    row = {"purpose": PURPOSES[0], "released_at": ago(9), "until": None, "revoked": False, "group": 1, "provider": 0}
    releases = [{**row, "record": number, **(amiss if number == 1 else {})} for number in range(4)]
    world = World(cast, [{**base, "occurred_at": ago(number)} for number in range(4)], releases)
    terms = {"group": 1, "providers": {0}, "ceiling": 2, "widest_tlp": 3, "country": "YY", "since": None}
    terms |= {"retention": None, "categories": frozenset(CATEGORIES), "purposes": frozenset(PURPOSES[:1])}
    monkeypatch.setattr(feed, "FEW", few)
    monkeypatch.setattr(statements, "MANY", many)
    rows = Record.objects.visible_to(world.access([terms], KINDS)).matching("ferry")
    live = [world.records[number] for number in (0, 2, 3)]
    assert rows.newest(9) == live
    assert rows.capped_count() == len(live)


def test_a_provider_with_two_sets_of_terms_is_judged_by_both(cast: Cast) -> None:
    base = {"kind": "paper", "tlp": 0, "rel_to": None, "latitude": 47.5, "mine": True, "occurred_at": ago(1)}
    records = [
        {**base, "title": "low", "categories": ["customs"], "classification": 0},
        {**base, "title": "high", "categories": ["operational"], "classification": 2},
        {**base, "title": "both", "categories": ["customs"], "classification": 2},
    ]
    row = {"purpose": PURPOSES[0], "released_at": ago(1), "until": None, "revoked": False, "group": 1, "provider": 0}
    world = World(cast, records, [{**row, "record": number} for number in range(3)])
    terms = {"group": 1, "providers": {0}, "widest_tlp": 3, "country": "YY", "since": None, "retention": None}
    terms["purposes"] = frozenset(PURPOSES)
    access = world.access(
        [
            {**terms, "ceiling": 0, "categories": frozenset(["customs"])},
            {**terms, "ceiling": 2, "categories": frozenset(["operational"])},
        ],
        KINDS,
    )
    assert {row.title for row in Record.objects.visible_to(access).newest(9)} == {"low", "high"}


def test_what_costs_does_not_grow_with_what_is_there(cast: Cast) -> None:
    """The keys (and the planner set back), and the rows; with a filter the estimate, the keys and the rows."""
    base = {"kind": "paper", "categories": ["customs"], "classification": 0, "tlp": 0, "rel_to": None, "mine": True}
    records = [{**base, "title": "x", "latitude": 47.5, "occurred_at": ago(n)} for n in range(1, 9)]
    row = {"purpose": PURPOSES[0], "released_at": ago(1), "until": None, "revoked": False, "provider": 0}
    world = World(cast, records, [{**row, "record": n, "group": n % 4} for n in range(8)])
    terms = {"providers": {0}, "ceiling": 2, "widest_tlp": 3, "country": "YY", "since": None, "retention": None}
    terms |= {"categories": frozenset(CATEGORIES), "purposes": frozenset(PURPOSES)}
    for groups in ([1], [0, 1, 2, 3]):
        access = world.access([{**terms, "group": group} for group in groups], KINDS)
        for rows, cost in ((Record.objects, 3), (Record.objects.matching("x"), 3)):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert len(rows.visible_to(access).newest(8)) == 2 * len(groups)
            assert len(asked) == cost, [q["sql"][:80] for q in asked]


def test_of_nobody_and_of_no_audience_there_is_nothing(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Record.objects.visible_to(Access(None, NOW)).newest(5) == []
        assert Record.objects.visible_to(Access(cast.yann, NOW, frozenset(KINDS))).capped_count() == 0
        assert Record.objects.none().visible_to(Access(cast.yann, NOW, frozenset(KINDS))).newest(5) == []
    assert not len(asked)


def test_details_read_the_feed_of_their_own_kind(cast: Cast) -> None:
    access = Access(cast.yann, NOW, frozenset([*KINDS, "patrol"]), ())
    assert Patrol.objects.visible_to(access).newest(5) == []
    live = LiveAudience(
        group=own_audience(cast.b).group_id, audience=uuid.uuid4(), kind=AudienceKind.OWN_AGENCY, clause=None,
        providers=frozenset([cast.b.pk]), ceiling=2, widest_tlp=3, country="YY",
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        Patrol.objects.visible_to(replace(access, audiences=(live,))).filter(state="active").newest(5)
    assert "'paper'" not in asked[0]["sql"]
