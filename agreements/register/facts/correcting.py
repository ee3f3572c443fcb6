"""Facts that were recorded wrongly: a new fact takes their place once the parties confirm it (R22)."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from agreements.register.choices import ActionKind
from agreements.register.facts.values import ActionFact, Country, Instant, Treaty, remembered

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


def corrected(treaty: Treaty, at: Instant, pair: frozenset[Country]) -> Treaty:
    """The treaty with its corrections in the place of what they correct, as far as they stand by `at`.

    Between two a correction stands once both confirmed it; before, what was recorded stands. On paper (`pair` empty) it
    does once a second party is behind it. It then counts as if recorded and confirmed when that was; what it strikes
    out (a rectification) never was.
    """
    return _corrected(treaty, at, pair) if treaty.corrects else treaty


@remembered
def _corrected(treaty: Treaty, at: Instant, pair: frozenset[Country]) -> Treaty:
    by_key = {fact.id: fact for fact in treaty.actions}
    standing: dict[uuid.UUID, ActionFact] = {}
    for fact in sorted(treaty.actions, key=lambda fact: fact.recorded_at):
        wrong = by_key.get(fact.rectifies) if fact.rectifies else None
        if wrong is not None and stands(treaty, fact.recorded_at, fact.confirmed, at, pair):
            standing[wrong.id] = fact

    def right(fact: ActionFact) -> ActionFact | None:
        found = standing.get(fact.id)
        if found is None:
            return fact
        if found.kind == ActionKind.RECTIFICATION:
            return None
        return right(
            replace(
                found, recorded_at=fact.recorded_at, confirmed={**found.confirmed, **fact.confirmed}, rectifies=None
            )
        )

    rows = [(fact, right(fact)) for fact in treaty.actions if fact.rectifies is None]
    kept = tuple(replace(found, id=fact.id) for fact, found in rows if found is not None)
    return replace(treaty, actions=kept)


def stands(
    treaty: Treaty, recorded_at: Instant, confirmed: Mapping[Country, Instant], at: Instant, pair: frozenset[Country]
) -> bool:
    """Whether a correction takes the place of what it corrects, by `at`."""
    if recorded_at > at:
        return False
    behind = {country for country, instant in confirmed.items() if instant <= at}
    return pair <= behind if pair else len(behind) >= min(2, len(treaty.parties))


def as_known(treaty: Treaty, at: Instant) -> Treaty:
    """The treaty with what was recorded by `at`, taken as known on every day: for the question what, by what is
    known now, was the case last March (R14)."""

    def known(rows: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(replace(row, recorded_at=_EPOCH) for row in rows if row.recorded_at <= at)

    conditions = [
        c for c in treaty.conditions if not c.rectifies or stands(treaty, c.recorded_at, c.confirmed, at, frozenset())
    ]
    return replace(
        treaty,
        clauses=known(treaty.clauses),
        actions=known(corrected(treaty, at, frozenset()).actions),
        designations=known(treaty.designations),
        conditions=tuple(replace(c, rectifies=None) for c in known(conditions)),
    )
