"""The compartments that an officer is inside of. Of others, even of the own agency, nothing is told (R3, R17)."""

from datetime import datetime

from django.db.models import QuerySet

from agencies.directory.models import Appointment
from agreements.sharing import kinds
from agreements.sharing.choices import CircleKind, Tlp
from agreements.sharing.models import Assignment, Circle, Record
from agreements.sharing.policy import circles_of


def compartments_of(by: Appointment, at: datetime) -> QuerySet[Circle]:
    """Those of the own agency that the officer is inside of now: assigned to the case, or posted to the unit."""
    own = Circle.objects.filter(kind=CircleKind.COMPARTMENT, owner__in=by.agencies, pk__in=circles_of(by, at))
    return own.select_related("unit").order_by("name", "pk")


def assigned_to(compartment: Circle, at: datetime) -> list[Assignment]:
    """The case team, by name: officers assigned to the compartment whose appointments are in effect."""
    rows = Assignment.objects.filter(participation__circle=compartment, ended_at=None)
    rows = rows.select_related("appointment__officer", "appointment__agency", "appointment__unit")
    return [row for row in rows.order_by("appointment__officer__full_name", "pk") if row.appointment.is_in_effect(at)]


def inside(compartment: Circle, at: datetime) -> list[Appointment]:
    """Every officer who is inside now: the case team, and those posted to its unit."""
    team = {row.appointment.pk: row.appointment for row in assigned_to(compartment, at)}
    posted = Appointment.objects.in_effect(at).filter(unit=compartment.unit_id) if compartment.unit_id else ()
    if posted:
        posted = posted.select_related("officer", "agency", "unit")
    team |= {row.pk: row for row in posted if row.is_in_effect(at)}
    return sorted(team.values(), key=lambda row: (row.officer.full_name, str(row.pk)))


def who_will_see(
    record: Record, compartment: Circle | None, named: list[Appointment], at: datetime
) -> list[Appointment]:
    """Own officers who see the record once it is confined so (none: the whole agency), by role and clearance."""
    if compartment is None:
        staff = Appointment.objects.in_effect(at).standing_for([record.owner_id], at)
        found = [row for row in staff.select_related("officer", "agency", "unit") if row.is_in_effect(at)]
    else:
        found = list({row.pk: row for row in [*inside(compartment, at), *named]}.values())
    if record.tlp == Tlp.RED:
        # Whatever it is confined to, RED stays with its author and those named for it (R8).
        found = named
    view = kinds.get(record.kind).view_permission
    seeing = [row for row in found if row.clearance >= record.classification and row.may(view)]
    return sorted(seeing, key=lambda row: (row.officer.full_name, str(row.pk)))
