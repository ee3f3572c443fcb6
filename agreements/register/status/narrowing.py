"""What suspensions, reservations and objections take from a clause, for a party or between two."""

import uuid
from collections.abc import Container, Iterator

from agreements.register.choices import ActionKind, Way
from agreements.register.facts import ActionFact, ClauseFact, Country, Instant, Treaties, Treaty, corrected, day_words
from agreements.register.status.effects import Gap, Pair, lifted, strikes

# Acts that work on a clause, or on a party's part in it, apart from the rest of the agreement.
CUTTING = frozenset({ActionKind.OBJECTION, ActionKind.SUSPENSION})
BY_CLAUSE = CUTTING | {ActionKind.RESERVATION, ActionKind.PROVISIONAL_APPLICATION}


def suspended(treaty: Treaty, clause: uuid.UUID, party: Country, at: Instant, pair: Pair) -> Gap | None:
    """Suspended as a whole, or for this clause, or for this party."""
    if ActionKind.SUSPENSION not in treaty.kinds:
        return None
    for fact in treaty.actions:
        if fact.kind != ActionKind.SUSPENSION or fact.counterpart or not fact.concerns(clause):
            continue
        concerned = fact.country in (None, party)
        if concerned and strikes(treaty, fact, at) and not lifted(treaty, fact, clause, at, pair):
            who = f" for {fact.country}" if fact.country else ""
            return Gap("suspended", f"{treaty.short_name} is suspended{who} since {day_words(fact.starts)}")
    return None


def reserved(treaty: Treaty, clause: ClauseFact, party: Country, at: Instant, pair: Pair) -> Gap | None:
    """Out by a reservation that names no limit: it excludes the whole clause."""
    if ActionKind.RESERVATION not in treaty.kinds:
        return None
    for fact in _reservations(treaty, clause.id, frozenset({party}), at, pair):
        if not fact.excludes and fact.lowers_ceiling_to is None and not fact.way:
            return Gap("reserved", f"{party} made a reservation to {clause.article or treaty.short_name}")
    return None


def _reservations(
    treaty: Treaty, clause: uuid.UUID, parties: Container[Country | None], at: Instant, pair: Pair
) -> Iterator[ActionFact]:
    for fact in treaty.actions:
        if fact.kind != ActionKind.RESERVATION or fact.country not in parties or not fact.concerns(clause):
            continue
        if strikes(treaty, fact, at) and not lifted(treaty, fact, clause, at, pair):
            yield fact


def is_cut(treaty: Treaty, clause: uuid.UUID, pair: Pair, at: Instant) -> bool:
    """Whether an objection or a selective suspension cuts the clause between these two."""
    if treaty.kinds.isdisjoint(CUTTING):
        return False
    treaty = corrected(treaty, at, pair)
    return any(
        fact.kind in (ActionKind.OBJECTION, ActionKind.SUSPENSION)
        and fact.counterpart is not None
        and {fact.country, fact.counterpart} == set(pair)
        and fact.concerns(clause)
        and strikes(treaty, fact, at)
        and not lifted(treaty, fact, clause, at, pair)
        for fact in treaty.actions
    )


def stays_narrowed(treaties: Treaties, treaty: Treaty, clause: ClauseFact, pair: Pair, at: Instant) -> bool:
    """Whether a suspension, a reservation or an objection closes the clause between the two, whatever else holds;
    also in the agreements above."""
    treaty = corrected(treaty, at, pair)
    if is_cut(treaty, clause.id, pair, at):
        return True
    for party in pair:
        if suspended(treaty, clause.id, party, at, pair) or reserved(treaty, clause, party, at, pair):
            return True
    if treaty.made_under is None or treaty.made_under_agreement is None:
        return False
    above = treaties[treaty.made_under_agreement]
    article = above.clause(treaty.made_under)
    return article is None or stays_narrowed(treaties, above, article, pair, at)


def narrowed(
    treaties: Treaties,
    treaty: Treaty,
    clause: ClauseFact,
    pair: Pair,
    at: Instant,
    way: tuple[Country, Country] | None = None,
) -> tuple[frozenset[str], int]:
    """Categories and ceiling left of the clause after these parties' reservations to it, and to the article
    under which its agreement was made. `way`: from the first of the two to the second; None: what is left in both."""
    categories, ceiling = clause.categories, clause.ceiling
    treaty = corrected(treaty, at, pair)
    if treaty.made_under is None and ActionKind.RESERVATION not in treaty.kinds:
        return categories, ceiling
    for fact in _limits(treaties, treaty, clause.id, pair, at):
        if fact.way and way is not None and fact.country != way[fact.way == Way.RECEIVING]:
            continue
        whole = fact.way and not fact.excludes and fact.lowers_ceiling_to is None
        categories = frozenset() if whole else categories - fact.excludes
        if fact.lowers_ceiling_to is not None:
            ceiling = min(ceiling, fact.lowers_ceiling_to)
    return categories, ceiling


def _limits(treaties: Treaties, treaty: Treaty, clause: uuid.UUID, pair: Pair, at: Instant) -> Iterator[ActionFact]:
    yield from _reservations(treaty, clause, pair, at, pair)
    if treaty.made_under is not None and treaty.made_under_agreement is not None:
        above = corrected(treaties[treaty.made_under_agreement], at, pair)
        yield from _limits(treaties, above, treaty.made_under, pair, at)
