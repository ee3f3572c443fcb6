"""From a wall clock to an instant, where clocks are put forward and back (RFC 5545, section 3.3.5)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def instant(local_naive: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of a time on the wall clock of a zone.

    Of an hour that comes twice, the first is meant. A time that the change to summer time skips is read with the
    offset before the gap, so that 02:30 is the moment that the clocks then show as 03:30.
    """
    return local_naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
