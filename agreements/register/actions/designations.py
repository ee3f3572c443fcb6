"""Competent authorities: named by their party, withdrawn by it alone."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country
from agreements.register.actions.rights import changeable, is_party, need, note, own_clauses
from agreements.register.actions.second import stamp_widening
from agreements.register.models import Agreement, Clause, Designation
from portal.keys import sent_before, usable
from portal.ui.errors import Refused


@transaction.atomic
def designate(
    *,
    agreement: Agreement,
    agency: Agency,
    starts_on: date,
    by: Appointment,
    clauses: Iterable[Clause] = (),
    country: Country | None = None,
    ends_on: date | None = None,
    key: uuid.UUID | None = None,
    recorded_at: datetime | None = None,
    source: str = "",
) -> Designation:
    """Name an agency as competent authority of its party, from a day on.

    It widens: naming another party's agency works once that party confirms it (R22).
    """
    agreement = changeable(agreement, by)
    before = sent_before(Designation, key, agreement=agreement, recorded_by=by)
    if before is not None:
        return before
    party = country or agency.country
    articles = own_clauses(agreement, clauses)
    _check(agreement, agency, party, starts_on, ends_on)
    _check_new(agreement, agency, articles, starts_on)
    row = Designation.objects.create(
        id=usable(Designation, key),
        agreement=agreement,
        country=party,
        agency=agency,
        starts_on=starts_on,
        ends_on=ends_on,
        source=source,
        **stamp_widening(agreement, by, recorded_at),
    )
    row.clauses.set(articles)
    note("agreement.designate", agreement, by, str(row.pk), recorded_at=recorded_at, agency=agency.pk)
    return row


def _check(agreement: Agreement, agency: Agency, party: Country, starts_on: date, ends_on: date | None) -> None:
    if agency.country_id != party.pk:
        raise Refused(f"{agency} is no agency of {party.name}.", field="agency")
    if not is_party(agreement, party):
        raise Refused(f"{party.name} is no party of this agreement.", field="agency")
    if not agency.acts_now:
        raise Refused(f"{agency} is no longer active.", field="agency")
    if ends_on and ends_on < starts_on:
        raise Refused("The last day is before the first.", field="ends_on")


def _check_new(agreement: Agreement, agency: Agency, articles: list[Clause], starts_on: date) -> None:
    """Refuse what would say the same again."""
    standing = agreement.designations.filter(agency=agency, withdrawn_at=None, starts_on__lte=starts_on)
    standing = standing.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    wanted = {article.pk for article in articles}
    for row in standing.prefetch_related("clauses"):
        covered = {article.pk for article in row.clauses.all()}
        if not covered or (wanted and wanted <= covered):
            raise Refused(f"{agency} is designated for this already.", field="agency")


@transaction.atomic
def withdraw_designation(*, designation: Designation, by: Appointment) -> Designation:
    """Narrows, so it acts at once, and only the designating party does it (R22). In a draft it is just removed."""
    need(by)
    row = Designation.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=designation.pk)
    agreement = row.agreement
    if agreement.is_draft:
        changeable(agreement, by)
        note("agreement.withdraw_designation", agreement, by, f"{row.pk}:removed", agency=row.agency_id)
        row.delete()
        return designation
    if row.country_id != by.agency.country_id:
        raise Refused("Only the party that designated an agency withdraws it.", code="forbidden")
    if row.withdrawn_at is None:
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        note("agreement.withdraw_designation", agreement, by, f"{row.pk}:withdrawn", agency=row.agency_id)
    return row
