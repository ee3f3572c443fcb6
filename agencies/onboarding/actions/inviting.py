"""Inviting an agency, as the inviting side and its second officer see it. Nothing is opened by it (R22)."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from agencies.directory.models import Agency, Appointment, Classification, Country, Officer
from agencies.directory.roles import Permission, Role
from agencies.onboarding import links, reach
from agencies.onboarding.choices import State
from agencies.onboarding.models import Invitation
from portal.audit import recording
from portal.keys import new_key
from portal.outbox import messages
from portal.ui.errors import Refused

INVITED, WELCOME = "onboarding.invited", "onboarding.welcome"
COLOURS = 12
GONE = "The invitation is no longer open: it was {state}."


@transaction.atomic
def invite(
    *,
    name: str,
    kind: str,
    country: Country,
    mail: str,
    why: str,
    by: Appointment,
    native_name: str = "",
    acronym: str = "",
) -> Invitation:
    """Ask an agency of the own state, or of one with which the own has an agreement, to take part.

    Its link goes out by mail, works once and for some days. Raises Refused at the field.
    """
    allowed = reach.countries(by)
    if allowed is not None and not allowed:
        raise Refused("Treaty admins and system admins invite agencies.", code="forbidden")
    if allowed is not None and country.pk not in allowed:
        raise Refused("Your country has no agreement with that one here.", field="country", code="forbidden")
    name, why = " ".join(name.split()), why.strip()
    _check_facts(name, country)
    if not why:
        raise Refused("Say what for: the invited person reads it.", field="why")
    _check_mail(mail, "mail", by)
    now = timezone.now()
    row = Invitation(
        id=new_key(),
        name=name,
        native_name=native_name.strip(),
        acronym=acronym.strip(),
        kind=Agency.Kind(kind),
        country=country,
        mail=mail,
        why=why,
        invited_by=by,
        invited_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    row.digest = links.digest_of(links.key_of(row))
    row.save(force_insert=True)
    _note("invitation.send", row, by, country=country.pk, kind=row.kind)
    _send(row)
    return row


def _send(row: Invitation) -> None:
    messages.emit(kind=INVITED, key=f"invited:{row.pk}:{row.sendings}", payload={"invitation": str(row.pk)})


def _check_facts(name: str, country: Country) -> None:
    if not name:
        raise Refused("Give its name.", field="name")
    if Agency.objects.filter(country=country, name__iexact=name).exists():
        raise Refused("There is an agency of this name here.", field="name", code="conflict")


def _check_mail(mail: str, field: str, *people: Appointment) -> None:
    """Nobody of the side that invites or lets in may stand for the invited one: two sides, two people."""
    agencies = {person.agency_id for person in people}
    own = Officer.objects.filter(email__iexact=mail, appointments__agency__in=agencies)
    if own.exists():
        raise Refused("This is the mail of an officer of the inviting side. It must be another person's.", field=field)


@transaction.atomic
def resend(*, invitation: Invitation, by: Appointment) -> Invitation:
    """Send another link, good for as long again. The earlier one works no more."""
    row = _open(invitation, by, {State.SENT, State.OPENED, State.EXPIRED})
    row.sendings += 1
    row.digest = links.digest_of(links.key_of(row))
    row.expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    row.mailed_at = row.opened_at = None
    row.save(update_fields=["sendings", "digest", "expires_at", "mailed_at", "opened_at"])
    _note("invitation.resend", row, by, sendings=row.sendings)
    _send(row)
    return row


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Appointment) -> Invitation:
    """Take it back: its link works no more. Also after it was accepted, until the agency is let in."""
    row = _open(invitation, by, {State.SENT, State.OPENED, State.EXPIRED, State.ACCEPTED})
    row.withdrawn_at, row.decided_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "decided_by"])
    _note("invitation.withdraw", row, by)
    return row


def _open(invitation: Invitation, by: Appointment, states: set[State]) -> Invitation:
    row = _locked(invitation)
    if not may_send(row, by):
        raise Refused("Only the inviting state and system admins send or withdraw it.", code="forbidden")
    return _in(row, states)


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(
        "country", "invited_by__agency", "invited_by__officer"
    )
    return rows.get(pk=invitation.pk)


def _in(row: Invitation, states: set[State]) -> Invitation:
    if row.state not in states:
        raise Refused(GONE.format(state=row.state.label.lower()), code="conflict")
    return row


def may_send(row: Invitation, by: Appointment) -> bool:
    """Whether the officer is of the inviting side."""
    own = by.agency.country_id == row.invited_by.agency.country_id
    return by.may(Permission.AGENCY_INVITE) and (own or by.may(Permission.AGENCY_MANAGE_ANY))


def may_release(row: Invitation, by: Appointment) -> bool:
    """Whether the officer lets the agency in: another person than who invited it, and who answers for that state.

    A treaty admin of the invited agency's state, for it says which are its authorities; where that state has none
    here, a second treaty admin of the inviting one; or a system admin.
    """
    if by.officer_id == row.invited_by.officer_id or not by.may(Permission.AGENCY_INVITE):
        return False
    if by.may(Permission.AGENCY_MANAGE_ANY) or reach.speaks_for(row.country_id, by):
        return True
    return reach.speaks_for(row.invited_by.agency.country_id, by) and not reach.has_treaty_admin(row.country_id)


def _need_second(row: Invitation, by: Appointment) -> None:
    if not may_release(row, by):
        raise Refused(
            "A second person lets it in: a treaty admin of its state, or a system admin; where its state has no "
            "treaty admin here, another one of the inviting state.",
            code="forbidden",
        )


@transaction.atomic
def release(*, invitation: Invitation, by: Appointment) -> Invitation:
    """Let an agency in that has accepted: its entry and the account of its admin are made. It opens no record.

    The link for the admin's first password goes to the admin's own mail, and is shown to nobody.
    """
    row = _locked(invitation)
    _need_second(row, by)
    _in(row, {State.ACCEPTED})
    _check_facts(row.name, row.country)
    _check_mail(row.admin_mail, "admin_mail", row.invited_by, by)
    agency = Agency.objects.create(
        name=row.name,
        native_name=row.native_name,
        acronym=row.acronym,
        kind=row.kind,
        country=row.country,
        time_zone=row.time_zone,
        colour=Agency.objects.count() % COLOURS,
        source="As its own admin confirmed on accepting the invitation.",
    )
    admin = _admin(row, agency)
    row.agency, row.released_at, row.decided_by = agency, timezone.now(), by
    row.save(update_fields=["agency", "released_at", "decided_by"])
    _note("invitation.release", row, by, agency=agency.pk)
    said: dict[str, Any] = {"officer": admin.officer_id, "agency": agency.pk, "role": admin.role}
    recording.record(verb="appointment.give", by=by, subject_kind="appointment", subject_id=str(admin.pk), data=said)
    messages.emit(kind=WELCOME, key=f"welcome:{admin.pk}", payload={"appointment": str(admin.pk)})
    return row


def _admin(row: Invitation, agency: Agency) -> Appointment:
    """The first account of the agency, which can do nothing but keep it."""
    wanted = f"{row.country_id.lower()}.{slugify(row.admin_name).replace('-', '') or 'admin'}"[:60]
    taken = set(Officer.objects.filter(username__startswith=wanted).values_list("username", flat=True))
    name = next(found for found in (wanted, *(f"{wanted}{n}" for n in range(2, 10_000))) if found not in taken)
    try:
        with transaction.atomic():
            officer = Officer.objects.create_user(
                name, email=row.admin_mail, password=None, full_name=row.admin_name, time_zone=""
            )
    except IntegrityError:
        raise Refused("Another account was just made. Try again.", code="conflict") from None
    return Appointment.objects.create(
        officer=officer,
        agency=agency,
        role=Role.AGENCY_ADMIN,
        clearance=Classification.UNCLASSIFIED,
        starts_on=timezone.now().astimezone(agency.zone).date(),
    )


@transaction.atomic
def refuse(*, invitation: Invitation, words: str, by: Appointment) -> Invitation:
    """Do not let in an agency that has accepted, and say why to the inviting side."""
    row = _locked(invitation)
    _need_second(row, by)
    _in(row, {State.ACCEPTED})
    if not words.strip():
        raise Refused("Say why: the inviting side reads it.", field="words")
    row.refused_at, row.decided_by, row.words = timezone.now(), by, words.strip()
    row.save(update_fields=["refused_at", "decided_by", "words"])
    _note("invitation.refuse", row, by)
    return row


def _note(verb: str, row: Invitation, by: Appointment, **data: object) -> None:
    recording.record(verb=verb, by=by, subject_kind="invitation", subject_id=str(row.pk), data=data)
