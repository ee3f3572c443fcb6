"""Whether an agreement works for a party on a day: table by table, then as properties of whatever facts there are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.register.facts import ActionFact, ClauseFact, Treaty
from agreements.register.status import (
    Bond,
    Gap,
    State,
    agreement_state,
    both_bound,
    bound,
    days_left,
    is_cut,
    last_day,
    narrowed,
    party_state,
)
from tests.agreements.register.facts import (
    BOTH,
    IN_FORCE,
    RATIFIED,
    RECORDED,
    SIGNED,
    XY,
    K,
    act,
    article,
    in_force,
    midnight,
    noon,
    treaty,
)

TODAY = date(2026, 11, 24)
ART7 = article()


def standing(row: Treaty, day: date = TODAY, party: str = "XX", **options: Any) -> Bond | Gap:
    clause = options.pop("clause", ART7)
    others = options.pop("others", ())
    return bound({t.id: t for t in (row, *others)}, row, clause, party, noon(day), **options)


def code(row: Treaty, day: date = TODAY, party: str = "XX", **options: Any) -> str:
    """ "bound", "provisional", or the code of what is missing."""
    found = standing(row, day, party, **options)
    if isinstance(found, Gap):
        return found.code
    return "provisional" if found.provisional else "bound"


def state(row: Treaty, day: date, party: str = "", *others: Treaty) -> State:
    known = {t.id: t for t in (row, *others)}
    return party_state(known, row, party, noon(day)) if party else agreement_state(known, row, noon(day))


def xy(*more: ActionFact, **options: Any) -> Treaty:
    return treaty(*in_force("XX", "YY"), *more, clauses=(ART7,), **options)


# --- Consent and entry into force ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (K.SIGNATURE, "not_bound"),
        (K.ADOPTION, "not_bound"),
        (K.NOTIFICATION, "not_bound"),
        (K.DECLARATION, "not_bound"),
        (K.DEFINITIVE_SIGNATURE, "bound"),
        (K.RATIFICATION, "bound"),
        (K.ACCEPTANCE, "bound"),
        (K.APPROVAL, "bound"),
        (K.FORMAL_CONFIRMATION, "bound"),
        (K.ACCESSION, "bound"),
        (K.SUCCESSION, "bound"),
        (K.CONSENT, "bound"),
    ],
)
def test_which_acts_bind(kind: Any, expected: str) -> None:
    row = treaty(act(kind, "XX", RATIFIED), act(K.ENTRY_INTO_FORCE, None, IN_FORCE))
    assert code(row) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2024, 2, 1), "not_bound"), (date(2024, 3, 1), "not_in_force"), (IN_FORCE, "bound"), (TODAY, "bound")],
)
def test_bound_from_the_entry_into_force_on(day: date, expected: str) -> None:
    assert code(xy(), day) == expected


def test_bound_since_the_later_of_consent_and_entry_into_force() -> None:
    early = treaty(act(K.RATIFICATION, "XX", RATIFIED), act(K.ENTRY_INTO_FORCE, None, IN_FORCE))
    late = treaty(act(K.ACCESSION, "XX", date(2025, 2, 1)), act(K.ENTRY_INTO_FORCE, None, IN_FORCE))
    assert standing(early) == Bond(midnight(IN_FORCE))
    assert standing(late) == Bond(midnight(date(2025, 2, 1)))


def test_a_second_consent_does_not_begin_anew() -> None:
    """Or everything given before would close when somebody completes the record (R15)."""
    row = xy(act(K.APPROVAL, "XX", date(2026, 1, 1)))
    assert standing(row) == Bond(midnight(IN_FORCE))


def test_a_partys_own_entry_into_force_counts() -> None:
    row = xy(act(K.ENTRY_INTO_FORCE, "XX", date(2025, 7, 1)))
    assert code(row, date(2025, 6, 30)) == "not_yet"
    assert standing(row, date(2025, 7, 1)) == Bond(midnight(date(2025, 7, 1)))
    assert code(row, date(2025, 6, 30), "YY") == "bound"


def test_anothers_unconfirmed_word_does_not_keep_a_party_out() -> None:
    """An entry into force that Y dated for X narrows X's standing until X stands behind it: no (R22)."""
    row = xy(act(K.ENTRY_INTO_FORCE, "XX", date(2099, 1, 1), confirmed={"YY": RECORDED}))
    assert code(row, pair=XY) == "bound"


def test_what_was_recorded_later_did_not_count_then() -> None:
    """R14: on the day before the recording the answer was given without the fact."""
    recorded = datetime(2026, 1, 1, tzinfo=UTC)
    row = xy(act(K.ENTRY_INTO_FORCE, "XX", date(2030, 1, 1), recorded_at=recorded, confirmed={"XX": recorded}))
    assert code(row, date(2025, 12, 31)) == "bound"
    assert code(row, date(2026, 1, 2)) == "not_yet"


# --- Provisional application --------------------------------------------------------------------------------------


def test_provisional_application_binds_by_the_clauses_named() -> None:
    other = article("Art. 8")
    row = treaty(act(K.PROVISIONAL_APPLICATION, "XX", SIGNED, clauses=frozenset({ART7.id})), clauses=(ART7, other))
    assert code(row) == "provisional"
    assert code(row, clause=other) == "not_bound"
    assert code(row, party="YY") == "not_bound"


def test_provisional_application_ends_with_its_last_day() -> None:
    row = treaty(act(K.PROVISIONAL_APPLICATION, "XX", SIGNED, until=date(2025, 6, 30)))
    assert code(row, date(2025, 6, 30)) == "provisional"
    assert code(row, date(2025, 7, 1)) == "not_bound"


def test_a_withdrawal_ends_provisional_application() -> None:
    row = treaty(act(K.PROVISIONAL_APPLICATION, "XX", SIGNED), act(K.WITHDRAWAL, "XX", date(2025, 1, 1)))
    assert code(row, date(2024, 12, 31)) == "provisional"
    assert code(row, date(2025, 1, 1)) == "withdrawn"


def test_entry_into_force_continues_provisional_application_without_a_break() -> None:
    """R15: what was given while the treaty was applied provisionally stays open when it enters into force."""
    row = xy(act(K.PROVISIONAL_APPLICATION, "XX", date(2023, 1, 1)))
    assert standing(row, date(2024, 4, 30)) == Bond(midnight(date(2023, 1, 1)), provisional=True)
    assert standing(row, IN_FORCE) == Bond(midnight(date(2023, 1, 1)))


def test_a_break_after_provisional_application_begins_anew() -> None:
    row = xy(act(K.PROVISIONAL_APPLICATION, "XX", date(2023, 1, 1), until=date(2024, 4, 29)))
    assert standing(row, IN_FORCE) == Bond(midnight(IN_FORCE))


def test_renewed_provisional_application_runs_on() -> None:
    row = treaty(
        act(K.PROVISIONAL_APPLICATION, "XX", date(2023, 1, 1), until=date(2023, 12, 31)),
        act(K.PROVISIONAL_APPLICATION, "XX", date(2024, 1, 1)),
    )
    assert standing(row) == Bond(midnight(date(2023, 1, 1)), provisional=True)


# --- Leaving and coming back --------------------------------------------------------------------------------------


def test_worked_example_9_denunciation_works_when_the_notice_has_run_out() -> None:
    """Denounced on 1 March with six months' notice: open until 31 August, closed on 1 September."""
    row = xy(act(K.DENUNCIATION, "YY", date(2026, 9, 1), done=date(2026, 3, 1)))
    assert code(row, date(2026, 2, 28), "YY") == "bound"
    assert code(row, date(2026, 8, 31), "YY") == "bound"
    assert code(row, date(2026, 9, 1), "YY") == "withdrawn"
    assert state(row, date(2026, 2, 1)) == State.IN_FORCE
    assert state(row, date(2026, 8, 31)) == State.DENOUNCED
    assert state(row, date(2026, 9, 1)) == State.ENDED
    assert days_left(row, noon(date(2026, 8, 30))) == 1
    assert days_left(row, noon(date(2026, 8, 31))) == 0
    assert days_left(row, noon(date(2026, 9, 1))) is None


def test_reaccession_begins_anew() -> None:
    row = xy(act(K.WITHDRAWAL, "XX", date(2025, 1, 1)), act(K.ACCESSION, "XX", date(2025, 6, 1)))
    assert code(row, date(2025, 3, 1)) == "withdrawn"
    assert standing(row, date(2025, 6, 1)) == Bond(midnight(date(2025, 6, 1)))


def test_reaccession_after_a_dated_entry_into_force() -> None:
    """The own entry into force before the withdrawal says nothing about the time after it."""
    row = xy(
        act(K.ENTRY_INTO_FORCE, "XX", IN_FORCE),
        act(K.WITHDRAWAL, "XX", date(2025, 1, 1)),
        act(K.ACCESSION, "XX", date(2025, 6, 1)),
    )
    assert standing(row) == Bond(midnight(date(2025, 6, 1)))


def test_confirming_an_old_ratification_does_not_undo_a_withdrawal() -> None:
    late = noon(date(2026, 5, 1))
    row = treaty(
        act(K.RATIFICATION, "XX", RATIFIED, confirmed={"XX": RECORDED, "YY": late}),
        act(K.RATIFICATION, "YY", RATIFIED),
        act(K.ENTRY_INTO_FORCE, None, IN_FORCE),
        act(K.WITHDRAWAL, "XX", date(2025, 1, 1)),
    )
    assert code(row, TODAY, pair=XY) == "withdrawn"


@pytest.mark.parametrize("kind", [K.DENUNCIATION, K.WITHDRAWAL])
def test_leaving_needs_no_confirmation(kind: Any) -> None:
    row = xy(act(kind, "XX", date(2025, 1, 1), confirmed={"XX": RECORDED}))
    assert code(row, pair=XY) == "withdrawn"


def test_one_partys_notice_does_not_end_an_agreement_of_three() -> None:
    three = frozenset({"XX", "YY", "ZZ"})
    notice = act(K.DENUNCIATION, "ZZ", date(2027, 1, 1), done=TODAY)
    row = treaty(*in_force("XX", "YY", "ZZ"), notice, clauses=(ART7,), parties=three)
    assert days_left(row, noon(TODAY)) is None
    assert state(row, TODAY) == State.IN_FORCE
    assert state(row, TODAY, "ZZ") == State.DENOUNCED
    both = replace(row, actions=(*row.actions, act(K.DENUNCIATION, "YY", date(2027, 3, 1), done=TODAY)))
    assert days_left(both, noon(TODAY)) == (date(2027, 2, 28) - TODAY).days
    assert state(both, date(2027, 1, 1)) == State.DENOUNCED
    assert state(both, date(2027, 3, 1)) == State.ENDED


# --- Suspension and its lifting -----------------------------------------------------------------------------------


def suspension(**more: Any) -> ActionFact:
    return act(K.SUSPENSION, more.pop("country", None), date(2026, 11, 20), **more)


@pytest.mark.parametrize(
    ("by", "of_x", "of_y"),
    [(None, "suspended", "suspended"), ("XX", "suspended", "bound"), ("YY", "bound", "suspended")],
)
def test_suspension_of_the_whole_or_for_a_party(by: str | None, of_x: str, of_y: str) -> None:
    row = xy(suspension(country=by, confirmed={"XX": RECORDED}))
    assert (code(row, pair=XY), code(row, party="YY", pair=XY)) == (of_x, of_y)
    assert code(row, date(2026, 11, 19), pair=XY) == "bound"
    assert state(row, TODAY) == State.SUSPENDED


def test_suspension_of_one_clause() -> None:
    other = article("Art. 8")
    row = xy(suspension(clauses=frozenset({ART7.id})))
    assert code(row) == "suspended"
    assert code(row, clause=other) == "bound"
    assert state(row, TODAY) == State.IN_FORCE


def test_suspension_with_a_last_day() -> None:
    row = xy(suspension(until=date(2026, 11, 24)))
    assert code(row, date(2026, 11, 24)) == "suspended"
    assert code(row, date(2026, 11, 25)) == "bound"


def test_selective_suspension_cuts_between_two_only() -> None:
    fact = suspension(country="XX", counterpart="YY")
    row = xy(fact)
    assert code(row, pair=XY) == "bound"
    assert is_cut(row, ART7.id, XY, noon(TODAY))
    assert not is_cut(row, ART7.id, frozenset({"XX", "ZZ"}), noon(TODAY))
    assert not is_cut(row, ART7.id, XY, noon(date(2026, 11, 19)))


def test_lifting_needs_both() -> None:
    fact = suspension(country="XX")
    lift = act(K.LIFTING, "XX", date(2026, 11, 22), lifts=fact.id, confirmed={"XX": RECORDED})
    assert code(xy(fact, lift), pair=XY) == "suspended"
    assert code(xy(fact, lift)) == "bound"  # on paper
    assert state(xy(fact, lift), TODAY) == State.SUSPENDED, "as long as it opens nothing, nobody is told that it does"
    both = replace(lift, confirmed={"XX": RECORDED, "YY": noon(date(2026, 11, 23))})
    assert code(xy(fact, both), date(2026, 11, 22), pair=XY) == "suspended"
    assert code(xy(fact, both), TODAY, pair=XY) == "bound"
    assert (state(xy(fact, both), date(2026, 11, 22)), state(xy(fact, both), TODAY)) == (
        State.SUSPENDED,
        State.IN_FORCE,
    )


def test_lifting_does_not_begin_anew() -> None:
    fact = suspension(country="XX")
    row = xy(fact, act(K.LIFTING, "XX", date(2026, 11, 22), lifts=fact.id))
    assert standing(row, pair=XY) == Bond(midnight(IN_FORCE))


def test_lifting_for_one_clause_leaves_the_others_suspended() -> None:
    other = article("Art. 8")
    fact = suspension()
    row = xy(fact, act(K.LIFTING, "XX", date(2026, 11, 22), lifts=fact.id, clauses=frozenset({ART7.id})))
    assert code(row) == "bound"
    assert code(row, clause=other) == "suspended"
    assert state(row, TODAY) == State.SUSPENDED


def test_lifting_one_suspension_leaves_the_other() -> None:
    one, two = suspension(country="XX"), suspension(country="YY")
    row = xy(one, two, act(K.LIFTING, "XX", date(2026, 11, 22), lifts=one.id))
    assert (code(row), code(row, party="YY")) == ("bound", "suspended")


# --- Reservation and objection ------------------------------------------------------------------------------------


def test_worked_example_8_reservation_for_a_category() -> None:
    row = xy(act(K.RESERVATION, "XX", date(2026, 1, 1), excludes=frozenset({"personal_data"})))
    assert narrowed({}, row, ART7, XY, noon(TODAY)) == (frozenset({"operational"}), 2)
    assert narrowed({}, row, ART7, frozenset({"YY", "ZZ"}), noon(TODAY))[0] == ART7.categories
    assert narrowed({}, row, ART7, XY, noon(date(2025, 12, 31)))[0] == ART7.categories


def test_a_reservation_may_narrow_one_direction_alone() -> None:
    giving = xy(act(K.RESERVATION, "XX", IN_FORCE, excludes=frozenset({"personal_data"}), way="giving"))
    receiving = xy(act(K.RESERVATION, "XX", IN_FORCE, way="receiving"))
    there, back = ("XX", "YY"), ("YY", "XX")
    assert narrowed({}, giving, ART7, XY, noon(TODAY), there)[0] == {"operational"}
    assert narrowed({}, giving, ART7, XY, noon(TODAY), back)[0] == ART7.categories
    assert narrowed({}, receiving, ART7, XY, noon(TODAY), there)[0] == ART7.categories
    assert narrowed({}, receiving, ART7, XY, noon(TODAY), back)[0] == frozenset()
    # It puts nobody out of the clause.
    assert code(receiving) == "bound"


def test_reservation_lowers_the_ceiling_and_never_raises_it() -> None:
    row = xy(
        act(K.RESERVATION, "XX", IN_FORCE, lowers_ceiling_to=1), act(K.RESERVATION, "YY", IN_FORCE, lowers_ceiling_to=4)
    )
    assert narrowed({}, row, ART7, XY, noon(TODAY)) == (ART7.categories, 1)


def test_reservation_without_a_limit_puts_the_party_out_of_the_clause() -> None:
    other = article("Art. 8")
    row = xy(act(K.RESERVATION, "XX", IN_FORCE, clauses=frozenset({ART7.id})))
    assert code(row) == "reserved"
    assert code(row, party="YY") == "bound"
    assert code(row, clause=other) == "bound"


def test_withdrawn_reservation() -> None:
    fact = act(K.RESERVATION, "XX", IN_FORCE)
    row = xy(fact, act(K.LIFTING, "XX", TODAY, lifts=fact.id, confirmed={"XX": RECORDED}))
    assert code(row, pair=XY) == "reserved"
    assert code(xy(fact, act(K.LIFTING, "XX", TODAY, lifts=fact.id)), pair=XY) == "bound"


def test_objection_cuts_until_it_is_lifted() -> None:
    fact = act(K.OBJECTION, "YY", IN_FORCE, counterpart="XX")
    assert is_cut(xy(fact), ART7.id, XY, noon(TODAY))
    assert not is_cut(xy(fact, act(K.LIFTING, "YY", TODAY, lifts=fact.id)), ART7.id, XY, noon(TODAY))


# --- Expiry, extension, termination -------------------------------------------------------------------------------


def test_the_last_day_is_a_day_of_effect() -> None:
    row = xy(expires_on=TODAY)
    assert code(row, TODAY) == "bound"
    assert code(row, TODAY + timedelta(days=1)) == "expired"
    assert days_left(row, noon(TODAY)) == 0
    assert days_left(row, noon(TODAY + timedelta(days=1))) is None
    assert state(row, TODAY + timedelta(days=1)) == state(row, TODAY + timedelta(days=1), "XX") == State.ENDED


def test_extension_works_between_those_who_confirmed_it() -> None:
    extension = act(K.EXTENSION, None, date(2026, 6, 1), until=date(2027, 12, 31), confirmed={"XX": RECORDED})
    row = xy(extension, expires_on=date(2026, 6, 30))
    assert code(row, TODAY, pair=XY) == "expired"
    assert last_day(row, noon(TODAY), XY) == date(2026, 6, 30)
    both = xy(replace(extension, confirmed=BOTH), expires_on=date(2026, 6, 30))
    assert code(both, TODAY, pair=XY) == "bound"
    assert days_left(both, noon(TODAY)) == (date(2027, 12, 31) - TODAY).days


def test_an_extension_that_comes_after_the_last_day_begins_anew() -> None:
    """R15: in between there was no channel. One that was confirmed in time goes on without a break."""
    last = date(2026, 6, 30)
    for confirmed, since in ((date(2026, 6, 30), IN_FORCE), (date(2026, 7, 9), date(2026, 7, 9))):
        stamp = {"recorded_at": noon(confirmed), "confirmed": {"XX": noon(confirmed), "YY": noon(confirmed)}}
        row = xy(act(K.EXTENSION, None, date(2026, 6, 1), until=date(2027, 12, 31), **stamp), expires_on=last)
        assert standing(row, pair=XY) == Bond(midnight(since) if since == IN_FORCE else noon(since))


def test_an_extension_neither_shortens_nor_gives_an_end() -> None:
    extension = act(K.EXTENSION, None, IN_FORCE, until=date(2025, 1, 1))
    assert last_day(xy(extension, expires_on=TODAY), noon(TODAY), XY) == TODAY
    assert last_day(xy(extension), noon(TODAY), XY) is None


def test_termination_acts_without_confirmation() -> None:
    row = xy(act(K.TERMINATION, None, TODAY, done=IN_FORCE, confirmed={"XX": RECORDED}))
    assert code(row, TODAY - timedelta(days=1), pair=XY) == "bound"
    assert code(row, TODAY, pair=XY) == "terminated"
    assert days_left(row, noon(TODAY - timedelta(days=2))) == 1


def test_a_clause_has_days_of_its_own() -> None:
    clause = article(starts=date(2025, 1, 1), ends=date(2025, 12, 31))
    row = xy()
    assert code(row, date(2024, 12, 31), clause=clause) == "clause_not_yet"
    assert standing(row, date(2025, 1, 1), clause=clause) == Bond(midnight(date(2025, 1, 1)))
    assert code(row, date(2025, 12, 31), clause=clause) == "bound"
    assert code(row, date(2026, 1, 1), clause=clause) == "clause_ended"


# --- Confirmation (R22) -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["XX", "YY"])
@pytest.mark.parametrize("which", ["ratification", "force", "clause"])
def test_every_fact_that_widens_needs_both(which: str, missing: str) -> None:
    one = {country: RECORDED for country in ("XX", "YY") if country != missing}
    force = act(K.ENTRY_INTO_FORCE, None, IN_FORCE, confirmed=one if which == "force" else BOTH)
    row = treaty(act(K.RATIFICATION, "XX", RATIFIED, confirmed=one if which == "ratification" else BOTH), force)
    clause = article(confirmed=one if which == "clause" else BOTH)
    assert code(row, clause=clause, pair=XY) in ("not_bound", "not_in_force", "clause_unconfirmed")
    assert code(row, clause=clause) == "bound"


def test_works_from_the_last_confirmation_on() -> None:
    last = noon(date(2026, 10, 1))
    row = xy()
    clause = article(confirmed={"XX": RECORDED, "YY": last})
    found = bound({}, row, clause, "XX", last, XY)
    assert found == Bond(last)
    assert isinstance(bound({}, row, clause, "XX", last - timedelta(microseconds=1), XY), Gap)


def test_a_third_partys_silence_does_not_matter() -> None:
    row = xy(parties=frozenset({"XX", "YY", "ZZ"}))
    quiet = {"XX": RECORDED, "YY": RECORDED}
    row = replace(row, actions=tuple(replace(fact, confirmed=quiet) for fact in row.actions))
    assert code(row, pair=XY, clause=article(confirmed=quiet)) == "bound"
    assert code(row, pair=frozenset({"XX", "ZZ"}), clause=article(confirmed=quiet)) == "clause_unconfirmed"


def test_domestic_arrangement_has_one_party() -> None:
    row = treaty(*in_force("XX"), parties=frozenset({"XX"}), clauses=(ART7,))
    alone = frozenset({"XX"})
    only = {"XX": RECORDED}
    row = replace(row, actions=tuple(replace(fact, confirmed=only) for fact in row.actions))
    assert code(row, pair=alone, clause=article(confirmed=only)) == "bound"
    assert state(row, TODAY) == State.IN_FORCE


# --- Made under an article of another -----------------------------------------------------------------------------


def family(*above: ActionFact, **parent_more: Any) -> tuple[Treaty, Treaty]:
    parent = treaty(*in_force("XX", "YY"), *above, clauses=(ART7,), short_name="Above", **parent_more)
    child = treaty(
        *in_force("XX", "YY", ratified=IN_FORCE, force=date(2025, 1, 1)),
        clauses=(PARA3,),
        made_under=ART7.id,
        made_under_agreement=parent.id,
        short_name="Below",
    )
    return parent, child


PARA3 = article("§ 3")


@pytest.mark.parametrize(
    ("above", "expected", "shown"),
    [
        ((), "bound", State.IN_FORCE),
        ((suspension(),), "suspended", State.SUSPENDED),
        ((suspension(country="YY"),), "suspended", State.SUSPENDED),
        ((suspension(clauses=frozenset({ART7.id})),), "suspended", State.SUSPENDED),
        ((act(K.TERMINATION, None, TODAY),), "terminated", State.ENDED),
        ((act(K.DENUNCIATION, "YY", TODAY),), "withdrawn", State.ENDED),
        ((act(K.RESERVATION, "YY", TODAY),), "reserved", State.TO_BE_IN_FORCE),
        ((suspension(country="YY", counterpart="XX"),), "cut", State.IN_FORCE),
        ((act(K.OBJECTION, "XX", TODAY, counterpart="YY"),), "cut", State.IN_FORCE),
    ],
)
def test_binds_only_while_the_article_above_does(above: tuple[ActionFact, ...], expected: str, shown: State) -> None:
    parent, child = family(*above)
    assert code(child, party="YY", pair=XY, clause=PARA3, others=(parent,)) == expected
    assert state(child, TODAY, "YY", parent) == shown


def test_bound_since_the_later_of_both() -> None:
    parent, child = family()
    assert standing(child, clause=PARA3, pair=XY, others=(parent,)) == Bond(midnight(date(2025, 1, 1)))


def test_a_reservation_above_narrows_below() -> None:
    parent, child = family(
        act(K.RESERVATION, "YY", IN_FORCE, excludes=frozenset({"personal_data"}), lowers_ceiling_to=1)
    )
    known = {parent.id: parent, child.id: child}
    assert narrowed(known, child, PARA3, XY, noon(TODAY)) == (frozenset({"operational"}), 1)


def test_the_article_above_is_gone() -> None:
    parent, child = family()
    assert code(child, clause=PARA3, others=(replace(parent, clauses=()),)) == "parent_gone"


# --- Days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Europe/Zurich", "Pacific/Auckland", "America/Anchorage", "UTC"])
def test_days_begin_at_midnight_in_the_agreements_zone(zone: str) -> None:
    place = ZoneInfo(zone)
    fact = act(K.SUSPENSION, "XX", TODAY, until=TODAY)
    row = replace(xy(fact), zone=place)
    first = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=place)
    for instant, expected in (
        (first - timedelta(microseconds=1), False),
        (first, True),
        (first + timedelta(days=1, microseconds=-1), True),
        (first + timedelta(days=1), False),
    ):
        found = bound({}, row, ART7, "XX", instant.astimezone(UTC))
        assert isinstance(found, Gap) == expected


def test_the_day_the_clocks_change() -> None:
    """25 October 2026 has 25 hours in Zurich: it ends at 23:00 UTC."""
    row = xy(expires_on=date(2026, 10, 25))
    assert isinstance(bound({}, row, ART7, "XX", datetime(2026, 10, 25, 22, 59, tzinfo=UTC)), Bond)
    assert isinstance(bound({}, row, ART7, "XX", datetime(2026, 10, 25, 23, 0, tzinfo=UTC)), Gap)


# --- Words for people ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "of_x", "whole"),
    [
        ((), State.NOT_BOUND, State.NOT_BOUND),
        ((act(K.SIGNATURE, "XX", SIGNED),), State.SIGNED, State.SIGNED),
        ((act(K.RATIFICATION, "XX", RATIFIED),), State.TO_BE_IN_FORCE, State.TO_BE_IN_FORCE),
        ((act(K.PROVISIONAL_APPLICATION, "XX", SIGNED),), State.PROVISIONAL, State.TO_BE_IN_FORCE),
        (in_force("XX"), State.IN_FORCE, State.TO_BE_IN_FORCE),
        (in_force("XX", "YY"), State.IN_FORCE, State.IN_FORCE),
        ((*in_force("XX", "YY"), act(K.WITHDRAWAL, "XX", IN_FORCE)), State.ENDED, State.ENDED),
        ((*in_force("XX", "YY"), act(K.WITHDRAWAL, "YY", IN_FORCE)), State.IN_FORCE, State.ENDED),
        ((*in_force("XX", "YY"), suspension(country="YY")), State.IN_FORCE, State.SUSPENDED),
        (
            (
                act(K.PROVISIONAL_APPLICATION, "XX", SIGNED),
                act(K.PROVISIONAL_APPLICATION, "YY", SIGNED, clauses=frozenset({ART7.id})),
            ),
            State.PROVISIONAL,
            State.PROVISIONAL,
        ),
    ],
)
def test_states(facts: tuple[ActionFact, ...], of_x: State, whole: State) -> None:
    row = treaty(*facts)
    assert (state(row, TODAY, "XX"), state(row, TODAY)) == (of_x, whole)


def test_states_follow_the_days_of_the_acts() -> None:
    """Signed, then ratified with a later day of effect: each word from its day on, not before."""
    ratification = act(K.RATIFICATION, "XX", IN_FORCE, done=RATIFIED)
    row = treaty(act(K.SIGNATURE, "XX", SIGNED), ratification, act(K.ENTRY_INTO_FORCE, None, date(2023, 1, 1)))
    row = replace(row, actions=tuple(replace(f, recorded_at=datetime(2020, 1, 1, tzinfo=UTC)) for f in row.actions))
    words = [state(row, day, "XX") for day in (date(2022, 4, 4), SIGNED, RATIFIED, IN_FORCE)]
    assert words == [State.NOT_BOUND, State.SIGNED, State.TO_BE_IN_FORCE, State.IN_FORCE]


def test_a_draft_binds_nobody() -> None:
    row = xy(is_draft=True)
    assert code(row) == "draft"
    assert state(row, TODAY) == state(row, TODAY, "XX") == State.DRAFT


# --- Properties ---------------------------------------------------------------------------------------------------

days = st.dates(date(2022, 1, 1), date(2028, 12, 31))
who = st.sampled_from(["XX", "YY"])
stood = st.sampled_from([BOTH, {"XX": RECORDED}, {"YY": RECORDED}, {}])
WIDENING = [K.RATIFICATION, K.ACCESSION, K.ENTRY_INTO_FORCE, K.PROVISIONAL_APPLICATION]
NARROWING = [K.SUSPENSION, K.DENUNCIATION, K.WITHDRAWAL, K.TERMINATION, K.RESERVATION]


@st.composite
def widening(draw: Any) -> ActionFact:
    kind = draw(st.sampled_from(WIDENING))
    country = draw(who | st.none()) if kind == K.ENTRY_INTO_FORCE else draw(who)
    return act(kind, country, draw(days), confirmed=draw(stood))


@st.composite
def narrowing(draw: Any) -> ActionFact:
    kind = draw(st.sampled_from(NARROWING))
    country = None if kind == K.TERMINATION else draw(who)
    return act(kind, country, draw(days), confirmed=draw(stood))


facts = st.lists(widening() | narrowing(), max_size=8)


def ask(rows: list[ActionFact], day: date, party: str, clause: ClauseFact = ART7) -> Bond | Gap:
    return bound({}, treaty(*rows, clauses=(clause,)), clause, party, noon(day), XY)


@given(rows=facts, more=narrowing(), day=days, party=who)
def test_a_fact_that_narrows_never_opens(rows: list[ActionFact], more: ActionFact, day: date, party: str) -> None:
    if isinstance(ask(rows, day, party), Gap):
        assert isinstance(ask([*rows, more], day, party), Gap)


@given(rows=facts, more=widening(), day=days, party=who)
def test_an_unconfirmed_fact_that_widens_changes_nothing(
    rows: list[ActionFact], more: ActionFact, day: date, party: str
) -> None:
    silent = replace(more, confirmed={"XX": RECORDED})
    assert code_of(ask([*rows, silent], day, party)) == code_of(ask(rows, day, party))


def code_of(found: Bond | Gap) -> object:
    return found.code if isinstance(found, Gap) else found


@given(rows=facts, day=days, party=who)
def test_between_two_is_never_wider_than_on_paper(rows: list[ActionFact], day: date, party: str) -> None:
    dated = [fact for fact in rows if not (fact.kind == K.ENTRY_INTO_FORCE and fact.country)]
    row = treaty(*dated, clauses=(ART7,))
    if isinstance(bound({}, row, ART7, party, noon(day), XY), Bond):
        assert isinstance(bound({}, row, ART7, party, noon(day)), Bond)


@given(rows=facts, day=days, party=who)
def test_bound_since_is_past_and_bound_then_too(rows: list[ActionFact], day: date, party: str) -> None:
    """The start is never in the future, and the party was bound at it, unless suspended or reserved then."""
    found = ask(rows, day, party)
    if isinstance(found, Bond):
        assert found.since <= noon(day)
        row = treaty(*rows, clauses=(ART7,))
        then = bound({}, row, ART7, party, max(found.since, RECORDED), XY)
        assert isinstance(then, Bond) or then.code in ("suspended", "reserved", "not_yet")


@given(rows=st.lists(widening() | narrowing(), max_size=8), day=days)
def test_states_and_days_left_always_answer(rows: list[ActionFact], day: date) -> None:
    row = treaty(*rows, clauses=(ART7,))
    assert isinstance(agreement_state({}, row, noon(day)), State)
    left = days_left(row, noon(day))
    assert left is None or left >= 0


@given(rows=facts, day=days, widened=st.booleans(), parent=st.booleans())
def test_both_are_bound_as_each_is(rows: list[ActionFact], day: date, widened: bool, parent: bool) -> None:
    """Asking for two at once, and for all articles of a calm agreement alike, tells what asking for one tells."""
    clause = replace(ART7, starts=date(2024, 6, 1) if widened else None)
    above = treaty(*in_force("XX", "YY"), clauses=(ART7,))
    under = {"made_under": ART7.id, "made_under_agreement": above.id} if parent else {}
    row, at = treaty(*rows, clauses=(clause,), **under), noon(day)
    each = [bound({above.id: above}, row, clause, party, at, XY) for party in ("XX", "YY")]
    gap = next((found for found in each if isinstance(found, Gap)), None)
    assert both_bound({above.id: above}, row, clause, ("XX", "YY"), at, XY) == (gap or each)
