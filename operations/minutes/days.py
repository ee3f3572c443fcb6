"""Days as action items and rhythms have them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal import clocks

DAY = timedelta(days=1)


def start_of(day: date, zone: str) -> datetime:
    """The instant at which a day begins by the clock of a zone. An hour that the clock skips is read with the offset
    before, of one that comes twice the first is meant (RFC 5545)."""
    return clocks.instant(datetime.combine(day, time()), zone)


def end_of(day: date, zone: str) -> datetime:
    """The instant at which it ends: the next one begins."""
    return start_of(day + DAY, zone)


def at_hour(day: date, hour: int, zone: str) -> datetime:
    return clocks.instant(datetime.combine(day, time(hour)), zone)


def day_in(at: datetime, zone: str) -> date:
    """The day that it is at an instant by the clock of a zone."""
    return at.astimezone(ZoneInfo(zone)).date()
