"""Corrections for pages and the API: which facts are struck through, and which corrections still wait (R22)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from agreements.register.models import Agreement, Clause, TreatyAction


@dataclass(frozen=True)
class Corrections:
    """Keys of acts that no longer count, as a correction stands in their place; and of corrections that wait."""

    struck: frozenset[uuid.UUID]
    waiting: frozenset[uuid.UUID]


def corrections(agreement: Agreement, acts: Iterable[TreatyAction]) -> Corrections:
    """On paper a correction stands once a second party is behind it: then what it corrects is struck through."""
    several = min(2, len(agreement.parties.all()))
    struck, waiting = set(), set()
    for act in acts:
        if act.rectifies_id is None:
            continue
        if behind(act) >= several:
            struck.add(act.rectifies_id)
        else:
            waiting.add(act.pk)
    return Corrections(frozenset(struck), frozenset(waiting))


def behind(fact: TreatyAction | Clause) -> int:
    """How many parties stand behind the fact: who recorded it, and who confirmed it."""
    return len({fact.recorded_for_id, *(row.country_id for row in fact.confirmations.all())} - {None})


def waits_for(clause: Clause) -> list[str]:
    """The parties that have not confirmed the article."""
    known = {clause.recorded_for_id, *clause.confirmations.values_list("country", flat=True)}
    return [
        party.country.name
        for party in clause.agreement.parties.select_related("country")
        if party.country_id not in known
    ]
