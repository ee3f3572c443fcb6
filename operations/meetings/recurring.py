"""How a meeting recurs: the rules of RFC 5545 that officers use, bounded, on the wall clock of the meeting's zone.

A rule says on which days; the hour is that of the first time. So FREQ is DAILY, WEEKLY, MONTHLY or YEARLY, no part says
an hour, and COUNT or UNTIL ends it: 200 times and five years at most.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrule, rrulestr

from operations.meetings.choices import LONGEST_SERIES_YEARS, MOST_TIMES
from portal import clocks
from portal.ui.errors import Refused

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_RULE = 300
_NUMBER = r"-?\d{1,3}"
_PARTS = {
    "FREQ": re.compile("DAILY|WEEKLY|MONTHLY|YEARLY"),
    "INTERVAL": re.compile(r"[1-9]\d?"),
    "COUNT": re.compile(r"[1-9]\d{0,2}"),
    "UNTIL": re.compile(r"\d{8}(T\d{6}Z)?"),
    "BYDAY": re.compile(rf"(?:[+-]?[1-5])?(?:{'|'.join(DAYS)})(?:,(?:[+-]?[1-5])?(?:{'|'.join(DAYS)})){{0,6}}"),
    "BYMONTHDAY": re.compile(rf"{_NUMBER}(?:,{_NUMBER}){{0,30}}"),
    "BYMONTH": re.compile(r"\d{1,2}(?:,\d{1,2}){0,11}"),
    "BYSETPOS": re.compile(rf"{_NUMBER}(?:,{_NUMBER}){{0,5}}"),
    "WKST": re.compile("|".join(DAYS)),
}
_EVERY = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


def _refused(words: str) -> Refused:
    return Refused(words, field="rule", code="invalid")


def read(text: str) -> dict[str, str]:
    """The parts of a rule. Raises Refused at the field `rule` for what is no bounded rule of days."""
    if len(text) > LONGEST_RULE:
        raise _refused("This rule is too long.")
    found: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name in found or name not in _PARTS or not _PARTS[name].fullmatch(value):
            raise _refused(f"“{part[:40]}” is no part of such a rule.")
        found[name] = value
    if "FREQ" not in found:
        raise _refused("Say how often: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.")
    if len(found.keys() & {"COUNT", "UNTIL"}) != 1:
        raise _refused("Say until when (UNTIL) or how often (COUNT): one of the two.")
    return found


def _ending(parts: dict[str, str], zone: ZoneInfo) -> datetime | None:
    """Until when, on the wall clock: a day without a time ends with the day."""
    value = parts.get("UNTIL", "")
    try:
        if "T" in value:
            return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return datetime.combine(datetime.strptime(value, "%Y%m%d"), time(23, 59, 59)) if value else None
    except ValueError:
        raise _refused("UNTIL is no day of the calendar.") from None


def normal(text: str, zone: ZoneInfo) -> str:
    """The rule as it is kept: parts in their usual order, UNTIL as an instant in UTC (RFC 5545 wants it so)."""
    parts = read(text)
    ending = _ending(parts, zone)
    if ending is not None:
        parts["UNTIL"] = f"{clocks.instant(ending, zone):%Y%m%dT%H%M%SZ}"
    return ";".join(f"{name}={parts[name]}" for name in _PARTS if name in parts)


def times(text: str, first: datetime, zone: ZoneInfo) -> list[datetime]:
    """When it takes place, on the wall clock, beginning with `first` (naive). Without a rule: that alone.

    Raises Refused for a rule that does not begin with `first`, or gives too many or too late times.
    """
    if not text:
        return [first]
    parts = read(text)
    furthest = first + relativedelta(years=LONGEST_SERIES_YEARS)
    ending = _ending(parts, zone)
    if ending is not None and ending > furthest + timedelta(days=1):
        raise _refused(f"A meeting recurs for {LONGEST_SERIES_YEARS} years at most.")
    count = int(parts.get("COUNT", MOST_TIMES + 1))
    found = _expanded(parts, first, min(ending or furthest, furthest), count)
    if not found or found[0] != first:
        raise _refused("The first time is none of those that the rule gives: let it begin on one of its days.")
    if len(found) > MOST_TIMES or int(parts.get("COUNT", "0")) > MOST_TIMES:
        raise _refused(f"That is more than {MOST_TIMES} times.")
    if "COUNT" in parts and len(found) < count:
        raise _refused(f"A meeting recurs for {LONGEST_SERIES_YEARS} years at most.")
    return found


def _expanded(parts: dict[str, str], first: datetime, until: datetime, count: int) -> list[datetime]:
    plain = ";".join(f"{name}={value}" for name, value in parts.items() if name not in {"COUNT", "UNTIL"})
    try:
        rule = rrulestr(f"{plain};UNTIL={until:%Y%m%dT%H%M%S}", dtstart=first)
        assert isinstance(rule, rrule)
        return list(islice(rule, min(count, MOST_TIMES + 1)))
    except (ValueError, TypeError):
        raise _refused("This is no rule of RFC 5545.") from None


def built(
    *, freq: str, interval: int = 1, days: Sequence[str] = (), by_weekday: bool = False, first: datetime | None = None,
    until: datetime | None = None, count: int | None = None,
) -> str:  # fmt: skip
    """The rule that the small form asks for. `by_weekday`: monthly on the weekday of `first`, not on its date."""
    parts = [f"FREQ={freq}"] + ([f"INTERVAL={interval}"] if interval > 1 else [])
    parts += [f"COUNT={count}"] if count else []
    parts += [f"UNTIL={until:%Y%m%d}"] if until and not count else []
    if freq == "WEEKLY" and days:
        parts.append(f"BYDAY={','.join(day for day in DAYS if day in days)}")
    if freq == "MONTHLY" and by_weekday and first is not None:
        parts.append(f"BYDAY={(first.day - 1) // 7 + 1}{DAYS[first.weekday()]}")
    return ";".join(parts)


def words(text: str, zone: ZoneInfo) -> str:
    """The rule in plain words: “Each 2 weeks on Monday, until 30 June 2027”."""
    if not text:
        return ""
    parts = read(text)
    every, interval = _EVERY[parts["FREQ"]], int(parts.get("INTERVAL", "1"))
    said = f"Every {interval} {every}s" if interval > 1 else f"Every {every}"
    if "BYDAY" in parts:
        said += " on " + _listed([_day_words(day) for day in parts["BYDAY"].split(",")])
    if "BYMONTHDAY" in parts:
        said += f" on day {_listed(parts['BYMONTHDAY'].split(','))}"
    if "BYMONTH" in parts:
        said += f" of {_listed([f'{datetime(2000, int(month), 1):%B}' for month in parts['BYMONTH'].split(',')])}"
    ending = _ending(parts, zone)
    if ending is not None:
        return f"{said}, until {ending.day} {ending:%B %Y}"
    return f"{said}, {parts['COUNT']} times"


def _day_words(part: str) -> str:
    name, number = NAMES[DAYS.index(part[-2:])], part[:-2]
    if not number:
        return name
    return f"the {_ORDINALS.get(int(number), f'{abs(int(number))}th last')} {name}"


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
