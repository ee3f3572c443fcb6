"""How partners reach an agency, by function; in which tongues. Contacts are never changed: one ends, another begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment
from agencies.onboarding.choices import LANGUAGE_NAMES, Function, Level, Task
from agencies.onboarding.models import Contact, Look, is_stale
from portal.audit import recording
from portal.ui.errors import Refused


@dataclass(frozen=True)
class Reached:
    """How a function is reached: by its own contact, or in its place by the 24/7 desk."""

    function: str
    words: str
    telephone: str
    mail: str
    hours: str
    languages: str
    verified_on: date | None
    is_stale: bool
    contact: Contact | None = None
    by_desk: bool = False
    is_open: bool = True

    @property
    def reaches_nobody(self) -> bool:
        return not (self.telephone or self.mail)


def desk(agency: Agency, at: datetime) -> Reached:
    """The 24/7 desk: the agency's own entry, which hits, calls of danger to life and alerts name too."""
    tongues = ", ".join(LANGUAGE_NAMES.get(code, code) for code in agency.languages)
    today = at.astimezone(agency.zone).date()
    stale = is_stale(agency.desk_verified_on, today)
    words = "Duty desk, day and night"
    return Reached(
        "desk", words, agency.desk_phone, agency.desk_email, "day and night", tongues, agency.desk_verified_on, stale
    )


def reached(agency: Agency, at: datetime) -> list[Reached]:
    """The desk, then each function with its contact; where it has none, the desk answers. One query."""
    own = {row.function: row for row in agency.contacts.current().select_related("agency")}
    first = desk(agency, at)
    return [first, *(_one(function, own.get(function.value), first, at) for function in Function)]


def reach(agency: Agency, function: str, at: datetime) -> Reached:
    """For rooms above: whom to call at the agency for one function."""
    row = agency.contacts.current().filter(function=function).select_related("agency").first()
    return _one(Function(function), row, desk(agency, at), at)


def _one(function: Function, row: Contact | None, first: Reached, at: datetime) -> Reached:
    if row is None:
        return Reached(
            function.value,
            function.label,
            first.telephone,
            first.mail,
            first.hours,
            first.languages,
            first.verified_on,
            first.is_stale,
            by_desk=True,
        )
    return Reached(
        function.value,
        function.label,
        row.telephone,
        row.mail,
        row.hours,
        row.tongues or first.languages,
        row.verified_on,
        is_stale(row.verified_on, at.astimezone(row.agency.zone).date()),
        contact=row,
        is_open=row.is_open(at),
    )


def _need(agency: Agency, by: Appointment) -> None:
    if not may_manage(agency, by):
        raise Refused("Only an admin of the agency keeps its contacts.", code="forbidden")


def _locked(agency: Agency) -> Agency:
    """One change at a time for each agency."""
    return Agency.objects.select_for_update(of=("self",)).select_related("country").get(pk=agency.pk)


@transaction.atomic
def set_contact(
    *,
    agency: Agency,
    function: str,
    by: Appointment,
    telephone: str = "",
    mail: str = "",
    days: Sequence[int] = (),
    opens: time | None = None,
    closes: time | None = None,
    languages: Sequence[str] = (),
) -> Contact:
    """Enter how a function is reached. The one before ends; what is entered counts as tried today."""
    _need(agency, by)
    agency = _locked(agency)
    if not (telephone or mail):
        raise Refused("Give a telephone or a mail. Without a contact of its own, the duty desk answers.", "telephone")
    if (opens is None) != (closes is None):
        raise Refused("Give both times, or neither: then it is all day.", field="closes")
    if opens is not None and opens == closes:
        raise Refused("It closes when it opens. Keep both empty for all day.", field="closes")
    unknown = [code for code in languages if code not in agency.languages]
    if unknown:
        raise Refused("Enter the language for the agency first.", field="languages")
    now = timezone.now()
    agency.contacts.current().filter(function=function).update(ended_at=now)
    row = Contact.objects.create(
        agency=agency,
        function=Function(function),
        telephone=telephone,
        mail=mail,
        days=[] if set(days) == set(range(7)) else sorted(set(days)),
        opens=opens,
        closes=closes,
        languages=list(languages),
        since=now,
        entered_by=by,
        verified_on=now.astimezone(agency.zone).date(),
    )
    _note("contact.set", agency, by, function=row.function)
    return row


@transaction.atomic
def end_contact(*, contact: Contact, by: Appointment) -> Contact:
    """The function has no contact of its own any more: the duty desk answers for it."""
    _need(contact.agency, by)
    _locked(contact.agency)
    if Contact.objects.current().filter(pk=contact.pk).update(ended_at=timezone.now()):
        _note("contact.end", contact.agency, by, function=contact.function)
    contact.refresh_from_db()
    return contact


@transaction.atomic
def verify(*, agency: Agency, by: Appointment, function: str = "desk") -> Agency:
    """Somebody tried it today and it answered; `function`: of a contact, or the desk."""
    _need(agency, by)
    row = _locked(agency)
    today = timezone.now().astimezone(row.zone).date()
    if function == "desk":
        if not (row.desk_phone or row.desk_email):
            raise Refused("Enter the desk's telephone or mail first.", code="conflict")
        row.desk_verified_on = today
        row.save(update_fields=["desk_verified_on"])
    elif not row.contacts.current().filter(function=function).update(verified_on=today):
        raise Refused("This function has no contact of its own.", code="conflict")
    _note("contact.verify", row, by, function=function)
    return row


@transaction.atomic
def set_languages(*, agency: Agency, levels: Mapping[str, str], by: Appointment) -> Agency:
    """Which tongues are spoken on duty, and how well. Contacts lose those that are taken away."""
    _need(agency, by)
    row = _locked(agency)
    if not levels:
        raise Refused("Name at least one language in which partners are answered.", field="levels")
    for code, level in levels.items():
        if code not in LANGUAGE_NAMES and code not in row.languages:
            raise Refused(f"“{code}” is no language of the list.", field="levels")
        if level not in Level.values:
            raise Refused("Choose a level of the list.", field="levels")
    row.languages, row.language_levels = list(levels), dict(levels)
    row.save(update_fields=["languages", "language_levels"])
    for contact in row.contacts.current():
        kept = [code for code in contact.languages if code in levels]
        if kept != contact.languages:
            Contact.objects.filter(pk=contact.pk).update(languages=kept)
    _note("agency.languages", row, by, levels=dict(levels))
    return row


@transaction.atomic
def look(*, agency: Agency, task: str, by: Appointment) -> None:
    """The admin has opened a task of the list."""
    _need(agency, by)
    Look.objects.get_or_create(agency=agency, task=Task(task))


@transaction.atomic
def settle(*, agency: Agency, task: str, by: Appointment, settled: bool = True) -> Look:
    """Say that there is no more to enter for a task; or that there is after all."""
    _need(agency, by)
    if task not in (Task.CONTACTS, Task.UNITS):
        raise Refused("This one is done by what is entered.", code="conflict")
    row, _ = Look.objects.update_or_create(agency=agency, task=Task(task), defaults={"settled": settled})
    _note("agency.task", agency, by, task=task, settled=settled)
    return row


def _note(verb: str, agency: Agency, by: Appointment, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind="agency", subject_id=str(agency.pk), data=data)
