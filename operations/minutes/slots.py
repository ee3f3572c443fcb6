"""When a board can meet: in everybody's working hours, on nobody's weekend or public holiday. Pure functions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

OPENS, CLOSES = time(9), time(17)
STEP = timedelta(minutes=30)
DAY = timedelta(days=1)
USUAL_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True)
class Place:
    """Where an agency works: its clock, its country (ISO 3166-1), and a region with holidays of its own (ISO 3166-2
    without the country), if any."""

    name: str
    zone: str
    country: str
    region: str = ""


@dataclass(frozen=True)
class Slot:
    """A proposal, with what speaks against it; without warnings it suits everybody."""

    starts_at: datetime
    ends_at: datetime
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """The free days of a country or region in a year. Of one that is not known, Saturdays and Sundays."""

    weekend: frozenset[int]
    days: dict[date, str]


@lru_cache(maxsize=256)
def calendar_of(country: str, region: str, year: int) -> Calendar:
    try:
        found = holidays.country_holidays(country, subdiv=region or None, years=year, language="en_US")
    except NotImplementedError:
        if region:
            return calendar_of(country, "", year)
        return Calendar(USUAL_WEEKEND, {})
    return Calendar(frozenset(found.weekend), dict(found.items()))


def free_day(place: Place, day: date) -> str:
    """Why nobody works there on the day; empty on a working day."""
    calendar = calendar_of(place.country, place.region, day.year)
    if day in calendar.days:
        return calendar.days[day]
    return f"{day:%A}" if day.weekday() in calendar.weekend else ""


def against(place: Place, starts_at: datetime, ends_at: datetime) -> str:
    """What speaks against a time at a place; empty inside working hours."""
    zone = ZoneInfo(place.zone)
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if free := free_day(place, start.date()):
        return f"{place.name}: {free}"
    if start.date() == end.date() and start.time() >= OPENS and end.time() <= CLOSES:
        return ""
    return f"{place.name}: {start:%H:%M} to {end:%H:%M} by its clock"


def propose(
    places: Sequence[Place],
    first: date,
    last: date,
    *,
    minutes: int = 60,
    most: int = 5,
    busy: Iterable[tuple[datetime, datetime]] = (),
) -> list[Slot]:
    """Up to `most` times, one a day, from `first` to `last` (by the first place's clock), nearest first.

    Where no day suits everybody, those that suit the most, each with its warnings.
    """
    if not places:
        return []
    taken = list(busy)
    best = [slot for day in _days(first, last) if (slot := _best_of(places, day, minutes, taken)) is not None]
    fewest = min((len(slot.warnings) for slot in best), default=0)
    return [slot for slot in best if len(slot.warnings) == fewest][:most]


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _best_of(places: Sequence[Place], day: date, minutes: int, busy: list[tuple[datetime, datetime]]) -> Slot | None:
    """The first of those times of a day that suit the most places."""
    found: Slot | None = None
    for starts_at in _starts(day, places[0].zone):
        ends_at = starts_at + timedelta(minutes=minutes)
        if any(starts_at < end and start < ends_at for start, end in busy):
            continue
        warnings = tuple(said for place in places if (said := against(place, starts_at, ends_at)))
        if found is None or len(warnings) < len(found.warnings):
            found = Slot(starts_at, ends_at, warnings)
        if not warnings:
            break
    return found


def _starts(day: date, zone: str) -> Iterator[datetime]:
    """Each half hour of the day: working hours first, so that of equals a time by day is taken."""
    at = datetime.combine(day, OPENS, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for number in range(48):
        yield at + number * STEP
