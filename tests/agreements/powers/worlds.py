"""Small worlds of rules, built by hand: what `powers_on` is a pure function of."""

import uuid
from datetime import date
from typing import Any

from agreements.powers.choices import Act, Answer, Border, Occasion
from agreements.powers.facts import Rule, World
from agreements.powers.ruling import Ruling, powers_on
from agreements.register.facts import Treaty
from tests.agreements.register.facts import BOTH, RECORDED, article, in_force, noon, treaty

TODAY = date(2026, 11, 26)
NOW = noon(TODAY)


def bound_treaty(name: str = "X–Y Treaty", *facts: Any, **more: Any) -> Treaty:
    """In force between X and Y, with one article."""
    clause = article("Art. 16", kind="hot_pursuit", categories=frozenset(), purposes=frozenset())
    return treaty(*in_force("XX", "YY"), *facts, clauses=(clause,), short_name=name, **more)


def rule(of: Treaty, act: Act, answer: Answer = Answer.YES, **more: Any) -> Rule:
    clause = of.clauses[0]
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "agreement": of.id,
        "clause": clause.id,
        "article": clause.article,
        "act": act,
        "answer": answer,
        "recorded_at": RECORDED,
        "recorded_for": "XX",
        "confirmed": BOTH,
    }
    return Rule(**{**values, **more})


def world(treaties: list[Treaty], *rules: Rule) -> World:
    return World({row.id: row for row in treaties}, tuple(rules), NOW)


def asked(of: World, act: Act, occasion: Occasion = Occasion.PURSUIT, **more: Any) -> Ruling:
    """What X may do in Y over land, now."""
    values: dict[str, Any] = {"actor": "XX", "host": "YY", "border": Border.LAND, **more}
    return powers_on(of, **values)[occasion, act]
