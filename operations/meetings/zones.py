"""The rules of a zone's clock for a calendar file (RFC 5545, VTIMEZONE): each change in the years that it is about.

One component for each change, with its onset on the clock before it: calendar programs differ in what they make of
lists of dates (RDATE) and of rules there, and agree on this.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

# Around what it is about, so that a program that shows the year has the whole of it.
MARGIN = timedelta(days=366)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def component(zone: ZoneInfo, since: datetime, until: datetime) -> Timezone:
    """What a file must say of the zone, for events between two instants."""
    start, end = since.astimezone(UTC) - MARGIN, until.astimezone(UTC) + MARGIN
    found = Timezone()
    found.add("tzid", zone.key)
    found.add_component(_onset(zone, start, start))
    for change in changes(zone, start, end):
        found.add_component(_onset(zone, change, change - MINUTE))
    return found


def changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants at which the clock of the zone is put forward or back, to the minute."""
    at = start
    while at < end:
        following = at + DAY
        if _offset(zone, at) != _offset(zone, following):
            yield _found(zone, at, following)
        at = following


def _found(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first minute with the offset of `after`."""
    while after - before > MINUTE:
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= before:
            break
        before, after = (middle, after) if _offset(zone, middle) == _offset(zone, before) else (before, middle)
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _onset(zone: ZoneInfo, at: datetime, before: datetime) -> TimezoneStandard | TimezoneDaylight:
    local, earlier = at.astimezone(zone), _offset(zone, before)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", (at.astimezone(UTC) + earlier).replace(tzinfo=None))
    part.add("tzoffsetfrom", earlier)
    part.add("tzoffsetto", _offset(zone, at))
    part.add("tzname", local.tzname() or zone.key)
    return part
