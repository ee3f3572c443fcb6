"""What falls due: a pure function for each kind, by hand and against a day-by-day model for random histories."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from agreements.deadlines.choices import DeadlineKind
from agreements.deadlines.sources import SOURCES, Deadline, Matter, ReviewFact, deadlines_of
from agreements.register.choices import ActionKind
from agreements.register.days import stop_day
from agreements.register.facts import ActionFact, ConditionFact, Delay, DesignationFact, Treaty
from agreements.register.status import ON_PAPER, State, party_state
from agreements.register.status.narrowing import suspended
from agreements.register.status.terms import ended
from tests.agreements.register.facts import BOTH, RECORDED, ZURICH, act, article, in_force, noon, treaty

K, D = ActionKind, DeadlineKind
TODAY = date(2026, 11, 24)
AT = noon(TODAY)
FAR = date(2030, 12, 31)


def due(row: Treaty, at: datetime = AT, horizon: date = FAR, **more: Any) -> list[Deadline]:
    return deadlines_of(Matter(row, at, horizon, **more))


def days(row: Treaty, kind: DeadlineKind, **more: Any) -> list[date]:
    return [found.day for found in due(row, **more) if found.kind == kind]


def in_days(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_every_kind_has_a_function() -> None:
    assert set(SOURCES) == set(DeadlineKind)


def test_a_term_ends_on_its_last_day_extensions_included() -> None:
    row = treaty(*in_force("XX", "YY"), expires_on=in_days(10))
    assert days(row, D.EXPIRY) == [in_days(10)]
    longer = replace(row, actions=(*row.actions, act(K.EXTENSION, None, TODAY, until=in_days(400))))
    assert days(longer, D.EXPIRY) == [in_days(400)]
    assert days(treaty(*in_force("XX", "YY")), D.EXPIRY) == []


def test_a_termination_ends_it_on_the_day_before_it_takes_effect() -> None:
    row = treaty(*in_force("XX", "YY"), act(K.TERMINATION, None, in_days(31), done=TODAY))
    assert days(row, D.EXPIRY) == [in_days(30)]


def test_of_what_is_over_nothing_falls_due() -> None:
    row = treaty(*in_force("XX", "YY"), act(K.DENUNCIATION, "YY", in_days(50), done=TODAY), expires_on=in_days(-1))
    assert due(row, reviews=(ReviewFact(uuid.uuid4(), "r", in_days(5), None, None),)) == []


def test_an_article_with_days_of_its_own() -> None:
    row = treaty(*in_force("XX", "YY"), clauses=(article(starts=in_days(5), ends=in_days(9)),))
    assert days(row, D.ENTRY_INTO_FORCE) == [in_days(5)]
    assert days(row, D.EXPIRY) == [in_days(9)]
    assert {found.words for found in due(row)} == {"of Art. 7"}


def renewing(*more: ActionFact, ends: int, months: int = 12, notice: int = 3) -> Treaty:
    return treaty(
        *in_force("XX", "YY"), *more, expires_on=in_days(ends), renews_months=months, renewal_notice_months=notice
    )


def test_what_renews_itself_has_terms_and_a_day_of_notice_for_each_until_a_notice_stops_it() -> None:
    row = renewing(ends=200)
    first = in_days(200)
    ends = [first, *(first + relativedelta(years=n) for n in (1, 2, 3))]
    assert days(row, D.RENEWAL) == ends
    assert days(row, D.NOTICE_DUE) == [day - relativedelta(months=3) for day in ends]
    assert days(row, D.EXPIRY) == []
    in_time = renewing(act(K.NON_RENEWAL, "YY", in_days(-1)), ends=200)
    assert (days(in_time, D.RENEWAL), days(in_time, D.NOTICE_DUE), days(in_time, D.EXPIRY)) == ([], [], [first])
    too_late = renewing(act(K.NON_RENEWAL, "YY", in_days(-1)), ends=20)
    assert days(too_late, D.RENEWAL) == [in_days(20)]
    assert days(too_late, D.EXPIRY) == [in_days(20) + relativedelta(years=1)]


@given(st.integers(-800, 800), st.integers(1, 36), st.integers(0, 12), st.integers(-60, 0))
def test_a_notice_of_the_last_day_is_in_time_and_one_a_day_later_is_not(
    ends: int, months: int, notice: int, given_on: int
) -> None:
    """By the function that says when a notice against renewal stops it."""
    notice = min(notice, months)
    row = renewing(ends=ends, months=months, notice=notice)
    for term, last in zip(days(row, D.RENEWAL), sorted(f for f in all_notices(row)), strict=True):
        assert stop_day(in_days(ends), months, notice, last) == term
        assert stop_day(in_days(ends), months, notice, last + timedelta(days=1)) > term


def all_notices(row: Treaty) -> list[date]:
    """Of every term that is still to end, also those whose day of notice is over."""
    return [f.day for f in SOURCES[D.NOTICE_DUE](Matter(row, AT, FAR))]


def test_a_notice_that_runs() -> None:
    row = treaty(
        *in_force("XX", "YY"), act(K.DENUNCIATION, "YY", in_days(50), done=in_days(-3)), expires_on=in_days(400)
    )
    found = due(row)
    assert [(f.kind, f.day, f.party) for f in found] == [
        (D.NOTICE_ENDS, in_days(49), "YY"),
        (D.EXPIRY, in_days(400), None),
    ]
    assert found[0].words == "denunciation of 21 November 2026"


def test_an_entry_into_force_that_a_condition_computes() -> None:
    condition = ConditionFact(
        id=uuid.uuid4(), consents=2, required=frozenset(), delay=Delay(30), later=Delay(60), recorded_at=RECORDED,
        confirmed=BOTH,
    )  # fmt: skip
    consents = [act(K.RATIFICATION, "XX", in_days(-20)), act(K.RATIFICATION, "YY", in_days(-10))]
    parties: dict[str, Any] = {"conditions": (condition,), "parties": frozenset({"XX", "YY", "ZZ"})}
    assert due(treaty(consents[0], **parties)) == []
    row = treaty(*consents, act(K.RATIFICATION, "ZZ", in_days(-5)), **parties)
    found = [(f.day, f.party) for f in due(row) if f.kind == D.ENTRY_INTO_FORCE]
    assert found == [(in_days(20), None), (in_days(55), "ZZ")]
    stated = treaty(*consents, act(K.ENTRY_INTO_FORCE, None, in_days(7)), **parties)
    assert [(f.day, f.party) for f in due(stated)] == [(in_days(7), None)], "what is recorded wins"


def test_entries_into_force_of_all_and_of_one() -> None:
    row = treaty(
        act(K.RATIFICATION, "XX", in_days(30), done=in_days(-9)),
        act(K.RATIFICATION, "YY", in_days(90), done=in_days(-8)),
        act(K.ENTRY_INTO_FORCE, None, in_days(30)),
        act(K.SIGNATURE, "ZZ", in_days(-30)),
    )
    found = [(f.day, f.party) for f in due(row) if f.kind == D.ENTRY_INTO_FORCE]
    assert found == [(in_days(30), None), (in_days(90), "YY")]


def test_designations_until_they_are_withdrawn() -> None:
    values: dict[str, Any] = {
        "country": "XX", "clauses": frozenset(), "starts": TODAY, "recorded_at": RECORDED, "confirmed": BOTH,
        "withdrawn_at": None,
    }  # fmt: skip
    agency = uuid.uuid4()
    ends = DesignationFact(id=uuid.uuid4(), agency=agency, ends=in_days(20), **values)
    open_ended = DesignationFact(id=uuid.uuid4(), agency=agency, ends=None, **values)
    row = treaty(*in_force("XX", "YY"), designations=(ends, open_ended))
    assert [(f.day, f.party, f.agency) for f in due(row)] == [(in_days(20), "XX", agency)]
    gone = replace(row, designations=(replace(ends, withdrawn_at=AT - timedelta(hours=1)),))
    assert due(gone) == []


def test_provisional_application_and_suspensions_for_a_time() -> None:
    stop = act(K.SUSPENSION, "YY", in_days(-9), until=in_days(40))
    row = treaty(*in_force("XX", "YY"), act(K.PROVISIONAL_APPLICATION, "XX", in_days(-9), until=in_days(60)), stop)
    assert days(row, D.PROVISIONAL_ENDS) == [in_days(60)]
    assert days(row, D.SUSPENSION_ENDS) == [in_days(40)]
    lifted = replace(row, actions=(*row.actions, act(K.LIFTING, "YY", in_days(11), done=TODAY, lifts=stop.id)))
    assert days(lifted, D.SUSPENSION_ENDS) == [in_days(10)]
    over = replace(row, actions=(*row.actions, act(K.LIFTING, "YY", in_days(-1), lifts=stop.id)))
    assert days(over, D.SUSPENSION_ENDS) == []


def test_what_was_not_recorded_yet_is_not_known() -> None:
    later = AT + timedelta(hours=1)
    row = treaty(*in_force("XX", "YY"), act(K.DENUNCIATION, "YY", in_days(50), done=TODAY, recorded_at=later))
    assert due(row) == []
    assert days(row, D.NOTICE_ENDS, at=later) == [in_days(49)]


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.one_of(st.none(), st.integers(1, 60)),
    st.one_of(st.none(), st.integers(0, 4000)),
)
def test_reviews_come_again_counted_from_the_first(first: date, every: int | None, length: int | None) -> None:
    until = None if length is None else first + timedelta(days=length)
    row = treaty(*in_force("XX", "YY"))
    found = days(row, D.REVIEW, reviews=(ReviewFact(uuid.uuid4(), "Review", first, every, until),))
    expected, number = [], 0
    while (day := first + relativedelta(months=number * (every or 0))) <= min(FAR, until or FAR):
        expected += [day] if day >= TODAY else []
        number += 1
        if every is None:
            break
    assert found == expected
    assert len(set(found)) == len(found)


ZONES = st.sampled_from(
    ["UTC", "Europe/Zurich", "Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Tehran"]
)


@given(ZONES, st.integers(0, 2 * 365 * 24 * 60), st.integers(-3, 3))
def test_a_deadline_is_there_up_to_the_end_of_its_day_in_the_agreements_zone(
    zone: str, minutes: int, offset: int
) -> None:
    """Over both changes of the clocks: the day counts, not how many hours it has."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    day = at.astimezone(ZoneInfo(zone)).date()
    row = treaty(*in_force("XX", "YY"), zone=ZoneInfo(zone), expires_on=day + timedelta(days=offset))
    assert days(row, D.EXPIRY, at=at) == ([day + timedelta(days=offset)] if offset >= 0 else [])


OFFSETS = st.integers(-60, 120)


@st.composite
def histories(draw: st.DrawFn) -> Treaty:
    """In force for two, with a term, suspensions for a time and their liftings, notices and terminations."""
    acts = [*in_force("XX", "YY")]
    for _ in range(draw(st.integers(0, 2))):
        start = draw(OFFSETS)
        stop = act(K.SUSPENSION, draw(st.sampled_from(["XX", "YY"])), in_days(start), done=in_days(min(start, -1)),
                   until=in_days(start + draw(st.integers(0, 60))))  # fmt: skip
        acts.append(stop)
        if draw(st.booleans()):
            begin = start + draw(st.integers(1, 60))
            acts.append(act(K.LIFTING, stop.country, in_days(begin), done=in_days(min(begin, -1)), lifts=stop.id))
    for party in draw(st.sets(st.sampled_from(["XX", "YY"]))):
        acts.append(act(K.DENUNCIATION, party, in_days(draw(OFFSETS)), done=in_days(-61)))
    if draw(st.booleans()):
        acts.append(act(K.TERMINATION, None, in_days(draw(OFFSETS)), done=in_days(-61)))
    term = draw(st.one_of(st.none(), OFFSETS.map(in_days)))
    renews = draw(st.one_of(st.none(), st.integers(1, 4))) if term else None
    if renews and draw(st.booleans()):
        acts.append(act(K.NON_RENEWAL, "XX", in_days(draw(st.integers(-60, 0)))))
    return treaty(*acts, expires_on=term, renews_months=renews, renewal_notice_months=min(renews or 0, 1))


@given(histories())
def test_the_calendar_agrees_with_what_status_says_from_day_to_day(row: Treaty) -> None:
    """Whatever ends according to the functions that decide, ends on a day that the calendar told; and the other way."""
    treaties = {row.id: row}
    found = due(row, horizon=in_days(300))
    if ended(row, AT, ON_PAPER):
        assert found == []
        return
    told = {kind: {(f.day, f.party) for f in found if f.kind == kind} for kind in D}
    for number in range(130):
        today, tomorrow = noon(in_days(number), ZURICH), noon(in_days(number + 1), ZURICH)
        day = in_days(number)
        if not ended(row, today, ON_PAPER) and ended(row, tomorrow, ON_PAPER):
            assert (day, None) in told[D.EXPIRY]
        for party in ("XX", "YY"):
            now, then = (party_state(treaties, row, party, instant) for instant in (today, tomorrow))
            if now == State.DENOUNCED and then == State.ENDED and not ended(row, tomorrow, ON_PAPER):
                assert (day, party) in told[D.NOTICE_ENDS]
            stopped, freed = (suspended(row, row.id, party, instant, ON_PAPER) for instant in (today, tomorrow))
            if stopped and not freed:
                assert (day, party) in told[D.SUSPENSION_ENDS]
    first = min((f.day for f in found if f.kind == D.EXPIRY), default=None)
    if first is not None:
        assert not ended(row, noon(first, ZURICH), ON_PAPER)
        assert ended(row, noon(first + timedelta(days=1), ZURICH), ON_PAPER)


def test_what_is_beyond_the_horizon_is_left_out() -> None:
    row = treaty(*in_force("XX", "YY"), expires_on=in_days(100))
    assert days(row, D.EXPIRY, horizon=in_days(99)) == []
    assert days(row, D.EXPIRY, horizon=in_days(100)) == [in_days(100)]
