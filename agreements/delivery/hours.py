"""Quiet hours and digest times on an officer's own clock, as instants. Pure functions (RFC 5545 decides at a change of
the clocks, see `portal.clocks`)."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agreements.delivery.choices import Manner
from portal import clocks

DAY = timedelta(days=1)


def quiet_ends(at: datetime, zone: str, start: time | None, end: time | None, days: Collection[int]) -> datetime | None:
    """When the quiet hours in which `at` lies are over; None when `at` lies in none.

    They begin at `start` on each of `days` (of the week; none: each) and end at `end`, on the next day where that is
    not later. Start and end alike are a whole day.
    """
    if start is None or end is None:
        return None
    today = at.astimezone(ZoneInfo(zone)).date()
    for day in (today - DAY, today):
        if days and day.weekday() not in days:
            continue
        begins = clocks.instant(datetime.combine(day, start), zone)
        ends = clocks.instant(datetime.combine(day if start < end else day + DAY, end), zone)
        if begins <= at < ends:
            return ends
    return None


def next_digest(manner: str, at: datetime, zone: str, hour: int, weekday: int) -> datetime:
    """When the next digest after `at` leaves: at the full hour, or at the officer's hour of the day or of the week."""
    if manner == Manner.HOURLY:
        local = at.astimezone(ZoneInfo(zone))
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return (at - past + timedelta(hours=1)).astimezone(UTC)
    day = at.astimezone(ZoneInfo(zone)).date() - DAY
    while True:
        found = _at_hour(day, hour, zone)
        if found > at and (manner == Manner.DAILY or day.weekday() == weekday):
            return found
        day += DAY


def _at_hour(day: date, hour: int, zone: str) -> datetime:
    return clocks.instant(datetime.combine(day, time(hour)), zone)
