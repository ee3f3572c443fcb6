"""Which of two agreements governs a flow that both cover, and why.

Pure functions of the facts: `covering` finds the articles that cover a flow, `governing` compares two of them, `rulings`
all of them. The access policy takes a record by either of two articles unless one is displaced by a declaration on
record: a ruling says whether the portal acts on it (`enforced`) or officers have to.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from agreements.register.choices import RelationKind
from agreements.register.facts import ClauseFact, Country, Instant, Treaties, Treaty
from agreements.register.status import Bond, bound, computed, is_cut, narrowed
from agreements.register.status.effects import ON_PAPER, Pair

# (the later instrument, the earlier one) → what the first is to the second.
Relations = Mapping[tuple[uuid.UUID, uuid.UUID], str]
REPLACING = frozenset({RelationKind.AMENDS, RelationKind.SUCCEEDS})


@dataclass(frozen=True)
class Cover:
    """An article that covers a flow between two parties, with what is left of it."""

    treaty: Treaty
    clause: ClauseFact
    ceiling: int

    @property
    def words(self) -> str:
        return f"{self.clause.article} of {self.treaty.short_name}"


@dataclass(frozen=True)
class Ruling:
    """Which of two governs; `over` the other. None: both apply, and either is a basis. `rule` for tests and the API."""

    rule: str
    first: Cover
    second: Cover
    governs: Cover | None
    sentence: str
    enforced: bool

    @property
    def over(self) -> Cover | None:
        if self.governs is None:
            return None
        return self.second if self.governs is self.first else self.first


def covering(treaties: Treaties, giver: Country, taker: Country, category: str, at: Instant) -> list[Cover]:
    """The articles under which, on paper, data of the category may pass from the one party to the other at `at`.

    Displaced ones too: which of them governs, `governing` says.
    """
    pair = frozenset({giver, taker})
    found = []
    for treaty in treaties.values():
        if pair <= treaty.parties:
            for clause in treaty.clauses:
                if _covers(treaties, treaty, clause, giver, taker, category, at):
                    left = narrowed(treaties, treaty, clause, pair, at, (giver, taker))
                    if category in left[0]:
                        found.append(Cover(treaty, clause, left[1]))
    return sorted(found, key=lambda row: (row.treaty.short_name, row.clause.article))


def _covers(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, giver: Country, taker: Country, category: str, at: Instant
) -> bool:
    if category not in clause.categories or not clause.purposes:
        return False
    if not clause.mutual and not (giver in clause.senders and taker in clause.receivers):
        return False
    if is_cut(treaty, clause.id, frozenset({giver, taker}), at):
        return False
    return all(isinstance(bound(treaties, treaty, clause, party, at), Bond) for party in (giver, taker))


def governing(
    treaties: Treaties, first: Cover, second: Cover, pair: Pair, at: Instant, relations: Relations | None = None
) -> Ruling:
    """Which of two articles governs between the two parties, by the first of these rules that applies: a declared
    displacement; an article that takes the other's place; an instrument made under an article of the other; an amending
    or succeeding instrument; the later in time where terms differ (VCLT Art. 30); otherwise both apply."""
    for one, other in ((first, second), (second, first)):
        told = _rule(treaties, one, other, pair, at, relations or {})
        if told is not None:
            rule, sentence, enforced = told
            return Ruling(rule, first, second, one, sentence, enforced)
    later = _later(treaties, first, second, at)
    if later is not None:
        earlier = second if later is first else first
        words = (
            f"{later.treaty.short_name} is later in time and its terms differ: as between those bound by both, "
            f"{earlier.treaty.short_name} applies as far as it is compatible (VCLT Art. 30)"
        )
        return Ruling("later_in_time", first, second, later, words, False)
    words = "Neither says that it yields to the other, and their terms agree: both apply, either is a basis"
    return Ruling("both", first, second, None, words, True)


def _rule(
    treaties: Treaties, one: Cover, other: Cover, pair: Pair, at: Instant, relations: Relations
) -> tuple[str, str, bool] | None:
    """Why the one goes before the other by what is declared, or None."""
    if one.treaty.id in other.clause.displaced_by and _binds_both(treaties, one.treaty, pair, at):
        return "displaced", f"{other.words} yields to {one.treaty.short_name} wherever that binds both", True
    if one.clause.continues == other.clause.id:
        return "takes_the_place", f"{one.words} takes the place of {other.words}", False
    if one.treaty.made_under == other.clause.id:
        return "made_under", f"{one.treaty.short_name} carries {other.words} out and is the more special", False
    if one.treaty.made_under_agreement == other.treaty.id:
        return (
            "made_under",
            f"{one.treaty.short_name} was made under {other.treaty.short_name} and is the more special",
            False,
        )
    kind = relations.get((one.treaty.id, other.treaty.id))
    if kind in REPLACING:
        word = RelationKind(kind).label.lower()
        return str(kind), f"{one.treaty.short_name} {word} {other.treaty.short_name}", False
    return None


def _binds_both(treaties: Treaties, treaty: Treaty, pair: Pair, at: Instant) -> bool:
    return all(
        any(isinstance(bound(treaties, treaty, clause, party, at), Bond) for clause in treaty.clauses) for party in pair
    )


def _later(treaties: Treaties, first: Cover, second: Cover, at: Instant) -> Cover | None:
    """The later of two whose terms differ; None where they agree, or no day is known."""
    same = (first.ceiling, first.clause.onward, first.clause.retention_days) == (
        second.ceiling,
        second.clause.onward,
        second.clause.retention_days,
    )
    days = [_concluded(row.treaty, at) for row in (first, second)]
    if same or None in days or days[0] == days[1]:
        return None
    return first if days[0] > days[1] else second  # type: ignore[operator]


def _concluded(treaty: Treaty, at: Instant) -> date | None:
    """The day of its adoption as its acts tell it: the first signature, or the first consent."""
    found = computed(treaty, at, ON_PAPER)
    return min((fact.done for fact in treaty.actions if fact.recorded_at <= at), default=found.met if found else None)


def rulings(
    treaties: Treaties,
    giver: Country,
    taker: Country,
    category: str,
    at: Instant,
    relations: Relations | None = None,
) -> Iterator[Ruling]:
    """Every two articles of different agreements that cover the flow, compared."""
    pair = frozenset({giver, taker})
    for first, second in combinations(covering(treaties, giver, taker, category, at), 2):
        if first.treaty.id != second.treaty.id:
            yield governing(treaties, first, second, pair, at, relations)
