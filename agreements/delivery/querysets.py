"""Deliveries as their recipient and the recipient's agency may know of them."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.delivery.choices import OPEN

if TYPE_CHECKING:
    from agreements.delivery.models import Delivery  # noqa: F401


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, by: Appointment) -> "DeliveryQuerySet":
        """The officer's own; to an agency's admin those of all its officers. Never a partner's (R18)."""
        seen = Q(alert__appointment=by)
        if by.may(Permission.AGENCY_MANAGE):
            seen |= Q(alert__appointment__agency__in=by.agencies)
        return self.filter(seen)

    def open(self) -> "DeliveryQuerySet":
        """Neither gone out nor given up."""
        return self.filter(state__in=OPEN)

    def due(self, at: datetime) -> "DeliveryQuerySet":
        return self.open().filter(due_at__lte=at)

    def shown(self) -> "DeliveryQuerySet":
        """With what a list tells of them."""
        return self.select_related("alert__appointment__officer", "alert__appointment__agency__country", "outlet")
