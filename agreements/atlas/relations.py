"""What the own state or agency has in common with a country, or with an agency."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from agencies.directory.acquaintance import known_to
from agencies.directory.models import Agency, Appointment, Country
from agreements.register.models import Agreement, Designation
from agreements.register.presenting import Shown, shown


@dataclass(frozen=True)
class Contact:
    """An agency of theirs; its desk and its functions where the reader may know them (R18)."""

    agency: Agency
    known: bool
    functions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Named:
    """An agency that a party designated, under an agreement that the reader may know."""

    agency: Agency
    agreement: Agreement
    articles: list[str]


@dataclass(frozen=True)
class Relations:
    agreements: list[Shown]
    named: list[Named]
    contacts: list[Contact]


def with_country(by: Appointment, country: Country, now: datetime) -> Relations:
    """Agreements of both, whom they designated under these, and their agencies."""
    agreements = _of_both(by, Q(parties__country=country))
    agencies = Agency.objects.active().filter(country=country).select_related("country")
    return Relations(
        shown(agreements, now),
        _named(agreements, Q(country=country), now),
        contacts_of(by, list(agencies), now),
    )


def with_agency(by: Appointment, agency: Agency, now: datetime) -> Relations:
    """Agreements for which it is designated and that the reader may know."""
    agreements = _of_both(by, Q(designations__agency=agency, designations__withdrawn_at=None))
    return Relations(shown(agreements, now), _named(agreements, Q(agency=agency), now), [])


def _of_both(by: Appointment, theirs: Q) -> list[Agreement]:
    rows = Agreement.objects.visible_to(by).filter(registered_at__isnull=False)
    found = rows.filter(pk__in=Agreement.objects.filter(theirs).values("pk"))
    return list(found.prefetch_related("parties__country"))


def _named(agreements: Collection[Agreement], theirs: Q, now: datetime) -> list[Named]:
    """Designations of theirs that stand today."""
    rows = Designation.objects.filter(theirs, agreement__in=agreements, withdrawn_at=None)
    rows = rows.select_related("agency__country", "agreement").prefetch_related("clauses")
    found: dict[tuple[uuid.UUID, uuid.UUID], Named] = {}
    for row in rows.order_by("agency__name", "agreement__short_name", "pk"):
        day = now.astimezone(row.agreement.zone).date()
        if row.starts_on <= day and (row.ends_on is None or day <= row.ends_on):
            line = found.setdefault((row.agency_id, row.agreement_id), Named(row.agency, row.agreement, []))
            line.articles.extend(clause.article for clause in row.clauses.all())
    return list(found.values())


def contacts_of(by: Appointment, agencies: list[Agency], now: datetime) -> list[Contact]:
    """In a constant number of queries. Functions, never names, nor how many officers have one (R18)."""
    known = known_to(by, now)
    functions: dict[uuid.UUID, set[str]] = defaultdict(set)
    posts = Appointment.objects.in_effect(now).filter(agency__in=[row for row in agencies if row.pk in known])
    for post in posts.select_related("agency", "officer"):
        if post.is_in_effect(now):
            functions[post.agency_id].add(post.function)
    return [Contact(row, row.pk in known, sorted(functions.get(row.pk, ()))) for row in agencies]
