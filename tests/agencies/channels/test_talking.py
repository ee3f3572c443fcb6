"""Can they talk? Proved over drawn channels: symmetric, and a further channel never takes a link away."""

import uuid
from datetime import UTC, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.channels.choices import Means
from agencies.channels.talking import Line, Verdict, meet, talk

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NAMES = st.sampled_from(["", "Lake 1", "LAKE-1", "Rhine"])
HOURS = st.one_of(st.none(), st.sampled_from([time(0), time(7), time(12), time(22)]))


@st.composite
def lines(draw: st.DrawFn) -> Line:
    opens = draw(HOURS)
    return Line(
        key=uuid.UUID(int=draw(st.integers(0, 10**9))),
        means=draw(st.sampled_from(Means.values)),
        system=draw(NAMES),
        band=draw(st.sampled_from(["", "380–400 MHz", "80 MHz"])),
        talk_group=draw(NAMES),
        address=draw(st.sampled_from(["", "+1 234"])),
        encrypted=draw(st.booleans()),
        languages=draw(st.frozensets(st.sampled_from(["de", "fr", "en"]))),
        opens_at=opens,
        closes_at=None if opens is None else draw(st.sampled_from([time(0), time(6), time(12), time(18)])),
        weekdays=draw(st.frozensets(st.integers(1, 7))),
        zone=draw(st.sampled_from(["UTC", "Europe/Zurich", "America/New_York"])),
    )


SIDES = st.lists(lines(), max_size=5)
EASY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


@EASY
@given(SIDES, SIDES, INSTANTS)
def test_it_is_the_same_from_both_sides(ours: list[Line], theirs: list[Line], at: datetime) -> None:
    there, back = talk(ours, theirs, at), talk(theirs, ours, at)
    assert there.verdict == back.verdict
    assert there.gaps == back.gaps
    assert {(x.one, x.other, x.languages, x.encrypted, x.now) for x in there.links} == {
        (x.other, x.one, x.languages, x.encrypted, x.now) for x in back.links
    }


@EASY
@given(SIDES, SIDES, lines(), INSTANTS)
def test_a_further_channel_takes_no_link_away(ours: list[Line], theirs: list[Line], more: Line, at: datetime) -> None:
    before, after = talk(ours, theirs, at), talk([*ours, more], theirs, at)
    assert set(before.links) <= set(after.links)
    assert after.verdict >= before.verdict


@EASY
@given(SIDES, SIDES, INSTANTS)
def test_something_is_missing_unless_they_talk_encrypted(ours: list[Line], theirs: list[Line], at: datetime) -> None:
    found = talk(ours, theirs, at)
    assert bool(found.gaps) == (found.verdict != Verdict.SECURE)
    assert all(meet(link.one, link.other) for link in found.links)
    assert found.best is None or found.best.verdict == found.verdict


@EASY
@given(lines(), INSTANTS)
def test_hours_come_back_every_week(line: Line, at: datetime) -> None:
    within = Line(
        key=line.key, means=line.means, opens_at=line.opens_at, closes_at=line.closes_at, weekdays=line.weekdays
    )
    assert within.answers(at) == within.answers(at + timedelta(days=7))
    always = Line(key=line.key, means=line.means)
    assert always.answers(at)


def radio(**values: object) -> Line:
    return Line(
        key=uuid.uuid4(),
        means=Means.RADIO,
        **{"band": "380 MHz", "talk_group": "Lake 1", "languages": frozenset({"de"}), **values},
    )  # type: ignore[arg-type]


def test_names_are_compared_as_people_type_them() -> None:
    assert meet(radio(), radio(talk_group="LAKE-1", band="380MHz"))
    assert not meet(radio(), radio(talk_group="Lake 2"))
    assert not meet(radio(), radio(band="80 MHz"))
    assert not meet(radio(talk_group=""), radio(talk_group=""))


def test_a_shared_system_must_be_the_same() -> None:
    mail = Line(key=uuid.uuid4(), means=Means.NAMED_SYSTEM, system="I-24/7", address="a")
    assert meet(mail, Line(key=uuid.uuid4(), means=Means.NAMED_SYSTEM, system="i 24/7", address="b"))
    assert not meet(mail, Line(key=uuid.uuid4(), means=Means.NAMED_SYSTEM, system="SIENA", address="b"))
    assert not meet(mail, Line(key=uuid.uuid4(), means=Means.SECURE_MAIL, system="I-24/7", address="b"))


def test_verdicts_and_what_is_missing() -> None:
    night = radio(opens_at=time(22), closes_at=time(6))
    cases = [
        ([radio(encrypted=True)], [radio(encrypted=True)], Verdict.SECURE, None),
        ([radio(encrypted=True)], [radio()], Verdict.CLEAR, "Only in clear"),
        ([radio()], [night], Verdict.CLOSED, "at this hour"),
        ([radio()], [radio(languages=frozenset({"fr"}))], Verdict.NO_LANGUAGE, "No language in common"),
        ([radio()], [radio(talk_group="Other")], Verdict.NOTHING, "talk group"),
        ([radio()], [radio(band="80 MHz")], Verdict.NOTHING, "different bands"),
        ([radio()], [], Verdict.NOTHING, "no channel on record"),
        (
            [radio()],
            [Line(key=uuid.uuid4(), means=Means.TELEPHONE, address="1")],
            Verdict.NOTHING,
            "no means in common",
        ),
    ]
    for ours, theirs, verdict, words in cases:
        found = talk(ours, theirs, MONDAY)
        assert found.verdict == verdict
        assert words is None or words in found.gaps[0]


def test_hours_over_midnight_belong_to_the_day_they_began() -> None:
    friday = radio(opens_at=time(22), closes_at=time(6), weekdays=frozenset({5}))
    assert friday.answers(datetime(2026, 11, 27, 23, 0, tzinfo=UTC))
    assert friday.answers(datetime(2026, 11, 28, 5, 0, tzinfo=UTC))
    assert not friday.answers(datetime(2026, 11, 27, 5, 0, tzinfo=UTC))
    assert not friday.answers(datetime(2026, 11, 28, 7, 0, tzinfo=UTC))


def test_hours_are_those_of_the_agency() -> None:
    office = radio(opens_at=time(8), closes_at=time(17), zone="America/New_York")
    assert not office.answers(MONDAY)
    assert office.answers(MONDAY + timedelta(hours=5))
