"""Quiet hours and digests by the officer's own clock, also where that clock is changed (RFC 5545)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.delivery.choices import Manner
from agreements.delivery.hours import next_digest, quiet_ends
from portal import clocks

WARSAW, BEIRUT, SANTIAGO, APIA = "Europe/Warsaw", "Asia/Beirut", "America/Santiago", "Pacific/Apia"
ZONES = [WARSAW, BEIRUT, SANTIAGO, APIA, "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


def at(text: str, zone: str = "UTC") -> datetime:
    return clocks.instant(datetime.fromisoformat(text), zone)


NIGHT = (time(22), time(6))


@pytest.mark.parametrize(
    ("local", "ends"),
    [
        ("2026-01-15T21:59", None),
        ("2026-01-15T22:00", "2026-01-16T06:00"),
        ("2026-01-16T05:59", "2026-01-16T06:00"),
        ("2026-01-16T06:00", None),
        # The night in which an hour is missing, and the one in which an hour comes twice.
        ("2026-03-28T23:00", "2026-03-29T06:00"),
        ("2026-10-24T23:00", "2026-10-25T06:00"),
    ],
)
def test_a_night_of_quiet(local: str, ends: str | None) -> None:
    assert quiet_ends(at(local, WARSAW), WARSAW, *NIGHT, []) == (at(ends, WARSAW) if ends else None)


def test_quiet_that_ends_in_the_missing_hour_ends_later_and_in_the_repeated_one_at_the_first() -> None:
    evening = at("2026-03-28T23:00", WARSAW)
    assert quiet_ends(evening, WARSAW, time(22), time(2, 30), []) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    evening = at("2026-10-24T23:00", WARSAW)
    assert quiet_ends(evening, WARSAW, time(22), time(2, 30), []) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_quiet_begins_on_chosen_days_only() -> None:
    friday, saturday = at("2026-01-16T23:00", WARSAW), at("2026-01-17T23:00", WARSAW)
    assert quiet_ends(friday, WARSAW, *NIGHT, [4]) is not None
    assert quiet_ends(at("2026-01-17T03:00", WARSAW), WARSAW, *NIGHT, [4]) is not None, "Friday's night goes on"
    assert quiet_ends(saturday, WARSAW, *NIGHT, [4]) is None


def test_no_quiet_and_a_whole_day_of_it() -> None:
    noon = at("2026-01-16T12:00", WARSAW)
    assert quiet_ends(noon, WARSAW, None, None, []) is None
    assert quiet_ends(noon, WARSAW, time(8), time(8), []) == at("2026-01-17T08:00", WARSAW)


@pytest.mark.parametrize(
    ("manner", "now", "expected"),
    [
        (Manner.HOURLY, "2026-01-15T10:20", "2026-01-15T11:00"),
        (Manner.HOURLY, "2026-01-15T11:00", "2026-01-15T12:00"),
        (Manner.DAILY, "2026-01-15T06:59", "2026-01-15T07:00"),
        (Manner.DAILY, "2026-01-15T07:00", "2026-01-16T07:00"),
        (Manner.WEEKLY, "2026-01-15T07:00", "2026-01-19T07:00"),
        (Manner.WEEKLY, "2026-01-19T06:00", "2026-01-19T07:00"),
    ],
)
def test_the_next_digest(manner: str, now: str, expected: str) -> None:
    assert next_digest(manner, at(now, WARSAW), WARSAW, 7, 0) == at(expected, WARSAW)


def test_an_hourly_digest_comes_in_each_of_the_two_hours_of_one_name() -> None:
    first = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)  # 02:10, the first time
    second = next_digest(Manner.HOURLY, first, WARSAW, 7, 0)
    assert second == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    assert next_digest(Manner.HOURLY, second, WARSAW, 7, 0) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", [WARSAW, BEIRUT, SANTIAGO, APIA])
@pytest.mark.parametrize("hour", [0, 2, 3, 7])
def test_a_daily_digest_comes_once_on_each_day_of_a_year(zone: str, hour: int) -> None:
    """In the missing hour it is not skipped, in the repeated one not doubled."""
    here, days = at("2026-01-01T12:00", zone), []
    for _ in range(365):
        here = next_digest(Manner.DAILY, here, zone, hour, 0)
        days.append(clocks.wall(here, zone).date())
    assert days == [date(2026, 1, 2) + timedelta(days=number) for number in range(365)]


def test_a_day_that_a_zone_left_out_has_no_second_digest() -> None:
    found, here = [], at("2011-12-28T12:00", APIA)
    for _ in range(3):
        here = next_digest(Manner.DAILY, here, APIA, 7, 0)
        found.append(clocks.wall(here, APIA).isoformat())
    assert found == ["2011-12-29T07:00:00", "2011-12-31T07:00:00", "2012-01-01T07:00:00"]


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda value: value.replace(tzinfo=UTC))


@given(now=moments, zone=st.sampled_from(ZONES), hour=st.integers(0, 23), day=st.integers(0, 6))
def test_a_digest_lies_ahead_and_not_too_far(now: datetime, zone: str, hour: int, day: int) -> None:
    for manner, longest in ((Manner.HOURLY, 1), (Manner.DAILY, 25), (Manner.WEEKLY, 7 * 24 + 1)):
        found = next_digest(manner, now, zone, hour, day)
        assert timedelta(0) < found - now <= timedelta(hours=longest)


@given(now=moments, zone=st.sampled_from(ZONES), start=st.times(), end=st.times())
def test_when_quiet_is_over_it_is_over(now: datetime, zone: str, start: time, end: time) -> None:
    ends = quiet_ends(now, zone, start, end, [])
    if ends is not None:
        assert now < ends <= now + timedelta(hours=25)
        assert start == end or quiet_ends(ends, zone, start, end, []) is None
