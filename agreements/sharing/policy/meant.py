"""Which audiences are meant for an officer, whatever the agreements say today."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
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


@dataclass(frozen=True)
class Meant:
    """Audiences of one kind whose columns hold one of these values each; of a column with None, any."""

    kind: AudienceKind
    among: Mapping[str, Collection[Any] | None]

    @property
    def rows(self) -> Q:
        narrowed = {f"{name}__in": values for name, values in self.among.items() if values is not None}
        return Q(kind=self.kind, **narrowed)

    def has(self, row: Audience) -> bool:
        return row.kind == self.kind and all(
            values is None or getattr(row, name) in values for name, values in self.among.items()
        )


def own_of(appointment: Appointment, agencies: Collection[uuid.UUID], circles: Circles) -> list[Meant]:
    """Audiences of the officer's own agency that the officer is inside of."""
    return [
        Meant(AudienceKind.OWN_AGENCY, {"agency_id": agencies}),
        Meant(AudienceKind.OWN_OFFICER, {"appointment_id": appointment.chain}),
        Meant(AudienceKind.OWN_CIRCLE, {"circle_id": circles}),
    ]


def meant_for(
    appointment: Appointment,
    agencies: Collection[uuid.UUID],
    circles: Circles,
    parties: Collection[str] | None,
) -> list[Meant]:
    """Audiences abroad that are meant for the officer, if there is a channel; of any party, where that is not known."""
    units = (appointment.unit_id,) if appointment.unit_id else ()
    return [
        Meant(AudienceKind.ALL_PARTIES, {}),
        Meant(AudienceKind.PARTY, {"country_id": parties}),
        Meant(AudienceKind.AGENCY, {"agency_id": agencies}),
        Meant(AudienceKind.FUNCTION, {"agency_id": agencies, "function": (appointment.function,)}),
        Meant(AudienceKind.UNIT, {"unit_id": units}),
        Meant(AudienceKind.CIRCLE, {"circle_id": circles}),
        Meant(AudienceKind.OFFICER, {"appointment_id": appointment.chain}),
    ]


def any_of(found: Iterable[Meant]) -> Q:
    return reduce(or_, (item.rows for item in found))


def candidates(
    appointment: Appointment, agencies: Collection[uuid.UUID], circles: Circles, named: Named
) -> QuerySet[Audience]:
    """Every audience abroad that may be live for the officer, whatever these agreements say today: more than are."""
    meant = any_of(meant_for(appointment, agencies, circles, {country for _, country in named}))
    return Audience.objects.filter(meant, clause__agreement__in={agreement for agreement, _ in named})


def articles_of(audiences: QuerySet[Audience]) -> QuerySet[Audience, Any]:
    """Each of these audiences, with its article and agreement."""
    return audiences.values_list("group", "clause", "clause__agreement").distinct()
