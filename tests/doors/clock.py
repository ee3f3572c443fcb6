"""The clock of the portal, for tests that move it: everything the portal dates reads `django.utils.timezone.now`, and
the outbox the clock of the database, which is put to the same instant.

That function, also where a model holds it as the default of a field, asks the `datetime` of its module; a clock puts
itself there. Nothing else of the process is touched: sockets, sessions of the database and the test runner keep time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from portal.outbox import clock as database
from tests.doors import law

DAY_0 = datetime.combine(law.DAY_0, time.min, tzinfo=UTC)


def instant(days: float) -> datetime:
    """The instant so many days after the start of day 0."""
    return DAY_0 + timedelta(days=days)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, days: float) -> None:
        self.days = days

    def now(self, tz: tzinfo | None = None) -> datetime:
        return instant(self.days).astimezone(tz)

    def __getattr__(self, name: str) -> Any:
        return getattr(datetime, name)


@contextmanager
def clock(days: float) -> Iterator[Clock]:
    """The portal's clock, standing at that many days after the start of day 0."""
    found = Clock(days)
    with patch.object(timezone, "datetime", found), patch.object(database, "now", lambda: found.now(UTC)):
        yield found
