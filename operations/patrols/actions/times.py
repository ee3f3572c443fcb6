"""Checks of instants that every entry of the log shares."""

from datetime import datetime, timedelta

from django.utils import timezone

from portal.ui.errors import Refused

# Clocks of devices differ: what lies this little ahead counts as now.
CLOCK_DRIFT = timedelta(minutes=5)


def words(at: datetime) -> str:
    """An instant in the reader's zone and in UTC."""
    local = timezone.localtime(at)
    utc = at.astimezone(timezone.get_fixed_timezone(0))
    return f"{local.day} {local:%B %Y %H:%M} ({utc:%H:%M}Z)"


def not_future(at: datetime, field: str) -> None:
    if at > timezone.now() + CLOCK_DRIFT:
        raise Refused(f"{words(at)} lies in the future: give the time at which it happened.", field=field)


def not_before(at: datetime, limit: datetime, field: str, what: str) -> None:
    """`at` is not before `limit`, to the minute: forms know no seconds."""
    if at < limit.replace(second=0, microsecond=0):
        raise Refused(f"That is before {what}, {words(limit)}.", field=field)


def not_after(at: datetime, limit: datetime, field: str, what: str) -> None:
    if at > limit.replace(second=59, microsecond=999999):
        raise Refused(f"That is after {what}, {words(limit)}.", field=field)
