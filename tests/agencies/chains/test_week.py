"""Hours of a week: over midnight, over the end of the week, and what nobody covers."""

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from agencies.chains.week import WEEK, Shift, covers, gaps, words

clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
shifts = st.builds(Shift, st.integers(1, 7), clocks, clocks)


@given(st.lists(shifts, max_size=6), st.integers(0, WEEK - 1))
def test_a_minute_is_covered_or_in_a_gap_and_never_both(rows, minute):
    inside = any(first <= at < last for first, last in gaps(rows) for at in (minute, minute + WEEK))
    assert covers(rows, minute) is not inside


def test_a_shift_over_midnight_and_over_the_week():
    night = Shift(7, time(22), time(6))
    assert covers([night], 6 * 1440 + 23 * 60)
    assert covers([night], 5 * 60 + 59)
    assert not covers([night], 6 * 60)
    assert [words(span) for span in gaps([night])] == ["Monday 06:00 to Sunday 22:00"]


def test_equal_hours_are_a_whole_day():
    every = [Shift(day, time(7), time(7)) for day in range(1, 8)]
    assert gaps(every) == []
    assert [words(span) for span in gaps(every[:-1])] == ["Sunday 07:00 to Monday 07:00"]


def test_without_any_the_whole_week_is_a_gap():
    assert [words(span) for span in gaps([])] == ["the whole week"]
