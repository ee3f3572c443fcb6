"""The entry into force that a condition computes from the consents on record, on paper or between two parties.

Between two parties the condition and each consent count once both of the two stand behind them, whoever consented: a
third party's own word is not needed, nor does its silence stop them (R22, ADR 21). An entry into force that is recorded
wins. Sources: VCLT Article 24; what it means that a party consents later, as in UNTOC Article 38(2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from agreements.register.choices import BINDING, LEAVING, ActionKind
from agreements.register.facts import ActionFact, ConditionFact, Country, Instant, Treaty, remembered, stands
from agreements.register.status.effects import Pair, Span, confirmed_at, effect, known, unbroken

# Of so many parties at most, what comes is looked up between each two; of more, on paper.
FEW = 12


@dataclass(frozen=True)
class Computed:
    """The day on which the condition was met, and the first day of effect that follows from it."""

    met: date
    starts: date


def condition_of(treaty: Treaty, at: Instant, pair: Pair) -> ConditionFact | None:
    """The condition that counts at `at`: the last that both stand behind; on paper, the last that was recorded and, if it
    corrects another, that a second party is behind."""
    found = None
    for row in treaty.conditions:
        if pair:
            stood = confirmed_at(row.confirmed, pair)
            counts = stood is not None and max(stood, row.recorded_at) <= at
        elif row.rectifies is None:
            counts = row.recorded_at <= at
        else:
            counts = stands(treaty, row.recorded_at, row.confirmed, at, pair)
        found = row if counts else found
    return found


@remembered
def computed(treaty: Treaty, at: Instant, pair: Pair) -> Computed | None:
    """When by its condition, as known at `at`, the agreement enters or entered into force; None while too few consented.

    A party that left before the condition was met does not count for it; one that leaves later undoes nothing. Between
    two, another's leaving counts from its recording on.
    """
    condition = condition_of(treaty, at, pair)
    if condition is None:
        return None
    held: set[Country] = set()
    for day, joins, country in sorted(_moves(treaty, at, pair)):
        (held.add if joins else held.discard)(country)
        if joins and meets(condition, treaty, held):
            return Computed(day, condition.delay.after(day))
    return None


def _moves(treaty: Treaty, at: Instant, pair: Pair) -> Iterator[tuple[date, bool, Country]]:
    for fact in treaty.actions:
        if fact.country is None or fact.recorded_at > at:
            continue
        if fact.kind in BINDING and known(fact, at, pair):
            yield fact.done, True, fact.country
        elif fact.kind in LEAVING:
            late = bool(pair) and fact.recorded_at > treaty.start_of(fact.starts)
            yield treaty.day(fact.recorded_at) if late else fact.starts, False, fact.country


def needed(condition: ConditionFact, treaty: Treaty) -> frozenset[Country]:
    """Whose consent it needs by name."""
    return condition.required or (treaty.parties if condition.consents is None else frozenset())


def meets(condition: ConditionFact, treaty: Treaty, held: set[Country]) -> bool:
    return needed(condition, treaty) <= held and len(held) >= (condition.consents or 0)


def own_start(condition: ConditionFact, found: Computed, consent: ActionFact) -> date:
    """The first day of a party by its consent: a recorded one, that of all, or for who came later its own."""
    if consent.starts != consent.done:
        return max(found.starts, consent.starts)
    return found.starts if consent.done <= found.met else max(found.starts, condition.later.after(consent.done))


def epochs(treaty: Treaty, at: Instant | None, pair: Pair) -> list[Instant]:
    """The instants by `at` at which the two came to stand behind something that is counted; None: all of them."""
    found = set()
    for row in treaty.conditions:
        found.add(confirmed_at(row.confirmed, pair))
    for fact in treaty.actions:
        if fact.kind in BINDING or (fact.kind == ActionKind.ENTRY_INTO_FORCE and fact.country is None):
            stood = confirmed_at(fact.confirmed, pair)
            found.add(None if stood is None else max(stood, fact.recorded_at))
        elif fact.kind in LEAVING:
            found.add(fact.recorded_at)
    return sorted(k for k in found if k is not None and (at is None or k <= at))


def explicit(treaty: Treaty, at: Instant, pair: Pair) -> list[ActionFact]:
    """The entries into force of the agreement as a whole that are recorded, and between two confirmed by both."""
    rows = (f for f in treaty.actions if f.kind == ActionKind.ENTRY_INTO_FORCE and f.country is None)
    return [fact for fact in rows if known(fact, at, pair)]


def first_day(treaty: Treaty, consents: list[ActionFact], by: Instant, pair: Pair) -> date | None:
    """The first day on which one of these consents binds, by what the two stand behind at `by`; past or to come."""
    consents = [fact for fact in consents if known(fact, by, pair)]
    stated = explicit(treaty, by, pair)
    if stated:
        starts = [max(fact.starts, min(f.starts for f in stated)) for fact in consents]
        return min(starts, default=None)
    condition, found = condition_of(treaty, by, pair), computed(treaty, by, pair)
    if condition is None or found is None:
        return None
    return min((own_start(condition, found, fact) for fact in consents), default=None)


def binds_since(treaty: Treaty, consents: list[ActionFact], at: Instant, pair: Pair) -> Instant | None:
    """Since when without a break one of the consents of a party binds it; None while none does.

    What the two stand behind may grow, and the day change with it: each state of knowledge gives its own span.
    """
    consents = [fact for fact in consents if fact.until is None or fact.until >= treaty.day(at)]
    if not pair:
        day = first_day(treaty, consents, at, pair)
        return treaty.start_of(day) if day is not None and day <= treaty.day(at) else None
    stated = explicit(treaty, at, pair)
    told = min((max(k, fact.recorded_at) for fact in stated if (k := confirmed_at(fact.confirmed, pair))), default=None)
    knots = [k for k in epochs(treaty, at, pair) if told is None or k < told]
    spans = list(_spans(treaty, consents, [*knots, told], pair))
    if told is not None:
        spans += _stated(treaty, stated, consents, told, at, pair)
    if not spans or spans[-1][1] is not None or spans[-1][0] > at:
        return None
    return unbroken(spans[-1][0], spans)


def _spans(
    treaty: Treaty, consents: list[ActionFact], knots: list[Instant | None], pair: Pair
) -> Iterator[tuple[Instant, Instant | None]]:
    """When, by what was known between each two of these instants, one of the consents bound."""
    for known_since, until in pairwise(knots):
        if known_since is None:
            continue
        day = first_day(treaty, consents, known_since, pair)
        begin = None if day is None else max(treaty.start_of(day), known_since)
        if begin is not None and (until is None or begin < until):
            yield begin, until


def _stated(
    treaty: Treaty, stated: list[ActionFact], consents: list[ActionFact], told: Instant, at: Instant, pair: Pair
) -> list[Span]:
    """From when a recorded entry into force and a consent work together."""
    works = [[effect(treaty, fact, at, pair) for fact in facts] for facts in (stated, consents)]
    first = [min((i for i in instants if i is not None), default=None) for instants in works]
    return [(max([told, *(i for i in first if i is not None)]), None)] if None not in first else []


def first_days(treaty: Treaty, pair: Pair) -> Iterator[date]:
    """Every day from which, by some state of knowledge, the agreement or one of the two may be bound."""
    for by in epochs(treaty, None, pair):
        condition, found = condition_of(treaty, by, pair), computed(treaty, by, pair)
        if condition is not None and found is not None:
            yield found.starts
            own = (f for f in treaty.actions if f.kind in BINDING and f.country in pair and known(f, by, pair))
            yield from (own_start(condition, found, fact) for fact in own)


def all_first_days(treaty: Treaty, at: Instant) -> set[date]:
    """The days to come, on paper or between any two, from which by what is known at `at` the agreement or one of its
    parties is bound by its condition."""
    if not treaty.conditions:
        return set()
    pairs: list[Pair] = [frozenset()]
    if len(treaty.parties) <= FEW:
        pairs += map(frozenset, combinations(sorted(treaty.parties), 2))
    consents = [fact for fact in treaty.actions if fact.kind in BINDING]
    found = {first_day(treaty, [fact], at, pair) for fact in consents for pair in pairs}
    return {day for day in found if day is not None and day > treaty.day(at)}
