"""Which agencies share an agreement or an operation with the officer's own (R18)."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from agencies.directory.models import Appointment
from agreements.register.models import Designation
from agreements.sharing.models import Participation


def by_agreement(by: Appointment, at: datetime) -> Iterable[uuid.UUID]:
    """Agencies designated today, as the own one is, for an agreement that was put to its parties.

    A suspended agreement is shared still: its partners must be able to reach each other.
    """
    day = at.astimezone(by.agency.zone).date()
    standing = Designation.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day),
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=at),
        starts_on__lte=day,
        agreement__registered_at__lte=at,
    )
    own = standing.filter(agency__in=by.agencies).values("agreement")
    return standing.filter(agreement__in=own).values_list("agency", flat=True).distinct()


def by_circle(by: Appointment, at: datetime) -> Iterable[uuid.UUID]:
    """Agencies that take part today in a circle in which the own one takes part."""
    standing = Participation.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), accepted_at__lte=at)
    own = standing.filter(agency__in=by.agencies).values("circle")
    return standing.filter(circle__in=own).values_list("agency", flat=True).distinct()
