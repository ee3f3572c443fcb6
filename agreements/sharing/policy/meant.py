"""Which audiences are meant for an officer, whatever the agreements say today."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from agencies.directory.models import Appointment
from agreements.register.models import Designation
from agreements.sharing.choices import AudienceKind, CircleKind
from agreements.sharing.models import Assignment, Audience, Circle

# Each with the start of the participation.
Circles = Mapping[uuid.UUID, datetime]
# An agreement, and a country that named one of the agencies for it.
Named = frozenset[tuple[uuid.UUID, str]]


def named_for(rows: QuerySet[Designation]) -> Named:
    return frozenset(rows.values_list("agreement", "country"))


def circles_of(appointment: Appointment, at: datetime) -> Circles:
    """Circles in which the agency participates and the officer is assigned now, with the participation's start;
    and the compartments of the officer's unit (R3)."""
    rows = Assignment.objects.filter(
        appointment__in=appointment.chain,
        assigned_at__lte=at,
        participation__accepted_at__lte=at,
        participation__agency__in=appointment.stands_for(at),
    ).select_related("participation")
    day = at.astimezone(appointment.agency.zone).date()
    units = Circle.objects.filter(kind=CircleKind.COMPARTMENT, unit=appointment.unit_id, opened_at__lte=at)
    own = dict(units.values_list("pk", "opened_at")) if appointment.unit_id else {}
    return own | {
        row.participation.circle_id: row.participation.accepted_at
        for row in rows
        if (row.ended_at is None or row.ended_at > at)
        and (row.ends_on is None or row.ends_on >= day)
        and (row.participation.ended_at is None or row.participation.ended_at > at)
        and row.participation.accepted_at is not None
    }


def own_of(appointment: Appointment, agencies: Collection[uuid.UUID], circles: Circles | None) -> Q:
    """Audiences of the officer's own agency that the officer is inside of."""
    return (
        Q(kind=AudienceKind.OWN_AGENCY, agency__in=agencies)
        | Q(kind=AudienceKind.OWN_OFFICER, appointment__in=appointment.chain)
        | _among("circle", circles, kind=AudienceKind.OWN_CIRCLE)
    )


def meant_for(
    appointment: Appointment,
    agencies: Collection[uuid.UUID],
    circles: Circles | None,
    parties: Collection[str] | None,
) -> Q:
    """Audiences abroad that are meant for the officer, if there is a channel."""
    found = (
        Q(kind=AudienceKind.ALL_PARTIES)
        | _among("country", parties, kind=AudienceKind.PARTY)
        | Q(kind=AudienceKind.AGENCY, agency__in=agencies)
        | Q(kind=AudienceKind.FUNCTION, agency__in=agencies, function=appointment.function)
        | _among("circle", circles, kind=AudienceKind.CIRCLE)
        | Q(kind=AudienceKind.OFFICER, appointment__in=appointment.chain)
    )
    if appointment.unit_id:
        found |= Q(kind=AudienceKind.UNIT, unit=appointment.unit_id)
    return found


def _among(name: str, keys: Collection[Any] | None, **kind: AudienceKind) -> Q:
    """Of one of these; of any, where it is None."""
    return Q(**kind) if keys is None else Q(**kind, **{f"{name}__in": keys})


def candidates(
    appointment: Appointment, agencies: Collection[uuid.UUID], circles: Circles, named: Named
) -> QuerySet[Audience]:
    """Every audience abroad that may be live for the officer, whatever these agreements say today: more than are."""
    meant = meant_for(appointment, agencies, circles, {country for _, country in named})
    return Audience.objects.filter(meant, clause__agreement__in={agreement for agreement, _ in named})


def articles_of(audiences: QuerySet[Audience]) -> QuerySet[Audience, Any]:
    """Each of these audiences, with its article and agreement."""
    return audiences.values_list("group", "clause", "clause__agreement").distinct()
