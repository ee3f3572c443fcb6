"""What recording or confirming facts would open and close between parties, before it is done.

The functions that decide afterwards are asked twice: about the facts as they stand, and with the proposed ones.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any

from agencies.directory.models import Agency, Appointment, Classification
from agreements.register import facts
from agreements.register.choices import ActionKind, Category
from agreements.register.facts import ActionFact, ClauseFact, Country, Treaties, Treaty
from agreements.register.models import Agreement, Fact, TreatyAction
from agreements.register.status import Bond, Pair, bound, designated, is_cut, narrowed


@dataclass(frozen=True)
class Opening:
    """Two parties that may share under an article, and what."""

    treaty: uuid.UUID
    clause: uuid.UUID
    pair: Pair
    categories: frozenset[str]
    ceiling: int


@dataclass(frozen=True)
class Line:
    """An opening in words: the article, the agencies of each side, and what may flow."""

    article: str
    agreement: str
    sides: tuple[str, ...]
    data: str
    ceiling: str


def openings(treaties: Treaties, at: datetime) -> frozenset[Opening]:
    """Every article that works between two parties at `at`, with designated agencies on both sides."""
    found = set()
    for treaty in treaties.values():
        for clause in treaty.clauses:
            if clause.categories and clause.purposes:
                found |= {item for pair in _pairs(treaty) if (item := _opening(treaties, treaty, clause, pair, at))}
    return frozenset(found)


def _pairs(treaty: Treaty) -> Iterable[Pair]:
    named = sorted({row.country for row in treaty.designations})
    if len(treaty.parties) == 1:
        return [frozenset(treaty.parties)]
    return [frozenset(pair) for pair in combinations(named, 2)]


def _opening(treaties: Treaties, treaty: Treaty, clause: ClauseFact, pair: Pair, at: datetime) -> Opening | None:
    if not clause.mutual and not _runs_between(clause, pair):
        return None
    if not all(isinstance(bound(treaties, treaty, clause, party, at, pair), Bond) for party in pair):
        return None
    if is_cut(treaty, clause.id, pair, at) or not all(named(treaty, clause, party, at, pair) for party in pair):
        return None
    categories, ceiling = narrowed(treaties, treaty, clause, pair, at)
    return Opening(treaty.id, clause.id, pair, categories, ceiling) if categories else None


def _runs_between(clause: ClauseFact, pair: Pair) -> bool:
    return bool(pair & clause.senders) and bool(pair & clause.receivers)


def named(treaty: Treaty, clause: ClauseFact, party: Country, at: datetime, pair: Pair) -> frozenset[uuid.UUID]:
    """The party's agencies whose designation for the article works between the two."""
    return frozenset(
        row.agency
        for row in treaty.designations
        if row.country == party
        and row.concerns(clause.id)
        and isinstance(designated(treaty, [row], at, pair), datetime)
    )


def family(agreement: Agreement) -> dict[uuid.UUID, Treaty]:
    """The agreement, what it leans on, and what was made under its articles, down to the last."""
    keys = {agreement.pk}
    while True:
        below = Agreement.objects.filter(made_under__agreement__in=keys).values_list("pk", flat=True)
        more = set(below) - keys
        if not more:
            return facts.load(keys)
        keys |= more


def after_action(treaties: Mapping[uuid.UUID, Treaty], action: TreatyAction, clauses: Iterable[uuid.UUID]) -> Treaties:
    """The facts with a proposed action among them, as if recorded now by its recorder."""
    fact = ActionFact(
        id=action.pk,
        kind=ActionKind(action.kind),
        country=action.country_id,
        counterpart=action.counterpart_id,
        clauses=frozenset(clauses),
        done=action.done_on,
        starts=action.effective_on or action.done_on,
        until=action.until,
        lifts=action.lifts_id,
        excludes=frozenset(action.excludes),
        lowers_ceiling_to=action.lowers_ceiling_to,
        recorded_at=action.recorded_at,
        confirmed={action.recorded_for_id: action.recorded_at} if action.recorded_for_id else {},
    )
    treaty = treaties[action.agreement_id]
    return {**treaties, treaty.id: replace(treaty, actions=(*treaty.actions, fact))}


def after_confirming(
    treaties: Mapping[uuid.UUID, Treaty], agreement: Agreement, confirmed: Iterable[Fact], by: Appointment, at: datetime
) -> Treaties:
    """The facts as if the officer's country stood behind these too."""
    keys = {fact.pk for fact in confirmed}
    country = by.agency.country_id
    treaty = treaties[agreement.pk]

    def stood_behind(rows: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(replace(r, confirmed={**r.confirmed, country: at}) if r.id in keys else r for r in rows)

    changed = replace(
        treaty,
        actions=stood_behind(treaty.actions),
        clauses=stood_behind(treaty.clauses),
        designations=stood_behind(treaty.designations),
    )
    return {**treaties, treaty.id: changed}


def in_words(
    found: Iterable[Opening], treaties: Treaties, at: datetime, visible: Iterable[uuid.UUID] | None = None
) -> list[Line]:
    """Openings as lines for people, of the agreements that the reader may see."""
    rows = [item for item in found if visible is None or item.treaty in set(visible)]
    agencies = _agencies(rows, treaties)
    lines = [_line(item, treaties[item.treaty], agencies, at) for item in rows]
    return sorted(lines, key=lambda line: (line.agreement, line.article, line.sides))


def _agencies(rows: Iterable[Opening], treaties: Treaties) -> dict[uuid.UUID, Agency]:
    keys = {row.agency for item in rows for row in treaties[item.treaty].designations}
    return Agency.objects.in_bulk(keys)


def _line(item: Opening, treaty: Treaty, agencies: Mapping[uuid.UUID, Agency], at: datetime) -> Line:
    clause = treaty.clause(item.clause)
    assert clause is not None
    sides = []
    for party in sorted(item.pair):
        names = sorted(agencies[key].short for key in named(treaty, clause, party, at, item.pair))
        sides.append(f"{', '.join(names)} ({party})")
    data = ", ".join(Category(category).label.lower() for category in sorted(item.categories))
    ceiling = Classification(item.ceiling).label
    return Line(clause.article, treaty.short_name, tuple(sides), data, str(ceiling))
