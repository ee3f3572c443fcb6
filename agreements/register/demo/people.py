"""Who records and confirms the demonstration's facts, and when."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agencies.directory.models import Appointment
from agreements.register import actions
from agreements.register.models import Agreement

ADMINS = {"CH": "ch.treaty", "DE": "de.treaty", "AT": "at.treaty", "LI": "li.treaty"}


def admin(country: str) -> Appointment:
    return Appointment.objects.get(officer__username=ADMINS[country])


def noon(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))


def confirm(agreement: Agreement, recorded: datetime) -> None:
    """Every party that has a treaty admin here stands behind the facts, a day after they were recorded."""
    for party in agreement.parties.all():
        if party.country_id in ADMINS:
            by = admin(party.country_id)
            actions.confirm(agreement=agreement, by=by, confirmed_at=recorded + timedelta(days=1))
