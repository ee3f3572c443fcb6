"""Rows of the directory by what is true of them today."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    pass

_A = TypeVar("_A", bound="models.Model")


class AgencyQuerySet(models.QuerySet["Agency"]):
    def active(self) -> "AgencyQuerySet":
        return self.filter(is_active=True)


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
