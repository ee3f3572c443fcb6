"""Local times as instants: the hour a clock skips, the hour it shows twice, and the day that Apia left out."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import clocks

WARSAW, BEIRUT, SANTIAGO, APIA = "Europe/Warsaw", "Asia/Beirut", "America/Santiago", "Pacific/Apia"
ZONES = [WARSAW, BEIRUT, SANTIAGO, APIA]


# Worked out by hand from the tz database: local time, and the offset (hours) it is to be read with.
@pytest.mark.parametrize(
    ("zone", "local", "hours"),
    [
        # Warsaw: 02:00 → 03:00 on 29 March 2026, 03:00 → 02:00 on 25 October 2026.
        (WARSAW, "2026-03-29T01:59", 1),
        (WARSAW, "2026-03-29T02:00", 1),
        (WARSAW, "2026-03-29T02:30", 1),
        (WARSAW, "2026-03-29T03:00", 2),
        (WARSAW, "2026-10-25T01:59", 2),
        (WARSAW, "2026-10-25T02:30", 2),
        (WARSAW, "2026-10-25T03:00", 1),
        # Beirut changes at midnight: 00:00 → 01:00 on 29 March 2026, 00:00 → 23:00 in the night to 25 October 2026.
        (BEIRUT, "2026-03-28T23:59", 2),
        (BEIRUT, "2026-03-29T00:00", 2),
        (BEIRUT, "2026-03-29T00:30", 2),
        (BEIRUT, "2026-03-29T01:00", 3),
        (BEIRUT, "2026-10-24T23:30", 3),
        (BEIRUT, "2026-10-25T00:00", 2),
        # Santiago, in the south: autumn in April (24:00 → 23:00), spring in September (00:00 → 01:00).
        (SANTIAGO, "2026-04-04T23:30", -3),
        (SANTIAGO, "2026-04-05T00:00", -4),
        (SANTIAGO, "2026-09-05T23:59", -4),
        (SANTIAGO, "2026-09-06T00:00", -4),
        (SANTIAGO, "2026-09-06T00:30", -4),
        (SANTIAGO, "2026-09-06T01:00", -3),
        # Apia: summer time until 2021, and no 30 December 2011 at all.
        (APIA, "2011-12-29T10:00", -10),
        (APIA, "2011-12-30T10:00", -10),
        (APIA, "2011-12-31T10:00", 14),
        (APIA, "2012-04-01T03:30", 14),
        (APIA, "2012-04-01T04:00", 13),
        (APIA, "2012-09-30T03:30", 13),
        (APIA, "2012-09-30T04:00", 14),
        (APIA, "2026-09-27T03:30", 13),
    ],
)
def test_a_local_time_is_read_with_the_offset_before_a_gap_and_as_the_first_of_two(
    zone: str, local: str, hours: int
) -> None:
    naive = datetime.fromisoformat(local)
    at = clocks.instant(naive, zone)
    assert at == naive.replace(tzinfo=UTC) - timedelta(hours=hours)
    assert at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("zone", "local", "there"),
    [
        (WARSAW, "2026-03-29T02:30", False),
        (WARSAW, "2026-10-25T02:30", True),
        (BEIRUT, "2026-03-29T00:00", False),
        (SANTIAGO, "2026-09-06T00:59", False),
        (SANTIAGO, "2026-09-06T01:00", True),
        (APIA, "2011-12-30T12:00", False),
        (APIA, "2026-12-30T12:00", True),
    ],
)
def test_what_a_clock_never_shows_does_not_exist(zone: str, local: str, there: bool) -> None:
    assert clocks.exists(datetime.fromisoformat(local), zone) is there


def test_a_daily_time_in_the_missing_hour_comes_once_that_day_and_at_its_own_hour_on_the_others() -> None:
    found = list(islice(clocks.series(datetime(2026, 3, 28, 2, 30), WARSAW), 3))
    assert [f"{clocks.wall(at, WARSAW):%d %H:%M}" for at in found] == ["28 02:30", "29 03:30", "30 02:30"]


def test_a_weekly_time_in_the_repeated_hour_comes_once() -> None:
    found = list(islice(clocks.series(datetime(2026, 10, 18, 2, 30), WARSAW, days=7), 3))
    assert found[1] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of the two"
    assert [f"{clocks.wall(at, WARSAW):%d %H:%M}" for at in found] == ["18 02:30", "25 02:30", "01 02:30"]


def test_the_day_that_apia_left_out_has_no_reminder_and_no_other_day_has_two() -> None:
    found = list(islice(clocks.series(datetime(2011, 12, 29, 10), APIA), 3))
    assert [clocks.wall(at, APIA).day for at in found] == [29, 31, 1]


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    first=st.dates(date(2011, 1, 1), date(2036, 1, 1)),
    at=st.times().map(lambda value: value.replace(second=0, microsecond=0, tzinfo=None, fold=0)),
    days=st.sampled_from([1, 7]),
)
def test_every_day_that_exists_has_one_instant_and_no_instant_comes_twice(
    zone: str, first: date, at: time, days: int
) -> None:
    count = 400 // days
    found = list(islice(clocks.series(datetime.combine(first, at), zone, days=days), count))
    assert all(one < other for one, other in zip(found, found[1:], strict=False))
    # The oracle goes through the hours of the clock itself, and asks no conversion of a local time.
    shown = {clocks.wall(each, zone).date() for each in found}
    hour, seen = found[0], set()
    while hour < found[-1]:
        seen.add(hour.astimezone(ZoneInfo(zone)).date())
        hour += timedelta(hours=1)
    assert shown >= {day for day in seen if (day - first).days % days == 0 and day < max(shown)}


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    local=st.datetimes(datetime(2011, 1, 1), datetime(2036, 1, 1)).map(lambda value: value.replace(microsecond=0)),
    minutes=st.integers(0, 60 * 24 * 365),
)
def test_a_rule_is_read_as_it_was_written(zone: str, local: datetime, minutes: int) -> None:
    text = clocks.rule(local, before=timedelta(minutes=minutes))
    assert clocks.read(text, zone) == clocks.instant(local, zone) - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["", "00:00 of 2026-03-29 in Europe/Warsaw", "2026-02-30T00:00", "0001-01-01T00:00 -PT9M"]
)
def test_a_rule_in_words_gives_no_instant(text: str) -> None:
    assert clocks.read(text, WARSAW) is None


def test_an_unknown_zone_and_a_time_with_an_offset_are_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        clocks.instant(datetime(2026, 1, 1), "Europe/Nowhere")
    with pytest.raises(ValueError, match="no time zone"):
        clocks.instant(datetime(2026, 1, 1), "../etc/passwd")
    with pytest.raises(ValueError, match="without an offset"):
        clocks.instant(datetime(2026, 1, 1, tzinfo=UTC), WARSAW)
    assert clocks.read("2026-01-01T00:00", "Europe/Nowhere") is None
