"""Whether a party is bound by a clause, since when, and what reservations leave of it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from agreements.register.choices import BINDING, ActionKind
from agreements.register.facts import (
    ActionFact,
    ClauseFact,
    Country,
    Instant,
    Treaties,
    Treaty,
    corrected,
    day_words,
    remembered,
    stands,
)
from agreements.register.status.computing import binds_since, first_day
from agreements.register.status.effects import (
    ON_PAPER,
    Gap,
    Pair,
    Span,
    begins,
    confirmed_at,
    effect,
    known,
    left_on,
    unbroken,
)
from agreements.register.status.narrowing import BY_CLAUSE, is_cut, reserved, suspended
from agreements.register.status.terms import ended, revived


@dataclass(frozen=True)
class Bond:
    """A party is bound: since when (the start that R15 counts from), and how."""

    since: Instant
    provisional: bool = False


def bound(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, party: Country, at: Instant, pair: Pair = ON_PAPER
) -> Bond | Gap:
    """Whether `party` is bound by `clause` at `at`."""
    treaty = corrected(treaty, at, pair)
    gap = (
        _clause_gap(treaty, clause, at, pair)
        or ended(treaty, at, pair)
        or suspended(treaty, clause.id, party, at, pair)
        or reserved(treaty, clause, party, at, pair)
    )
    if gap:
        return gap
    own = bond(treaty, clause, party, at, pair)
    return own if isinstance(own, Gap) else with_parent(treaties, treaty, party, at, pair, own)


def both_bound(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, parties: tuple[Country, Country], at: Instant, pair: Pair
) -> list[Bond] | Gap:
    """`bound` of two parties towards each other: their bonds, or the first thing that is missing."""
    treaty = corrected(treaty, at, pair)
    if treaty.made_under is None and treaty.kinds.isdisjoint(BY_CLAUSE):
        gap = _clause_gap(treaty, clause, at, pair)
        found = [gap] if gap else [_as_a_whole(treaty, party, at, pair) for party in parties]
        floor = max(_floors(treaty, clause, at, pair), default=None)
        found = [_not_before(floor, item) for item in found]
    else:
        found = [bound(treaties, treaty, clause, party, at, pair) for party in parties]
    bonds = [item for item in found if isinstance(item, Bond)]
    return bonds if len(bonds) == len(parties) else next(item for item in found if isinstance(item, Gap))


@remembered
def _as_a_whole(treaty: Treaty, party: Country, at: Instant, pair: Pair) -> Bond | Gap:
    """Whether the party is bound by an agreement in which no act works on a single clause: the same for all of them."""
    gap = ended(treaty, at, pair)
    if gap:
        return gap
    left = left_on(treaty, party, at)
    since = _definitive(treaty, party, at, pair, left)
    return Bond(since) if since is not None else _unbound(treaty, party, at, pair, left)


def _not_before(floor: Instant | None, found: Bond | Gap) -> Bond | Gap:
    if floor is None or isinstance(found, Gap) or floor <= found.since:
        return found
    return Bond(floor, found.provisional)


def _floors(treaty: Treaty, clause: ClauseFact, at: Instant, pair: Pair) -> list[Instant]:
    found = [treaty.start_of(clause.starts)] if clause.starts else []
    stood_behind = confirmed_at(clause.confirmed, pair) if pair else None
    found += [stood_behind] if stood_behind else []
    anew = revived(treaty, at, pair)
    return [*found, anew] if anew else found


def _clause_gap(treaty: Treaty, clause: ClauseFact, at: Instant, pair: Pair) -> Gap | None:
    day = treaty.day(at)
    if treaty.is_draft:
        return Gap("draft", f"{treaty.short_name} is a draft")
    if clause.recorded_at > at or (clause.starts and clause.starts > day):
        return Gap("clause_not_yet", f"{clause.article} does not apply yet")
    if clause.ends and clause.ends < day:
        return Gap("clause_ended", f"{clause.article} applied until {day_words(clause.ends)}")
    if pair:
        confirmed = confirmed_at(clause.confirmed, pair)
        if confirmed is None or confirmed > at:
            return Gap("clause_unconfirmed", f"{clause.article} is not confirmed by {_names(clause.confirmed, pair)}")
    for other in treaty.clauses:
        if other.rectifies == clause.id and stands(treaty, other.recorded_at, other.confirmed, at, pair):
            return Gap("clause_rectified", f"{clause.article} was recorded wrongly and has been rectified")
    return None


def _names(confirmed: Mapping[Country, Instant], pair: Pair) -> str:
    return " and ".join(sorted(country for country in pair if country not in confirmed)) or "both parties"


def bond(treaty: Treaty, clause: ClauseFact, party: Country, at: Instant, pair: Pair) -> Bond | Gap:
    """The party's own consent and entry into force, or its provisional application.

    Only facts dated on or after the day the party last left count: confirming an old ratification later does not
    bind a party that has withdrawn since. What was applied provisionally up to the entry into force runs on
    without a break (R15).
    """
    left = left_on(treaty, party, at)
    spans = _provisional(treaty, clause.id, party, at, pair, left)
    since = _definitive(treaty, party, at, pair, left)
    floor = _floors(treaty, clause, at, pair)
    if since is not None:
        return Bond(max([unbroken(since, spans), *floor]))
    running = [begin for begin, end in spans if end is None or at < end]
    if running:
        return Bond(max([unbroken(min(running), spans), *floor]), provisional=True)
    return _unbound(treaty, party, at, pair, left)


@remembered
def _definitive(treaty: Treaty, party: Country, at: Instant, pair: Pair, left: date | None) -> Instant | None:
    if treaty.conditions:
        return _by_condition(treaty, party, at, pair, left)
    force = entry_into_force(treaty, at, pair)
    consents = _instants(treaty, consents_of(treaty, party, left), at, pair)
    dated = [fact for fact in _own_starts(treaty, party, left) if known(fact, at, pair)]
    own = _instants(treaty, dated, at, pair)
    if force is None or not consents or (dated and not own):
        return None
    return max([force, min(consents), *([min(own)] if own else [])])


def _by_condition(treaty: Treaty, party: Country, at: Instant, pair: Pair, left: date | None) -> Instant | None:
    since = binds_since(treaty, consents_of(treaty, party, left), at, pair)
    dated = [fact for fact in _own_starts(treaty, party, left) if known(fact, at, pair)]
    own = _instants(treaty, dated, at, pair)
    if since is None or (dated and not own):
        return None
    return max([since, *([min(own)] if own else [])])


def consents_of(treaty: Treaty, party: Country, left: date | None) -> list[ActionFact]:
    """The party's consents to be bound since it last left."""
    return [f for f in treaty.actions if f.kind in BINDING and f.country == party and _since_left(f, left)]


def _own_starts(treaty: Treaty, party: Country, left: date | None) -> list[ActionFact]:
    return [
        fact
        for fact in treaty.actions
        if fact.kind == ActionKind.ENTRY_INTO_FORCE and fact.country == party and _since_left(fact, left)
    ]


def _since_left(fact: ActionFact, left: date | None) -> bool:
    return left is None or fact.starts >= left


def _instants(treaty: Treaty, facts: Iterable[ActionFact], at: Instant, pair: Pair) -> list[Instant]:
    found = (effect(treaty, fact, at, pair) for fact in facts)
    return [instant for instant in found if instant is not None]


@remembered
def entry_into_force(treaty: Treaty, at: Instant, pair: Pair = ON_PAPER) -> Instant | None:
    """Since when the agreement as a whole is in force, or None."""
    whole = [f for f in treaty.actions if f.kind == ActionKind.ENTRY_INTO_FORCE and f.country is None]
    return min(_instants(treaty, whole, at, pair), default=None)


def _provisional(
    treaty: Treaty, clause: uuid.UUID, party: Country, at: Instant, pair: Pair, left: date | None
) -> list[Span]:
    """When the party applied the clause provisionally, by `at`: from, and to (excluded)."""
    found = []
    for fact in treaty.actions:
        if fact.kind != ActionKind.PROVISIONAL_APPLICATION or fact.country != party:
            continue
        begin = begins(treaty, fact, at, pair)
        if begin is not None and fact.concerns(clause) and _since_left(fact, left):
            found.append((begin, treaty.start_after(fact.until) if fact.until else None))
    return found


def _unbound(treaty: Treaty, party: Country, at: Instant, pair: Pair, left: date | None) -> Gap:
    consents = _instants(treaty, consents_of(treaty, party, left), at, pair)
    if left is not None and not consents:
        return Gap("withdrawn", f"{party} left {treaty.short_name} with effect from {day_words(left)}")
    if not consents:
        return Gap("not_bound", f"{party} is not bound by {treaty.short_name}, or not confirmed by both sides")
    if treaty.conditions:
        return _not_computed(treaty, party, at, pair, left)
    if entry_into_force(treaty, at, pair) is None:
        return Gap("not_in_force", f"{treaty.short_name} is not in force, or not confirmed by both sides")
    return Gap("not_yet", f"{treaty.short_name} is not yet in force for {party}")


def _not_computed(treaty: Treaty, party: Country, at: Instant, pair: Pair, left: date | None) -> Gap:
    day = first_day(treaty, consents_of(treaty, party, left), at, pair)
    if day is None:
        words = "has not the consents yet that its entry into force needs, or not confirmed by both sides"
        return Gap("not_in_force", f"{treaty.short_name} {words}")
    if day > treaty.day(at):
        return Gap("not_yet", f"{treaty.short_name} enters into force for {party} on {day_words(day)}")
    return Gap("not_yet", f"{treaty.short_name} is not yet in force for {party}")


def with_parent(treaties: Treaties, treaty: Treaty, party: Country, at: Instant, pair: Pair, own: Bond) -> Bond | Gap:
    """An instrument made under an article of another binds a party only while that article does, and between two
    parties only while the article is not cut between them."""
    if treaty.made_under is None or treaty.made_under_agreement is None:
        return own
    parent = treaties[treaty.made_under_agreement]
    article = parent.clause(treaty.made_under)
    if article is None:
        return Gap("parent_gone", f"The article under which {treaty.short_name} was made is not on record")
    above = bound(treaties, parent, article, party, at, pair)
    if isinstance(above, Gap):
        return above
    if len(pair) == 2 and is_cut(parent, article.id, pair, at):
        who = " and ".join(sorted(pair))
        return Gap("cut", f"{article.article} of {parent.short_name} is cut between {who}")
    return Bond(max(own.since, above.since), own.provisional or above.provisional)
