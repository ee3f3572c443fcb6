"""Act for a colleague on dated days: a second appointment, chosen like any other (R1), with the colleague's function.

It never opens more than either of the two could see: the clearance is the lower one. Named grants and what is RED
stay with the person (R8, R9), a case team's compartment with its members (R3); assignments in circles go along, told
by the room that keeps them.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.directory import actions as directory
from agencies.directory.models import Appointment, Officer
from agencies.directory.querysets import AppointmentQuerySet
from agencies.directory.roles import Permission
from portal.audit import recording
from portal.ui.errors import Refused

# Rooms above, told in the same transaction of each naming: what of the represented appointment goes along.
Carrier = Callable[[Appointment, Appointment], None]
_CARRIERS: list[Carrier] = []


def carry(carrier: Carrier) -> None:
    if carrier not in _CARRIERS:
        _CARRIERS.append(carrier)


def may_name(represented: Appointment, by: Appointment) -> bool:
    """The officer, for the own appointment under which they act; or an admin who could give its role."""
    if by.acts_for_id is not None:
        return False
    return represented.pk == by.pk or (
        directory.may_manage(represented.agency, by) and represented.role in directory.roles_given_by(by)
    )


@transaction.atomic
def name(
    *, represented: Appointment, deputy: Appointment, starts_on: date, ends_on: date, by: Appointment
) -> Appointment:
    """Let the officer of `deputy`, an own post at the same agency, act for that of `represented` on these days.

    Raises Refused at the field: for another agency, oneself, a post that ends sooner or itself acts for another.
    """
    if not may_name(represented, by):
        raise Refused("An officer names who acts for oneself; for others the agency's admin does.", code="forbidden")
    # One naming at a time for each of the two, in one order.
    list(Officer.objects.select_for_update().filter(pk__in=[represented.officer_id, deputy.officer_id]).order_by("pk"))
    _check_pair(represented, deputy, by)
    _check_days(represented, deputy, starts_on, ends_on)
    row = Appointment.objects.create(
        officer=deputy.officer,
        agency=represented.agency,
        # A unit only where the deputy is posted anyway: who is in one, an admin says by an appointment.
        unit=represented.unit if represented.unit_id == deputy.unit_id else None,
        role=represented.role,
        title=represented.title,
        clearance=min(represented.clearance, deputy.clearance),
        starts_on=starts_on,
        ends_on=ends_on,
        acts_for=represented,
        rests_on=deputy,
    )
    data = {"officer": deputy.officer_id, "for": represented.pk, "from": starts_on, "to": ends_on}
    recording.record(verb="deputy.name", by=by, subject_kind="appointment", subject_id=str(row.pk), data=data)
    for carrier in _CARRIERS:
        carrier(row, by)
    return row


def _check_pair(represented: Appointment, deputy: Appointment, by: Appointment) -> None:
    if deputy.officer_id == represented.officer_id:
        raise Refused("Nobody acts for oneself.", field="deputy")
    if deputy.officer_id == by.officer_id:
        raise Refused("Nobody gives an appointment to oneself. Another admin does.", field="deputy", code="forbidden")
    if deputy.agency_id != represented.agency_id:
        raise Refused("Choose an officer of the same agency.", field="deputy")
    if represented.acts_for_id or deputy.acts_for_id:
        raise Refused("Who acts for another passes that on to nobody.", field="deputy")
    if deputy.rests_on_id:
        raise Refused("Choose an officer whose own agency this is: a seconded one acts for nobody.", field="deputy")


def _check_days(represented: Appointment, deputy: Appointment, starts_on: date, ends_on: date) -> None:
    if starts_on < timezone.now().astimezone(represented.agency.zone).date():
        raise Refused("It begins today or later: the past stays as it was.", field="starts_on")
    if ends_on < starts_on:
        raise Refused("The last day is before the first.", field="ends_on")
    for row, field in ((represented, "represented"), (deputy, "deputy")):
        if row.ended_at is not None or not row.officer.is_active:
            raise Refused("This appointment has ended.", field=field)
        if row.starts_on > starts_on or (row.ends_on is not None and row.ends_on < ends_on):
            raise Refused("The appointment does not cover these days.", field=field)
    same = Appointment.objects.filter(acts_for__in=represented.chain, ended_at=None)
    if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Refused("Somebody acts for this officer on some of these days. Withdraw that first.", field="starts_on")


def may_withdraw(row: Appointment, by: Appointment) -> bool:
    """Either of the two officers, or an admin of the agency."""
    if row.acts_for is None:
        return False
    return by.officer_id in (row.officer_id, row.acts_for.officer_id) or directory.may_manage(row.agency, by)


@transaction.atomic
def withdraw(*, deputy: Appointment, by: Appointment) -> Appointment:
    """End it at once: on the next request (R13)."""
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("agency", "officer", "acts_for")
    row = rows.get(pk=deputy.pk)
    if not may_withdraw(row, by):
        raise Refused("Only the two officers and an admin of the agency withdraw it.", code="forbidden")
    now = timezone.now()
    over = row.ends_on is not None and row.ends_on < now.astimezone(row.agency.zone).date()
    if row.ended_at is not None or over:
        raise Refused("It is over already: the past stays as it was.", code="conflict")
    directory.end_with_all(row, now, by)
    recording.record(verb="deputy.withdraw", by=by, subject_kind="appointment", subject_id=str(row.pk))
    return row


def deputies_seen_by(by: Appointment) -> AppointmentQuerySet:
    """Internal to the agency: an admin reads all of it, others those in which they are one of the two (R18)."""
    rows = Appointment.objects.filter(acts_for__isnull=False)
    rows = rows.select_related("officer", "agency__country", "acts_for__officer", "acts_for__agency")
    if by.may(Permission.AGENCY_MANAGE) and not by.may(Permission.AGENCY_MANAGE_ANY):
        return rows.filter(agency__in=by.agencies)
    return rows.filter(Q(officer=by.officer_id) | Q(acts_for__officer=by.officer_id), agency__in=by.agencies)
