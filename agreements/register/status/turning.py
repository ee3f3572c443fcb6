"""Where the answers about an agreement may turn: between two such instants, nothing changes by its facts."""

from collections.abc import Iterator

from agreements.register.choices import ActionKind
from agreements.register.facts import ActionFact, ClauseFact, Instant, Treaties, Treaty
from agreements.register.status.computing import first_days
from agreements.register.status.effects import Pair
from agreements.register.status.terms import stops_after


def turns(treaties: Treaties, treaty: Treaty, pair: Pair) -> set[Instant]:
    """The instants from which something may work, strike or be over between the two, also in the agreements above."""
    found = set(_own(treaty, pair))
    if treaty.made_under_agreement is not None:
        found |= turns(treaties, treaties[treaty.made_under_agreement], pair)
    return found


def _own(treaty: Treaty, pair: Pair) -> Iterator[Instant]:
    facts: list[ActionFact | ClauseFact] = [*treaty.actions, *treaty.clauses]
    for fact in facts:
        yield fact.recorded_at
        yield from (at for country, at in fact.confirmed.items() if country in pair)
        yield from _days(treaty, fact)
    if treaty.conditions:
        yield from (at for row in treaty.conditions for country, at in row.confirmed.items() if country in pair)
        yield from map(treaty.start_of, first_days(treaty, pair))
    if treaty.expires_on is not None and treaty.renews_months:
        notices = (fact for fact in treaty.actions if fact.kind == ActionKind.NON_RENEWAL)
        yield from (treaty.start_after(stops_after(treaty, fact)) for fact in notices)
    elif treaty.expires_on is not None:
        yield treaty.start_after(treaty.expires_on)


def _days(treaty: Treaty, fact: ActionFact | ClauseFact) -> Iterator[Instant]:
    first, last = (fact.starts, fact.until) if isinstance(fact, ActionFact) else (fact.starts, fact.ends)
    if first is not None:
        yield treaty.start_of(first)
    if last is not None:
        yield treaty.start_after(last)
