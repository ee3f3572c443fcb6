"""Where other agreements of the reader cover the same flows as this one, and which governs."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agencies.directory.models import Appointment
from agreements.register import facts
from agreements.register.choices import Category
from agreements.register.models import Agreement, Relation
from agreements.register.precedence import Ruling, rulings


@dataclass(frozen=True)
class Overlap:
    """Two articles that cover the same flows of the own country: with whom, and of which data."""

    ruling: Ruling
    others: list[str]
    categories: list[str]


def overlaps(agreement: Agreement, by: Appointment, at: datetime) -> list[Overlap]:
    """Of flows between the own country and another party, among agreements that the reader may see (R23)."""
    own = by.agency.country_id
    here = {party.country_id for party in agreement.parties.all()}
    categories = {name for clause in agreement.clauses.all() if clause.opens_channel for name in clause.categories}
    if own not in here or not categories or agreement.is_draft:
        return []
    seen = Agreement.objects.visible_to(by).filter(registered_at__isnull=False)
    keys = set(
        seen.filter(parties__country=own, clauses__categories__overlap=sorted(categories)).values_list("pk", flat=True)
    )
    treaties = facts.load(keys | {agreement.pk})
    shown = {key: treaty for key, treaty in treaties.items() if key in keys}
    found: dict[Any, tuple[Ruling, set[str], set[str]]] = {}
    relations = relations_among(keys)
    for other in sorted(here - {own}):
        for category in sorted(categories):
            for giver, taker in ((own, other), (other, own)):
                for ruling in rulings(_Within(treaties, shown), giver, taker, category, at, relations):
                    ends = (ruling.first.clause.id, ruling.second.clause.id)
                    if agreement.pk in (ruling.first.treaty.id, ruling.second.treaty.id):
                        _, partners, data = found.setdefault((ends, ruling.rule), (ruling, set(), set()))
                        partners.add(other)
                        data.add(category)
    return [
        Overlap(ruling, sorted(partners), [str(Category(name).label).lower() for name in sorted(data)])
        for ruling, partners, data in found.values()
    ]


class _Within(dict[uuid.UUID, facts.Treaty]):
    """All that is loaded, of which only what the reader may see is gone through."""

    def __init__(self, treaties: facts.Treaties, shown: facts.Treaties) -> None:
        super().__init__(treaties)
        self.shown = shown

    def values(self) -> Any:
        return self.shown.values()


def relations_among(keys: set[uuid.UUID]) -> dict[tuple[uuid.UUID, uuid.UUID], str]:
    """What these agreements are to each other: (the one, the other) → the kind."""
    rows = Relation.objects.filter(agreement__in=keys, other__in=keys)
    return {(one, other): kind for one, other, kind in rows.values_list("agreement", "other", "kind")}
