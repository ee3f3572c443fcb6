"""Under which appointment an officer acts (R1): the one chosen, else the first in effect, and for others only by choice."""

import uuid
from datetime import datetime

from agencies.directory.models import Appointment, Officer


def appointments_in_effect(officer: Officer, at: datetime) -> list[Appointment]:
    """The officer's appointments that work at `at`, oldest first. One query, two more for somebody's deputy."""
    rows = list(
        Appointment.objects.in_effect(at)
        .filter(officer=officer)
        .select_related("agency__country")
        .prefetch_related("acts_for__officer")
        .order_by("starts_on", "id")
    )
    for row in rows:
        row.officer = officer  # Each request asks this: joined, the officer would be read a second time.
    return [row for row in rows if row.is_in_effect(at)]


def acting(officer: Officer, at: datetime, chosen: uuid.UUID | str | None = None) -> Appointment | None:
    """The one appointment the officer acts under, or None: then the officer sees nothing."""
    return chosen_of(appointments_in_effect(officer, at), chosen)


def chosen_of(current: list[Appointment], chosen: uuid.UUID | str | None) -> Appointment | None:
    """Of those in effect the one that was chosen, else the first of the officer's own."""
    own = [row for row in current if row.acts_for_id is None]
    return next((row for row in current if str(row.pk) == str(chosen)), next(iter(own or current), None))
