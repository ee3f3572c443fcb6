"""Deadlines of agreements: facts loaded in a constant number of queries, and given to the pure functions."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from agencies.directory.models import Agency, Appointment, Country
from agreements.deadlines.choices import ICONS, DeadlineKind
from agreements.deadlines.models import Review
from agreements.deadlines.sources import Deadline, Matter, ReviewFact, deadlines_of
from agreements.register import facts
from agreements.register.days import LAST
from agreements.register.models import Agreement, Clause, Designation, ForceCondition, TreatyAction

# Days ahead that are looked at where nobody says how far.
HORIZON = timedelta(days=2 * 366)


def may_fall_due(at: datetime) -> Q:
    """Agreements that can have a deadline at all: most of an old register has none, and need not be loaded.

    A day wider than needed, for the agreement's zone may be behind.
    """
    since = at.date() - timedelta(days=1)
    acts = Q(done_on__gte=since) | Q(effective_on__gte=since) | Q(until__gte=since)
    clauses = Q(starts_on__gte=since) | Q(ends_on__gte=since)
    of = [
        TreatyAction.objects.filter(acts),
        Clause.objects.filter(clauses),
        Designation.objects.filter(ends_on__gte=since, withdrawn_at=None),
        Review.objects.standing(),
        ForceCondition.objects.all(),
    ]
    found = Q(expires_on__gte=since) | Q(renews_months__isnull=False)
    for rows in of:
        found |= Q(pk__in=rows.order_by().values("agreement"))
    return found


def matters(agreements: Iterable[Agreement], at: datetime, horizon: date) -> list[Matter]:
    """Each agreement with its facts and reviews as known at `at`."""
    rows = {row.pk: row for row in agreements}
    treaties = facts.load(rows) if rows else {}
    planned: dict[uuid.UUID, list[ReviewFact]] = defaultdict(list)
    for review in Review.objects.standing().filter(agreement__in=rows) if rows else ():
        planned[review.agreement_id].append(
            ReviewFact(review.pk, review.what, review.first_on, review.every_months, review.until)
        )
    return [Matter(treaties[key], at, horizon, tuple(planned[key])) for key in rows]


@dataclass(frozen=True)
class Row:
    """A deadline as a page shows it."""

    deadline: Deadline
    agreement: Agreement
    days_left: int
    party: Country | None = None
    agency: Agency | None = None

    @property
    def day(self) -> date:
        return self.deadline.day

    @property
    def kind(self) -> DeadlineKind:
        return self.deadline.kind

    @property
    def icon(self) -> str:
        return ICONS[self.deadline.kind]

    @property
    def is_near(self) -> bool:
        return self.days_left <= 30


def rows_for(by: Appointment, at: datetime, *, until: date | None = None, **filters: Any) -> list[Row]:
    """What falls due of the agreements that the officer may know of (R23), by day; narrowed by `kind`, `agreement`,
    `party` (a country's code: what concerns it, or all parties of an agreement that it is party to) and `until`."""
    seen = Agreement.objects.visible_to(by)
    if filters.get("agreement"):
        seen = seen.filter(pk=filters["agreement"].pk)
    return rows_of(seen, at, until=until, kind=filters.get("kind") or "", party=filters.get("party") or "")


def rows_of(
    agreements: QuerySet[Agreement], at: datetime, *, until: date | None = None, kind: str = "", party: str = ""
) -> list[Row]:
    """As `rows_for`, of these agreements."""
    horizon = min(until or at.date() + HORIZON, LAST)
    kept = {row.pk: row for row in agreements.filter(may_fall_due(at))}
    found = [
        (matter, deadline)
        for matter in matters(kept.values(), at, horizon)
        for deadline in deadlines_of(matter)
        if (not kind or deadline.kind == kind) and (not party or _concerns(matter, deadline, party.upper()))
    ]
    countries = Country.objects.in_bulk({deadline.party for _, deadline in found if deadline.party})
    agencies = Agency.objects.select_related("country").in_bulk({d.agency for _, d in found if d.agency})
    rows = [
        Row(
            deadline,
            kept[deadline.agreement],
            (deadline.day - matter.today).days,
            countries.get(deadline.party or ""),
            agencies.get(deadline.agency) if deadline.agency else None,
        )
        for matter, deadline in found
    ]
    return sorted(rows, key=lambda row: (row.day, row.agreement.short_name, row.kind))


def _concerns(matter: Matter, deadline: Deadline, party: str) -> bool:
    return deadline.party == party or (deadline.party is None and party in matter.treaty.parties)
