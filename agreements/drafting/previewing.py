"""What bringing a draft into force would change, and what it would look like to one agency: tried, and taken back (R28)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Classification
from agreements.drafting.looking.dates import computed_on, in_force_on
from agreements.register import foresight
from agreements.register.actions.agreements import bring_before
from agreements.register.actions.confirming import NAMES, outstanding
from agreements.register.actions.rights import locked
from agreements.register.choices import Category
from agreements.register.facts import Treaties
from agreements.register.foresight import Foreseen, Opening
from agreements.register.models import Agreement, Clause, Confirmation
from agreements.register.sentences import joined
from portal.undone import undone


@dataclass(frozen=True)
class BroughtIn:
    """Stands for the step: it takes effect on the day of entry into force, if that is later than today."""

    effective_on: date | None


def bring_in(agreement: Agreement, by: Appointment) -> BroughtIn:
    """Put it to the parties and let each of them confirm all of it. Only inside what is taken back."""
    row = locked(agreement)
    bring_before(row, by)
    for party in row.parties.all():
        waiting = outstanding(row, party.country_id)
        stamp = {"country_id": party.country_id, "confirmed_by": by, "confirmed_at": timezone.now()}
        Confirmation.objects.bulk_create([Confirmation(**{NAMES[type(fact)]: fact}, **stamp) for fact in waiting])
    return BroughtIn(in_force_on(Agreement.objects.prefetch_related("actions").get(pk=row.pk)) or computed_on(row))


def foresee(agreement: Agreement, by: Appointment) -> Foreseen:
    """What it would open and close from its entry into force on, once every party has confirmed it."""
    found = foresight.foresee(agreement=agreement, by=by, step=lambda: bring_in(agreement, by))
    return replace(found, confirmed=True)


@dataclass(frozen=True)
class Flow:
    """One article as one agency sees it: what it would receive from, or give to, which agencies."""

    article: str
    others: str
    data: str
    ceiling: str
    terms: str


@dataclass(frozen=True)
class Sight:
    """The agreement as one agency would have it, from an instant on."""

    agency: Agency
    at: datetime
    receives: list[Flow]
    gives: list[Flow]


def as_agency(agreement: Agreement, agency: Agency, by: Appointment) -> Sight:
    """What may flow to and from the agency, by the functions that decide afterwards."""
    with undone():
        made = bring_in(agreement, by)
        treaties = foresight.family(agreement)
        treaty = treaties[agreement.pk]
        now = timezone.now()
        at = max(now, treaty.start_of(made.effective_on)) if made.effective_on else now
        return _sight(agreement, agency, treaties, at)


def _sight(agreement: Agreement, agency: Agency, treaties: Treaties, at: datetime) -> Sight:
    found = [row for row in foresight.openings(treaties, at) if row.treaty == agreement.pk]
    clauses = agreement.clauses.in_bulk([row.clause for row in found])
    receives, gives = [], []
    for row in sorted(found, key=lambda one: (clauses[one.clause].position, sorted(one.pair))):
        own = agency.country_id
        if own not in row.pair:
            continue
        other = next(iter(row.pair - {own}), own)
        treaty = treaties[agreement.pk]
        clause = treaty.clause(row.clause)
        assert clause is not None
        mine, theirs = (foresight.named(treaty, clause, code, at, row.pair) for code in (own, other))
        if agency.pk not in mine:
            continue
        flow = _flow(row, clauses[row.clause], theirs - {agency.pk}, other)
        if _runs(clause, row, other, own):
            receives.append(flow)
        if _runs(clause, row, own, other):
            gives.append(flow)
    return Sight(agency, at, receives, gives)


def _runs(clause: Any, row: Opening, giver: str, taker: str) -> bool:
    allowed = clause.mutual or (giver in clause.senders and taker in clause.receivers)
    return allowed and (row.way is None or row.way == (giver, taker))


def _flow(row: Opening, clause: Clause, others: Iterable[uuid.UUID], country: str) -> Flow:
    names = sorted(agency.short for agency in Agency.objects.filter(pk__in=list(others)))
    days = f"kept {clause.retention_days} days at most" if clause.retention_days else "kept without limit"
    return Flow(
        article=clause.article,
        others=f"{joined(names)} ({country})",
        data=joined(Category(word).label.lower() for word in sorted(row.categories)),
        ceiling=Classification(row.ceiling).label,
        terms=f"{days}; passed on: {clause.get_onward_display().lower()}",
    )
