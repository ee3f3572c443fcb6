"""What a wall clock in a zone says, as an instant, and back; and the rule a due row keeps of it.

A local time that a clock skips, or shows twice, is read as RFC 5545 §3.3.5 says. So a reminder "daily at 02:30" comes
once on each day that exists: neither left out in the missing hour nor sent twice in the repeated one.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY = timedelta(days=1)
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# "2027-03-28T02:30", or so many minutes before it: "2027-03-28T02:30 -PT90M" (the TRIGGER of RFC 5545).
_RULE = re.compile(r"(?P<wall>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?: -PT(?P<minutes>\d{1,6})M)?")


def weekdays(days: Iterable[int]) -> str:
    """Days of the week (Monday is 0) in words: “Mon–Fri”, “every day”, “Sat, Sun”."""
    chosen = sorted(set(days))
    if len(chosen) == len(DAY_NAMES):
        return "every day"
    if len(chosen) > 2 and chosen == list(range(chosen[0], chosen[-1] + 1)):
        return f"{DAY_NAMES[chosen[0]]}–{DAY_NAMES[chosen[-1]]}"
    return ", ".join(DAY_NAMES[day] for day in chosen)


def zone_of(name: str | ZoneInfo) -> ZoneInfo:
    """The zone of that IANA name. Raise ValueError when it is unknown."""
    if isinstance(name, ZoneInfo):
        return name
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(f"There is no time zone “{name}”.") from error


def instant(local_naive: datetime, zone: str | ZoneInfo) -> datetime:
    """The instant (UTC) at which clocks in `zone` show `local_naive`.

    A time in a gap is read with the offset before the gap; a repeated one is the first (RFC 5545 §3.3.5). Raise
    ValueError for an unknown zone, or when the time carries an offset already.
    """
    if local_naive.tzinfo is not None:
        raise ValueError("A local time without an offset is expected.")
    # PEP 495: with fold=0 Python reads a gap with the offset before it, and takes the first of two.
    return local_naive.replace(tzinfo=zone_of(zone), fold=0).astimezone(UTC)


def wall(at: datetime, zone: str | ZoneInfo) -> datetime:
    """What clocks in `zone` show at the instant `at`, without an offset."""
    return at.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0)


def exists(local_naive: datetime, zone: str | ZoneInfo) -> bool:
    """Whether clocks in `zone` ever show `local_naive`."""
    return wall(instant(local_naive, zone), zone) == local_naive


def series(first_local: datetime, zone: str | ZoneInfo, *, days: int = 1) -> Iterator[datetime]:
    """The instants (UTC) of a local time each `days` days, without end and strictly rising.

    A whole day that a zone skipped (Apia, 30 December 2011) has no instant of its own: it falls on that of the next.
    """
    if days < 1:
        raise ValueError("A series steps by one day or more.")
    last, local = None, first_local
    while True:
        at = instant(local, zone)
        if last is None or at > last:
            yield at
            last = at
        local += days * DAY


def rule(local_naive: datetime, *, before: timedelta = timedelta(0)) -> str:
    """What `due.schedule` keeps as `local_rule`: a wall time, or whole minutes `before` it."""
    minutes = int(before.total_seconds()) // 60
    text = local_naive.replace(tzinfo=None).isoformat(timespec="seconds" if local_naive.second else "minutes")
    return f"{text} -PT{minutes}M" if minutes else text


def read(local_rule: str, zone: str | ZoneInfo) -> datetime | None:
    """The instant (UTC) that `rule` meant, by today's law of the zone; None for a rule in words or an unknown zone."""
    found = _RULE.fullmatch(local_rule.strip())
    if found is None:
        return None
    try:
        return instant(datetime.fromisoformat(found["wall"]), zone) - timedelta(minutes=int(found["minutes"] or 0))
    except (ValueError, OverflowError):
        return None
