"""Communication channels by who may know of them, and by what is true today."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from agencies.directory.acquaintance import known_to
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission

if TYPE_CHECKING:
    from agencies.channels.models import CommunicationChannel  # noqa: F401  It is named in a base class.


def reachable(by: Appointment, at: datetime) -> set[uuid.UUID]:
    """The agencies whose channels the officer may know: the own one and its partners (R18)."""
    return known_to(by, at) if by.may(Permission.DIRECTORY_VIEW) else set()


class CommunicationChannelQuerySet(models.QuerySet["CommunicationChannel"]):
    def visible_to(self, by: Appointment, at: datetime) -> "CommunicationChannelQuerySet":
        """Of the own agency and of those that share an agreement or an operation with it (R18); of any for who keeps
        the entries of all."""
        if by.may(Permission.AGENCY_MANAGE_ANY):
            return self
        return self.filter(agency__in=reachable(by, at))

    def of(self, agencies: Collection[uuid.UUID]) -> "CommunicationChannelQuerySet":
        return self.filter(agency__in=agencies)

    def in_effect(self, at: datetime) -> "CommunicationChannelQuerySet":
        """Those that may be there at `at` in some time zone; `is_in_effect` decides exactly."""
        day = at.date()
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day - timedelta(days=1)),
            Q(ended_at=None) | Q(ended_at__gt=at),
            starts_on__lte=day + timedelta(days=1),
        )
