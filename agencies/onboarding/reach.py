"""Which states a treaty admin may invite agencies of: the own one, and those with which rooms above share something."""

from collections.abc import Callable, Iterable

from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Permission, Role

Partners = Callable[[Appointment], Iterable[str]]
_ROOMS: list[Partners] = []


def register(room: Partners) -> None:
    """For rooms above: codes of countries with which the officer's own has an agreement."""
    if room not in _ROOMS:
        _ROOMS.append(room)


def countries(by: Appointment) -> set[str] | None:
    """Codes of the countries whose agencies the officer may invite; None: of all."""
    if not by.may(Permission.AGENCY_INVITE):
        return set()
    if by.may(Permission.AGENCY_MANAGE_ANY):
        return None
    return {by.agency.country_id, *(code for room in _ROOMS for code in room(by))}


def has_treaty_admin(country: str) -> bool:
    """Whether somebody here speaks for the state today (R22)."""
    now = timezone.now()
    rows = Appointment.objects.in_effect(now).filter(role=Role.TREATY_ADMIN, agency__country=country)
    return any(row.is_in_effect(now) for row in rows.select_related("agency", "officer"))


def speaks_for(country: str, by: Appointment) -> bool:
    """Whether the officer is a treaty admin of that state."""
    return by.role == Role.TREATY_ADMIN and by.agency.country_id == country


def choices(by: Appointment) -> "list[Country]":
    allowed = countries(by)
    rows = Country.objects.all()
    return list(rows if allowed is None else rows.filter(pk__in=allowed))
