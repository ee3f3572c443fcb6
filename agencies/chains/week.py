"""Hours of a week, as minutes since Monday 00:00 on the agency's clock. Pure functions.

Hours are local: in the hour that a clock change repeats they hold twice, in the one that it leaves out not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

DAY = 24 * 60
WEEK = 7 * DAY
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Span = tuple[int, int]


@dataclass(frozen=True)
class Shift:
    """From `starts` to `ends` on a day (1 is Monday); that does not end later than it starts ends the day after."""

    day: int
    starts: time
    ends: time

    @property
    def span(self) -> Span:
        first = (self.day - 1) * DAY + _minute(self.starts)
        length = (_minute(self.ends) - _minute(self.starts)) % DAY or DAY
        return first, first + length


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def minute_of(local: datetime) -> int:
    """The minute of the week on that clock."""
    return local.weekday() * DAY + local.hour * 60 + local.minute


def covers(shifts: Iterable[Shift], minute: int) -> bool:
    """Whether the minute lies in one of them, also in what runs over from Sunday to Monday."""
    return any(first <= at < last for first, last in (row.span for row in shifts) for at in (minute, minute + WEEK))


def gaps(shifts: Iterable[Shift]) -> list[Span]:
    """What of the week none of them covers, in order. One that runs over the end of the week is told in one piece."""
    spans = sorted(part for row in shifts for part in _wrapped(row.span))
    found, reached = [], 0
    for first, last in spans:
        if first > reached:
            found.append((reached, first))
        reached = max(reached, last)
    if reached < WEEK:
        found.append((reached, WEEK))
    if len(found) > 1 and found[0][0] == 0 and found[-1][1] == WEEK:
        found = [*found[1:-1], (found[-1][0], WEEK + found[0][1])]
    return found


def _wrapped(span: Span) -> list[Span]:
    first, last = span
    return [span] if last <= WEEK else [(first, WEEK), (0, last - WEEK)]


def words(span: Span) -> str:
    """For people: "Saturday 22:00 to Sunday 06:00"."""
    if span == (0, WEEK):
        return "the whole week"
    return f"{_clock(span[0])} to {_clock(span[1])}"


def _clock(minute: int) -> str:
    minute %= WEEK
    return f"{NAMES[minute // DAY]} {minute % DAY // 60:02}:{minute % 60:02}"
