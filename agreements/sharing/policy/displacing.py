"""Whether another agreement stands in for a clause between two parties, and until when it did."""

from datetime import UTC
from itertools import pairwise

from agreements.register.facts import ClauseFact, Country, Instant, Treaties, Treaty
from agreements.register.status import Bond, Pair, bound, turns


def displacing(treaties: Treaties, clause: ClauseFact, pair: Pair, at: Instant) -> Treaty | None:
    """The agreement that displaces the clause between the two at `at`: it binds both."""
    others = (treaties[key] for key in clause.displaced_by)
    return next((other for other in others if _binds_both(treaties, other, pair, at)), None)


def displaced_until(treaties: Treaties, clause: ClauseFact, pair: Pair, at: Instant) -> Instant | None:
    """When it last ceased to be displaced between the two: the channel begins anew then (R15). Most never are."""
    if not clause.displaced_by:
        return None
    instants = sorted(
        {turn for key in clause.displaced_by for turn in turns(treaties, treaties[key], pair) if turn <= at}
    )
    steps = reversed(list(pairwise([*instants, at.astimezone(UTC)])))
    return next((after for before, after in steps if displacing(treaties, clause, pair, before)), None)


def _binds_both(treaties: Treaties, treaty: Treaty, pair: Pair, at: Instant) -> bool:
    return all(_binds(treaties, treaty, party, at, pair) for party in pair)


def _binds(treaties: Treaties, treaty: Treaty, party: Country, at: Instant, pair: Pair) -> bool:
    return any(isinstance(bound(treaties, treaty, c, party, at, pair), Bond) for c in treaty.clauses)
