"""The tasks of this room are filled in, each saved by itself. The facts are the register's own, and its actions make them."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from agencies.directory.models import Agency, Appointment, Country
from agreements.drafting.actions.days import Days, write_acts, write_condition
from agreements.drafting.looking.articles import terms_of, text_of
from agreements.drafting.rights import STALE, called_done, filling
from agreements.drafting.statuses import version_of
from agreements.register import actions as register
from agreements.register.models import Agreement, Clause, Designation
from agreements.register.tasks import all_tasks
from portal.ui.errors import Refused


def _differing(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """What would change: saving a page as it stands is no change, and voids nothing."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


@transaction.atomic
def save_name(*, agreement: Agreement, by: Appointment, version: int | None = None, **values: Any) -> Agreement:
    """Name, kind and what it stands under."""
    with filling(agreement, by, "name", version=version) as row:
        changes = _differing(row, values)
        return register.edit_draft(agreement=row, by=by, **changes) if changes else row


@transaction.atomic
def save_area(*, agreement: Agreement, by: Appointment, territory: str, version: int | None = None) -> Agreement:
    """Where it applies, as it says itself."""
    with filling(agreement, by, "area", version=version) as row:
        changes = _differing(row, {"territory": territory})
        return register.edit_draft(agreement=row, by=by, **changes) if changes else row


@transaction.atomic
def add_party(*, agreement: Agreement, by: Appointment, country: Country) -> Agreement:
    """One more party. Two officers who add one each at the same time add both."""
    with filling(agreement, by, "parties") as row:
        parties = [party.country for party in row.parties.select_related("country")]
        if country in parties:
            raise Refused(f"{country.name} is a party already.", field="country")
        return register.edit_draft(agreement=row, by=by, parties=[*parties, country])


@transaction.atomic
def remove_party(*, agreement: Agreement, by: Appointment, country: Country) -> Agreement:
    """Take a party out again, unless something is said of it."""
    with filling(agreement, by, "parties") as row:
        parties = [party.country for party in row.parties.select_related("country")]
        return register.edit_draft(agreement=row, by=by, parties=[each for each in parties if each != country])


@transaction.atomic
def name_agency(
    *,
    agreement: Agreement,
    by: Appointment,
    agency: Agency,
    starts_on: date,
    ends_on: date | None = None,
    clauses: Iterable[Clause] = (),
    key: uuid.UUID | None = None,
) -> Designation:
    """Name a competent authority of one of the parties."""
    with filling(agreement, by, "parties") as row:
        return register.designate(
            agreement=row, agency=agency, starts_on=starts_on, ends_on=ends_on, clauses=clauses, by=by, key=key
        )


@transaction.atomic
def unname_agency(*, designation: Designation, by: Appointment) -> None:
    with filling(designation.agreement, by, "parties"):
        register.withdraw_designation(designation=designation, by=by)


@transaction.atomic
def save_dates(*, agreement: Agreement, by: Appointment, days: Days, version: int | None = None) -> Agreement:
    """The days of the agreement and of each party. Acts that the page does not ask for stay as they are."""
    with filling(agreement, by, "dates", version=version) as row:
        changes = _differing(row, days.head)
        if changes:
            row = register.edit_draft(agreement=row, by=by, **changes)
        write_condition(row, by, days.condition)
        write_acts(row, by, days)
        return row


@transaction.atomic
def add_article(*, agreement: Agreement, by: Appointment, **values: Any) -> Clause:
    with filling(agreement, by, "articles") as row:
        return register.add_clause(agreement=row, by=by, **values)


@transaction.atomic
def change_article(*, clause: Clause, by: Appointment, version: int | None = None, **values: Any) -> Clause:
    """What an article says; what may flow under it stays."""
    return _rewrite(clause, by, "articles", version, values)


@transaction.atomic
def set_terms(*, clause: Clause, by: Appointment, version: int | None = None, **values: Any) -> Clause:
    """What may flow under an article, between whom, for what, how high, how long, and onward."""
    return _rewrite(clause, by, "sharing", version, values)


def clause_version(clause: Clause, task: str) -> int:
    """Of one article as the form of that task shows it."""
    return version_of(task, text_of(clause) if task == "articles" else terms_of(clause))


def _rewrite(clause: Clause, by: Appointment, task: str, version: int | None, values: dict[str, Any]) -> Clause:
    with filling(clause.agreement, by, task):
        row = Clause.objects.filter(pk=clause.pk).first()
        if row is None:
            raise Refused("A colleague took this article out while you wrote.", code=STALE)
        if version is not None and version != clause_version(row, task):
            raise Refused(
                "A colleague changed this article while you wrote. What you wrote is kept below, beside what stands there now.",
                code=STALE,
            )
        return register.edit_clause(clause=row, by=by, **values) if _rewrites(row, values) else row


def _rewrites(row: Clause, values: dict[str, Any]) -> bool:
    links = {name: values[name] for name in ("senders", "receivers") if name in values}
    moved = any(set(getattr(row, name).all()) != set(countries) for name, countries in links.items())
    return moved or bool(_differing(row, {name: value for name, value in values.items() if name not in links}))


@transaction.atomic
def remove_article(*, clause: Clause, by: Appointment) -> None:
    with filling(clause.agreement, by, "articles"):
        register.withdraw_clause(clause=clause, by=by)


@transaction.atomic
def mark(*, agreement: Agreement, by: Appointment, task: str, done: bool) -> None:
    """Call a task done as it stands, or not done any more. Raises Refused with what is missing."""
    if task not in {each.name for each in all_tasks()}:
        raise Refused("There is no such task.", code="not_found")
    with filling(agreement, by, task) as row:
        called_done(row, task, by, done=done)
