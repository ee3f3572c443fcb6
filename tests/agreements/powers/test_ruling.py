"""Powers are a pure function: nothing without an article, the most restrictive wins, one more rule never widens."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.powers.choices import GATES, RANK, Act, Answer, Border, Occasion, Requirement
from agreements.powers.facts import Rule
from agreements.powers.ruling import Ruling, keys, powers_on
from agreements.register.choices import ActionKind
from tests.agreements.powers.worlds import NOW, TODAY, asked, bound_treaty, rule, world
from tests.agreements.register.facts import BOTH, act, article, in_force, treaty

R = Requirement


def test_nothing_is_permitted_without_an_article() -> None:
    rulings = powers_on(world([bound_treaty()]), actor="XX", host="YY", border=Border.LAND)
    assert set(rulings) == set(keys())
    assert not any(row.permits or row.rules for row in rulings.values())


def test_an_article_permits_and_is_named() -> None:
    t = bound_treaty()
    found = asked(world([t], rule(t, Act.PURSUE)), Act.PURSUE)
    assert (found.answer, found.governing and found.governing.article) == (Answer.YES, "Art. 16")


def test_a_rule_holds_for_its_pair_its_border_its_occasion_and_its_days() -> None:
    t = bound_treaty()
    one = rule(
        t, Act.PURSUE, actor="XX", host="YY", borders=frozenset({Border.LAND}), starts=TODAY, ends=TODAY,
        occasions=frozenset({Occasion.PURSUIT}),
    )  # fmt: skip
    w = world([t], one)
    assert asked(w, Act.PURSUE).permits
    assert not asked(w, Act.PURSUE, actor="YY", host="XX").permits
    assert not asked(w, Act.PURSUE, border=Border.SEA).permits
    assert not asked(w, Act.PURSUE, day=TODAY + timedelta(days=1)).permits
    assert not asked(w, Act.PURSUE, day=TODAY - timedelta(days=1)).permits
    assert asked(w, Act.PURSUE, day=TODAY + timedelta(days=1)).apart[0].code == "over"


def test_nobody_acts_abroad_at_home() -> None:
    t = bound_treaty()
    assert not asked(world([t], rule(t, Act.PURSUE)), Act.PURSUE, host="XX").permits


def test_a_named_stretch_has_rules_of_its_own() -> None:
    t = bound_treaty()
    w = world([t], rule(t, Act.PURSUE), rule(t, Act.PURSUE, Answer.NO, stretch="Rhine, km 150 to 170"))
    assert asked(w, Act.PURSUE).permits
    assert not asked(w, Act.PURSUE, stretch="Rhine, km 150 to 170").permits


def test_the_most_restrictive_wins_and_says_so() -> None:
    t, u = bound_treaty("A"), bound_treaty("B")
    wide = rule(t, Act.PURSUE, Answer.ONLY_IF, distance_m=30_000, requirements=frozenset({frozenset([R.URGENT])}))
    close = rule(
        u, Act.PURSUE, Answer.ONLY_IF, distance_m=10_000, seconds=3600, requirements=frozenset({frozenset([R.CAUGHT])})
    )
    found = asked(world([t, u], wide, close), Act.PURSUE)
    assert (found.distance and found.distance.value, found.time and found.time.value) == (10_000, 3600)
    assert found.governing == close
    assert found.overlap
    assert found.rules == (close, wide)
    assert found.requirements == {frozenset([R.URGENT]), frozenset([R.CAUGHT])}


def test_a_may_and_a_may_only_if_are_a_may_only_if() -> None:
    t, u = bound_treaty("A"), bound_treaty("B")
    found = asked(world([t, u], rule(t, Act.PURSUE), rule(u, Act.PURSUE, Answer.NO)), Act.PURSUE)
    assert (found.answer, found.requirements, found.distance) == (Answer.NO, frozenset(), None)


def test_what_asks_more_contains_what_asks_less() -> None:
    t = bound_treaty()
    one, two = frozenset([R.CAUGHT]), frozenset([R.CAUGHT, R.ESCAPED])
    rules = [rule(t, Act.PURSUE, Answer.ONLY_IF, requirements=frozenset({r})) for r in (one, two)]
    assert asked(world([t], *rules), Act.PURSUE).requirements == {one}


@pytest.mark.parametrize(
    "fact",
    [
        act(ActionKind.SUSPENSION, "YY", date(2026, 1, 1)),
        act(ActionKind.SUSPENSION, None, TODAY),
        act(ActionKind.WITHDRAWAL, "XX", TODAY),
        act(ActionKind.TERMINATION, None, date(2026, 1, 1)),
        act(ActionKind.RESERVATION, "XX", date(2025, 1, 1)),
        act(ActionKind.OBJECTION, "XX", date(2025, 1, 1), counterpart="YY"),
    ],
    ids=lambda fact: str(fact.kind),
)
def test_what_does_not_bind_both_gives_nothing(fact: Any) -> None:
    t = bound_treaty("X–Y Treaty", fact)
    found = asked(world([t], rule(t, Act.PURSUE)), Act.PURSUE)
    assert not found.permits
    assert not found.rules
    assert found.apart[0].sentence


def test_one_that_has_not_ratified_gives_nothing() -> None:
    clause = article("Art. 16")
    t = treaty(*in_force("XX"), clauses=(clause,))
    assert not asked(world([t], rule(t, Act.PURSUE)), Act.PURSUE).permits


def test_a_suspended_agreement_that_was_stricter_leaves_the_other() -> None:
    t = bound_treaty("A")
    u = bound_treaty("B", act(ActionKind.SUSPENSION, "YY", date(2026, 1, 1)))
    found = asked(world([t, u], rule(t, Act.PURSUE), rule(u, Act.PURSUE, Answer.NO)), Act.PURSUE)
    assert found.answer == Answer.YES
    assert [one.code for one in found.apart] == ["suspended"]


def test_what_one_side_recorded_takes_away_and_permits_nothing() -> None:
    """R22: what narrows acts at once, what widens waits for both."""
    t = bound_treaty()
    mine = {"confirmed": {"XX": NOW - timedelta(days=1)}}
    alone = asked(world([t], rule(t, Act.PURSUE, **mine)), Act.PURSUE)
    assert not alone.permits
    assert alone.apart[0].code == "unconfirmed"
    both = asked(world([t], rule(t, Act.PURSUE), rule(t, Act.PURSUE, Answer.NO, **mine)), Act.PURSUE)
    assert both.answer == Answer.NO
    assert len(both.unconfirmed) == 1


def test_what_a_third_state_recorded_takes_nothing_away() -> None:
    t = bound_treaty()
    theirs = rule(t, Act.PURSUE, Answer.NO, recorded_for="ZZ", confirmed={"ZZ": NOW})
    assert asked(world([t], rule(t, Act.PURSUE), theirs), Act.PURSUE).permits


def test_a_correction_takes_the_place_once_both_stand_behind_it() -> None:
    t = bound_treaty()
    old = rule(t, Act.PURSUE, Answer.ONLY_IF, distance_m=10_000)
    new = rule(t, Act.PURSUE, Answer.ONLY_IF, distance_m=30_000, replaces=old.id)
    waiting = rule(t, Act.PURSUE, Answer.ONLY_IF, distance_m=30_000, replaces=old.id, confirmed={"XX": NOW})
    for row, metres in ((new, 30_000), (waiting, 10_000)):
        found = asked(world([t], old, row), Act.PURSUE)
        assert found.distance is not None
        assert found.distance.value == metres
    assert asked(world([t], old, new), Act.PURSUE).apart[0].code == "replaced"


def test_what_was_replaced_is_back_when_its_heir_no_longer_binds() -> None:
    t = bound_treaty("A")
    u = bound_treaty("B", act(ActionKind.SUSPENSION, "YY", date(2026, 1, 1)))
    old = rule(t, Act.PURSUE, Answer.ONLY_IF, distance_m=10_000)
    wider = rule(u, Act.PURSUE, replaces=old.id)
    found = asked(world([t, u], old, wider), Act.PURSUE)
    assert found.distance is not None
    assert found.distance.value == 10_000


def test_an_entry_is_taken_back_by_both() -> None:
    t = bound_treaty()
    old = rule(t, Act.PURSUE)
    taken = rule(t, Act.PURSUE, Answer.SILENT, replaces=old.id)
    assert not asked(world([t], old, taken), Act.PURSUE).rules
    one = rule(t, Act.PURSUE, Answer.SILENT, replaces=old.id, confirmed={"XX": NOW})
    assert asked(world([t], old, one), Act.PURSUE).permits


def test_in_the_course_of_what_is_not_permitted_nothing_is() -> None:
    t = bound_treaty()
    w = world([t], rule(t, Act.CARRY_ARMS))
    found = asked(w, Act.CARRY_ARMS)
    assert (found.permits, found.barred) == (False, True)
    assert asked(world([t], rule(t, Act.CARRY_ARMS), rule(t, Act.PURSUE)), Act.CARRY_ARMS).permits


TREATIES = [bound_treaty("A"), bound_treaty("B"), bound_treaty("C", act(ActionKind.SUSPENSION, "YY", TODAY))]
some_requirements = st.frozensets(
    st.frozensets(st.sampled_from([R.CAUGHT, R.ESCAPED, R.URGENT]), min_size=1, max_size=2), max_size=2
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    of = draw(st.sampled_from(TREATIES))
    answer = draw(st.sampled_from([Answer.YES, Answer.ONLY_IF, Answer.AUTHORISED, Answer.NO]))
    optional = st.none() | st.integers(1, 5)
    confirmed = draw(st.sampled_from([BOTH, BOTH, {"XX": NOW - timedelta(days=1)}, {}]))
    return rule(
        of,
        draw(st.sampled_from([Act.PURSUE, Act.DETAIN])),
        answer,
        actor=draw(st.sampled_from([None, "XX", "YY"])),
        borders=draw(st.sampled_from([frozenset(), frozenset({Border.LAND}), frozenset({Border.SEA})])),
        requirements=draw(some_requirements),
        distance_m=draw(optional),
        seconds=draw(optional),
        confirmed=confirmed,
    )


def narrower(one: Ruling, other: Ruling) -> bool:
    """Whether `one` allows nothing that `other` does not."""
    if not one.permits:
        return True
    if RANK[one.answer] < RANK[other.answer] or not other.permits:
        return False
    for name in ("distance", "time"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if theirs is not None and (mine is None or mine.value > theirs.value):
            return False
    return all(any(own <= asked_for for own in one.requirements) for asked_for in other.requirements)


def ruled(rows: list[Rule]) -> dict[Any, Ruling]:
    return powers_on(world(TREATIES, *rows), actor="XX", host="YY", border=Border.LAND)


@settings(max_examples=300, deadline=None)
@given(st.lists(rules(), max_size=5), rules())
def test_one_more_rule_never_widens_what_is_ruled(rows: list[Rule], more: Rule) -> None:
    before, after = ruled(rows), ruled([*rows, more])
    for key in keys():
        gates = [before[key[0], gate] for gate in GATES[key[0]]]
        if before[key].rules and all(gate.rules for gate in gates):
            assert narrower(after[key], before[key]), key


@settings(max_examples=200, deadline=None)
@given(st.lists(rules(), max_size=5), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(rows: list[Rule], random: Any) -> None:
    other = list(rows)
    random.shuffle(other)
    assert ruled(rows) == ruled(other)


@settings(max_examples=200, deadline=None)
@given(st.lists(rules(), max_size=6))
def test_nothing_unbound_or_unconfirmed_permits(rows: list[Rule]) -> None:
    for row in ruled(rows).values():
        opening = [r for r in row.rules if r not in row.unconfirmed]
        assert not row.permits or opening
        assert all(r.agreement != TREATIES[2].id for r in row.rules)
        assert all({"XX", "YY"} <= set(r.confirmed) for r in opening)
