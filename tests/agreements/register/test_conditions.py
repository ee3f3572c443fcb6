"""Entry into force that a condition computes, on paper and between two parties; and what renews itself."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from agreements.register.choices import DelayUnit
from agreements.register.days import add_months, stop_day, term_end
from agreements.register.facts import ConditionFact, Delay, Treaty, as_known
from agreements.register.status import (
    ON_PAPER,
    Bond,
    Gap,
    State,
    agreement_state,
    bound,
    computed,
    days_left,
    end_day,
    last_day,
    party_state,
    renewal,
    turns,
)
from agreements.register.status.computing import condition_of
from tests.agreements.register.facts import BOTH, RECORDED, XY, K, act, article, midnight, noon, treaty

THREE = frozenset({"XX", "YY", "ZZ"})
ART7 = article()
DAYS, MONTHS, STARTS = DelayUnit.DAYS, DelayUnit.MONTHS, DelayUnit.MONTH_STARTS


def condition(consents: int | None = 2, *required: str, delay: Delay | None = None, **more: Any) -> ConditionFact:
    first = delay or Delay(30, DAYS)
    values: dict[str, Any] = {
        "id": uuid.uuid4(), "consents": consents, "required": frozenset(required), "delay": first, "later": first,
        "recorded_at": RECORDED, "confirmed": BOTH,
    }  # fmt: skip
    return ConditionFact(**{**values, **more})


def of_three(*acts: Any, on: ConditionFact | None = None, **more: Any) -> Treaty:
    return treaty(*acts, clauses=(ART7,), parties=THREE, conditions=(on or condition(),), **more)


def ratified(country: str, day: date, **more: Any) -> Any:
    return act(K.RATIFICATION, country, day, **more)


def since(row: Treaty, party: str, at: datetime, pair: Any = ON_PAPER) -> Any:
    found = bound({row.id: row}, row, ART7, party, at, pair)
    return found.since if isinstance(found, Bond) else found


MARCH, APRIL, MAY = date(2026, 3, 10), date(2026, 4, 20), date(2026, 5, 5)


@pytest.mark.parametrize(
    ("delay", "first"),
    [
        (Delay(0, DAYS), date(2026, 4, 20)),
        (Delay(30, DAYS), date(2026, 5, 20)),
        (Delay(3, MONTHS), date(2026, 7, 20)),
        (Delay(1, STARTS), date(2026, 5, 1)),
        (Delay(2, STARTS), date(2026, 6, 1)),
    ],
)
def test_so_long_after_the_consent_that_meets_it(delay: Delay, first: date) -> None:
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), on=condition(delay=delay))
    found = computed(row, noon(APRIL), ON_PAPER)
    assert found is not None
    assert (found.met, found.starts) == (APRIL, first)
    assert since(row, "XX", noon(first)) == midnight(first)
    assert party_state({row.id: row}, row, "ZZ", noon(first)) == State.NOT_BOUND
    if first > APRIL:
        assert isinstance(since(row, "XX", noon(APRIL)), Gap)
        assert party_state({row.id: row}, row, "XX", noon(APRIL)) == State.TO_BE_IN_FORCE


@pytest.mark.parametrize(
    ("on", "met"),
    [
        (condition(2), APRIL),
        (condition(3), MAY),
        (condition(None), MAY),
        (condition(None, "ZZ"), MAY),
        (condition(None, "XX", "YY"), APRIL),
        (condition(2, "ZZ"), MAY),
        (condition(1), MARCH),
    ],
)
def test_so_many_all_or_the_named(on: ConditionFact, met: date) -> None:
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), ratified("ZZ", MAY), on=on)
    found = computed(row, noon(MAY), ON_PAPER)
    assert found is not None
    assert found.met == met


def test_too_few_consents_bind_nobody() -> None:
    row = of_three(ratified("XX", MARCH), on=condition(2))
    gap = since(row, "XX", noon(MAY))
    assert isinstance(gap, Gap)
    assert gap.code == "not_in_force"
    assert agreement_state({row.id: row}, row, noon(MAY)) == State.TO_BE_IN_FORCE


def test_who_comes_later_waits_by_its_own_delay() -> None:
    on = condition(2, later=Delay(1, STARTS))
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), ratified("ZZ", MAY), on=on)
    assert since(row, "YY", noon(date(2026, 5, 31))) == midnight(date(2026, 5, 20))
    assert isinstance(since(row, "ZZ", noon(date(2026, 5, 31))), Gap)
    assert since(row, "ZZ", noon(date(2026, 6, 1))) == midnight(date(2026, 6, 1))


def test_who_comes_later_is_not_bound_before_the_agreement_is() -> None:
    on = condition(2, delay=Delay(90, DAYS), later=Delay(0, DAYS))
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), ratified("ZZ", MAY), on=on)
    assert since(row, "ZZ", noon(date(2026, 12, 1))) == midnight(date(2026, 7, 19))


def test_a_recorded_day_of_effect_of_a_consent_wins_over_the_delay() -> None:
    dated = ratified("ZZ", date(2026, 9, 1), done=MAY)
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), dated)
    assert since(row, "ZZ", noon(date(2026, 12, 1))) == midnight(date(2026, 9, 1))


def test_a_recorded_entry_into_force_wins() -> None:
    stated = act(K.ENTRY_INTO_FORCE, None, date(2026, 8, 1))
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), stated)
    assert isinstance(since(row, "XX", noon(date(2026, 7, 31))), Gap)
    assert since(row, "XX", noon(date(2026, 8, 2)), XY) == midnight(date(2026, 8, 1))
    by_one = replace(stated, confirmed={"XX": RECORDED})
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), by_one)
    assert since(row, "XX", noon(date(2026, 6, 1)), XY) == midnight(date(2026, 5, 20)), "one side alone moves nothing"


def test_between_two_a_third_partys_consent_counts_once_both_stand_behind_it() -> None:
    later = datetime(2026, 6, 10, 9, tzinfo=UTC)
    third = ratified("ZZ", MARCH, confirmed={"ZZ": RECORDED, "XX": RECORDED})
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), third, on=condition(3))
    assert isinstance(since(row, "XX", noon(date(2026, 7, 1)), XY), Gap), "YY has not confirmed it"
    confirmed = replace(third, confirmed={**third.confirmed, "YY": later})
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), confirmed, on=condition(3))
    assert since(row, "XX", noon(date(2026, 7, 1)), XY) == later, "a channel began no earlier than that (ADR 6)"
    alone = replace(third, confirmed={"XX": RECORDED, "YY": RECORDED})
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), alone, on=condition(3))
    assert since(row, "XX", noon(date(2026, 7, 1)), XY) == midnight(date(2026, 5, 20)), "ZZ itself need not"


def test_the_condition_itself_needs_both() -> None:
    one = condition(2, confirmed={"XX": RECORDED})
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), on=one)
    assert isinstance(since(row, "XX", noon(date(2026, 7, 1)), XY), Gap)
    assert isinstance(since(row, "XX", noon(date(2026, 7, 1))), datetime), "on paper it does"


def test_what_runs_is_not_broken_off_by_what_is_confirmed_later() -> None:
    """Two of three would do; the third's earlier consent, confirmed later, moves the day and breaks nothing (R15)."""
    later = datetime(2026, 8, 1, 9, tzinfo=UTC)
    third = ratified("ZZ", MARCH, confirmed={"XX": later, "YY": later})
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), third, on=condition(2))
    assert since(row, "XX", noon(date(2026, 9, 1)), XY) == midnight(date(2026, 5, 20))


def test_a_party_that_left_before_does_not_count_and_after_undoes_nothing() -> None:
    early = act(K.WITHDRAWAL, "XX", date(2026, 4, 1))
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), early, on=condition(2))
    assert computed(row, noon(MAY), ON_PAPER) is None
    late = act(K.WITHDRAWAL, "XX", date(2026, 7, 1))
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), late, on=condition(2))
    assert isinstance(since(row, "YY", noon(date(2026, 8, 1))), datetime)
    assert isinstance(since(row, "XX", noon(date(2026, 8, 1))), Gap)


def test_nobody_undoes_it_for_others_by_a_withdrawal_dated_back() -> None:
    back = act(K.WITHDRAWAL, "ZZ", date(2026, 4, 1), recorded_at=datetime(2026, 9, 1, tzinfo=UTC))
    row = of_three(ratified("XX", MARCH), ratified("ZZ", MARCH), ratified("YY", APRIL), back, on=condition(3))
    assert isinstance(since(row, "XX", noon(date(2026, 10, 1)), XY), datetime)


def test_a_condition_that_corrects_another_takes_its_place_once_both_confirmed() -> None:
    wrong = condition(3)
    right = condition(2, rectifies=wrong.id, confirmed={"XX": RECORDED})
    row = treaty(
        ratified("XX", MARCH), ratified("YY", APRIL), clauses=(ART7,), parties=THREE, conditions=(wrong, right)
    )
    assert condition_of(row, noon(MAY), XY) == wrong
    assert condition_of(row, noon(MAY), ON_PAPER) == wrong
    both = replace(row, conditions=(wrong, replace(right, confirmed={"XX": RECORDED, "YY": RECORDED})))
    assert condition_of(both, noon(MAY), XY) == condition_of(both, noon(MAY), ON_PAPER) != wrong


def test_the_days_that_are_computed_are_turns() -> None:
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), ratified("ZZ", MAY))
    found = turns({row.id: row}, row, frozenset({"XX", "ZZ"}))
    assert {midnight(date(2026, 5, 20)), midnight(date(2026, 6, 4))} <= found


def test_between_two_agencies_the_consents_of_all_stay() -> None:
    row = of_three(ratified("XX", MARCH), ratified("YY", APRIL), ratified("ZZ", MAY))
    kept = row.between(uuid.uuid4())
    assert {fact.country for fact in kept.actions} == {"XX", "YY", "ZZ"}


# What renews itself.


@pytest.mark.parametrize(
    ("given", "stop"),
    [
        (date(2024, 1, 1), date(2024, 12, 31)),
        (date(2024, 6, 30), date(2024, 12, 31)),
        (date(2024, 7, 1), date(2026, 12, 31)),
        (date(2026, 3, 1), date(2026, 12, 31)),
    ],
)
def test_a_notice_stops_the_first_term_for_which_it_is_in_time(given: date, stop: date) -> None:
    assert stop_day(date(2024, 12, 31), 24, 6, given) == stop


def test_terms_do_not_drift() -> None:
    assert term_end(date(2024, 1, 31), 1, date(2024, 3, 15)) == date(2024, 3, 31)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)


def test_it_renews_itself_until_somebody_gives_notice() -> None:
    on = date(2026, 3, 1)
    terms: dict[str, Any] = {"expires_on": date(2024, 12, 31), "renews_months": 24, "renewal_notice_months": 6}
    stays = treaty(ratified("XX", MARCH), ratified("YY", MARCH), act(K.ENTRY_INTO_FORCE, None, MARCH), **terms)
    assert last_day(stays, noon(on), XY) is None
    assert end_day(stays, noon(on)) is None
    found = renewal(stays, noon(on))
    assert found is not None
    assert (found.term_ends, found.notice_by, found.stops) == (date(2026, 12, 31), date(2026, 6, 30), False)

    notice = act(K.NON_RENEWAL, "YY", date(2027, 1, 1), done=on, confirmed={"YY": RECORDED})
    stops = replace(stays, actions=(*stays.actions, notice))
    assert last_day(stops, noon(on), XY) == end_day(stops, noon(on)) == date(2026, 12, 31)
    assert days_left(stops, noon(on)) == 305
    assert agreement_state({stops.id: stops}, stops, noon(date(2026, 12, 31))) == State.IN_FORCE
    assert agreement_state({stops.id: stops}, stops, noon(date(2027, 1, 1))) == State.ENDED
    assert renewal(stops, noon(date(2027, 1, 1))) is None
    assert last_day(as_known(stops, noon(date(2026, 2, 1))), noon(date(2026, 2, 1)), ON_PAPER) is None
