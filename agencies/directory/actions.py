"""What happens in the directory. Appointments are never changed: a change is the end of one and a new one."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import AccessToken, Agency, Appointment, Classification, Officer, Unit
from agencies.directory.roles import ROLES, Permission, Role
from portal.audit import recording
from portal.ui.errors import Refused


@transaction.atomic
def change_account(*, officer: Officer, time_zone: str, by: Appointment | None, notation: str | None = None) -> Officer:
    """Officers change their own settings; under no appointment too. Without `notation`, positions stay as they are."""
    officer.time_zone = time_zone
    officer.notation = officer.notation if notation is None else notation
    officer.save(update_fields=["time_zone", "notation"])
    recording.record(verb="officer.settings", by=by, subject_kind="officer", subject_id=str(officer.pk))
    return officer


@transaction.atomic
def revoke_token(*, token: AccessToken, by: Appointment) -> None:
    """Sign out of the API: the key opens nothing any more."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    recording.record(verb="token.revoke", by=by, subject_kind="appointment", subject_id=str(by.pk))


def may_manage(agency: Agency, by: Appointment) -> bool:
    """Agency admins keep the own agency, system admins any. Neither sees more of any record by it (R5)."""
    if not by.may(Permission.AGENCY_MANAGE):
        return False
    return agency.pk in by.agencies or by.may(Permission.AGENCY_MANAGE_ANY)


def roles_given_by(by: Appointment) -> list[Role]:
    """Which roles an admin gives. A system admin only those of admins, so that no road leads from there to content."""
    if by.may(Permission.AGENCY_MANAGE_ANY):
        return [Role.AGENCY_ADMIN, Role.SYSTEM_ADMIN]
    return [role for role in ROLES if role != Role.SYSTEM_ADMIN] if by.may(Permission.AGENCY_MANAGE) else []


def _need(agency: Agency, by: Appointment) -> None:
    if not may_manage(agency, by):
        raise Refused("Only an admin of the agency keeps its entry and its officers.", code="forbidden")


@transaction.atomic
def create_officer(
    *, agency: Agency, username: str, full_name: str, email: str, by: Appointment, **appointment: Any
) -> Appointment:
    """Make an account together with its first appointment. It has no password until its officer sets one.

    `appointment` is what `give_appointment` takes. Raises Refused at the field.
    """
    _need(agency, by)
    taken = Refused("This user name is taken. Choose another.", field="username")
    if Officer.objects.filter(username__iexact=username).exists():
        raise taken
    try:
        with transaction.atomic():
            officer = Officer.objects.create_user(username, email=email, password=None, full_name=full_name)
    except IntegrityError:
        raise taken from None
    recording.record(
        verb="officer.create", by=by, subject_kind="officer", subject_id=str(officer.pk), data={"agency": agency.pk}
    )
    return give_appointment(officer=officer, agency=agency, by=by, **appointment)


@transaction.atomic
def give_appointment(
    *,
    officer: Officer,
    agency: Agency,
    role: str,
    clearance: int,
    starts_on: date,
    by: Appointment,
    ends_on: date | None = None,
    title: str = "",
    unit: Unit | None = None,
) -> Appointment:
    """Give an officer a dated post with one role and one clearance, from today or later on.

    Nobody gives one to oneself. Refused at the field when the role is not theirs to give, when the unit is none of
    the agency's, and when the officer holds the same role there on one of these days.
    """
    _need(agency, by)
    # One at a time for each officer, so that what is checked still holds when it is written.
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    _check_giver(officer, agency, role, by)
    _check_days(agency, starts_on, ends_on)
    if unit is not None and not agency.units.open().select_for_update().filter(pk=unit.pk).exists():
        raise Refused("There is no such unit at this agency.", field="unit")
    _check_overlap(officer, agency, role, starts_on, ends_on)
    row = Appointment.objects.create(
        officer=officer,
        agency=agency,
        role=Role(role),
        clearance=Classification(clearance),
        title=title,
        unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    data = {"officer": officer.pk, "agency": agency.pk, "role": row.role, "clearance": int(row.clearance)}
    data |= {"unit": unit.pk} if unit else {}
    recording.record(verb="appointment.give", by=by, subject_kind="appointment", subject_id=str(row.pk), data=data)
    return row


def _check_giver(officer: Officer, agency: Agency, role: str, by: Appointment) -> None:
    if officer.pk == by.officer_id:
        raise Refused("Nobody gives an appointment to oneself. Another admin does.", field="officer", code="forbidden")
    if role not in roles_given_by(by):
        raise Refused(
            "A system admin gives no role that reads content: the agency's admin does."
            if by.may(Permission.AGENCY_MANAGE_ANY)
            else "Only a system admin makes system admins.",
            field="role",
            code="forbidden",
        )
    if not agency.is_active or agency.is_closed:
        raise Refused("This agency is no longer active.", field="agency")
    if not officer.is_active:
        raise Refused("This account is closed.", field="officer")


def _check_days(agency: Agency, starts_on: date, ends_on: date | None) -> None:
    today = timezone.now().astimezone(agency.zone).date()
    if starts_on < today:
        raise Refused("An appointment begins today or later: the past stays as it was.", field="starts_on")
    if ends_on and ends_on < starts_on:
        raise Refused("The last day is before the first.", field="ends_on")


def _check_overlap(officer: Officer, agency: Agency, role: str, starts_on: date, ends_on: date | None) -> None:
    held = officer.appointments.filter(agency=agency, role=role, ended_at=None)
    for row in held:
        if (row.ends_on is None or starts_on <= row.ends_on) and (ends_on is None or row.starts_on <= ends_on):
            raise Refused("The officer holds this role here on these days. End that appointment first.", field="role")


@transaction.atomic
def end_appointment(*, appointment: Appointment, by: Appointment) -> Appointment:
    """End an appointment at once: its access ends on the next request (R13). It stays on record."""
    _need(appointment.agency, by)
    row = Appointment.objects.select_for_update(of=("self",)).select_related("agency", "officer").get(pk=appointment.pk)
    if row.officer_id == by.officer_id:
        raise Refused("Nobody ends an appointment of one's own. Another admin does.", code="forbidden")
    now = timezone.now()
    if row.ended_at is not None and row.ended_at <= now:
        return row
    if row.ends_on is not None and row.ends_on < now.astimezone(row.agency.zone).date():
        raise Refused("It is over already: the past stays as it was.", code="conflict")
    end_with_all(row, now, by)
    recording.record(verb="appointment.end", by=by, subject_kind="appointment", subject_id=str(row.pk))
    return row


def end_with_all(row: Appointment, now: datetime, by: Appointment) -> None:
    """End an appointment and what does not outlive it: one that goes on at a successor (R30), those who act for it,
    and what its officer holds only because of it. Inside another action, which says who may."""
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    hanging = Q(continues=row) | Q(acts_for__in=row.chain) | Q(rests_on__in=row.chain)
    for other in Appointment.objects.select_related("agency", "officer").filter(hanging, ended_at=None):
        end_with_all(other, now, by)
    for told in _TOLD_OF_ENDS:
        told(row, now, by)


# Rooms above, told in the same transaction of each appointment that was ended at once.
_TOLD_OF_ENDS: list[Callable[[Appointment, datetime, Appointment], None]] = []


def on_end(told: Callable[[Appointment, datetime, Appointment], None]) -> None:
    if told not in _TOLD_OF_ENDS:
        _TOLD_OF_ENDS.append(told)


@transaction.atomic
def open_unit(*, agency: Agency, name: str, by: Appointment) -> Unit:
    """Open a unit of the agency. Officers are posted to it by their appointments."""
    _need(agency, by)
    # One at a time for each agency, so that the name is still free when it is written.
    Agency.objects.select_for_update().get(pk=agency.pk)
    name = " ".join(name.split())
    if not name:
        raise Refused("Give it a name.", field="name")
    if agency.units.open().filter(name__iexact=name).exists():
        raise Refused("The agency has a unit of this name.", field="name")
    row = Unit.objects.create(agency=agency, name=name)
    recording.record(verb="unit.open", by=by, subject_kind="unit", subject_id=str(row.pk), data={"name": name})
    return row


@transaction.atomic
def close_unit(*, unit: Unit, by: Appointment) -> Unit:
    """Close a unit to which nobody is posted. What was meant for it reaches nobody from then on."""
    _need(unit.agency, by)
    row = Unit.objects.select_for_update(of=("self",)).select_related("agency").get(pk=unit.pk)
    now = timezone.now()
    today = now.astimezone(row.agency.zone).date()
    posted = [post for post in row.appointments.filter(ended_at=None) if post.ends_on is None or post.ends_on >= today]
    if posted:
        raise Refused("Officers are posted to it. End their appointments first, or give them others.", code="conflict")
    if row.closed_at is None:
        row.closed_at = now
        row.save(update_fields=["closed_at"])
        recording.record(verb="unit.close", by=by, subject_kind="unit", subject_id=str(row.pk))
    return row


@transaction.atomic
def change_contacts(
    *, agency: Agency, desk_phone: str, desk_email: str, by: Appointment, version: int | None = None
) -> Agency:
    """Change how the duty desk is reached, day and night. `version` is the one the change was made from."""
    _need(agency, by)
    row = Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    if not (desk_phone or desk_email):
        raise Refused("Partners must be able to reach the desk: give a telephone or a mail.", field="desk_phone")
    if (row.desk_phone, row.desk_email) != (desk_phone, desk_email):
        row.desk_verified_on = None
    row.desk_phone, row.desk_email = desk_phone, desk_email
    row.save(update_fields=["desk_phone", "desk_email", "desk_verified_on"])
    data = {"desk_phone": desk_phone, "desk_email": desk_email}
    recording.record(verb="agency.contacts", by=by, subject_kind="agency", subject_id=str(row.pk), data=data)
    return row


@transaction.atomic
def set_second_officer(*, agency: Agency, above: int | None, by: Appointment, version: int | None = None) -> Agency:
    """From which classification on each release needs a second officer (R20): what lies above `above`; None: none."""
    _need(agency, by)
    row = Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    if row.second_officer_above != above:
        row.second_officer_above = None if above is None else Classification(above)
        row.save(update_fields=["second_officer_above"])
        data = {"above": above}
        recording.record(verb="agency.rule", by=by, subject_kind="agency", subject_id=str(row.pk), data=data)
    return row


@transaction.atomic
def invite_to_sign_in(*, officer: Officer, agency: Agency, by: Appointment) -> Officer:
    """Note that an admin takes a link for the officer's first password (see `invitations`).

    Only until the first sign-in: afterwards whoever held a link would hold the officer's account.
    """
    _need(agency, by)
    if officer.last_login is not None or officer.has_usable_password():
        raise Refused("The officer has a password. A forgotten one is set anew by mail, from the sign-in page.")
    if officer.appointments.exclude(agency=agency).exists():
        raise Refused("The officer serves at another agency too.", code="forbidden")
    # A fresh link is given by somebody who knows the officer: an account that fell dormant before it was used wakes.
    officer.woken_at = timezone.now()
    officer.save(update_fields=["woken_at"])
    recording.record(verb="officer.invite", by=by, subject_kind="officer", subject_id=str(officer.pk))
    return officer
