"""Rows of the directory by what is true of them today."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from agencies.directory.roles import Permission

if TYPE_CHECKING:
    from agencies.directory.models import Agency, Appointment, Unit  # noqa: F401  Named in base classes.


class AgencyQuerySet(models.QuerySet["Agency"]):
    def active(self) -> "AgencyQuerySet":
        return self.filter(is_active=True)

    def without_desk(self) -> "AgencyQuerySet":
        """Those whose duty desk lacks its telephone or its mail."""
        return self.filter(Q(desk_phone="") | Q(desk_email=""))


class UnitQuerySet(models.QuerySet["Unit"]):
    def open(self) -> "UnitQuerySet":
        return self.filter(closed_at=None)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_effect(self, at: datetime) -> "AppointmentQuerySet":
        """Those that may be in effect at `at` in some time zone; `Appointment.is_in_effect` decides exactly.

        A day begins at 00:00 in the agency's zone, so the rows are narrowed with a day to spare on both sides.
        """
        day = at.date()
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day - timedelta(days=1)),
            Q(ended_at=None) | Q(ended_at__gt=at),
            starts_on__lte=day + timedelta(days=1),
            officer__is_active=True,
            agency__is_active=True,
        )

    def administered_by(self, by: "Appointment") -> "AppointmentQuerySet":
        """Those that an agency admin of their agency, or a system admin, gives and ends."""
        if by.may(Permission.AGENCY_MANAGE_ANY):
            return self
        return self.filter(agency=by.agency_id) if by.may(Permission.AGENCY_MANAGE) else self.none()
