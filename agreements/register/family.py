"""The family of an agreement as a tree: what it was made under, amends or replaces, and what hangs from it.

Only what the reader may see is in it; the rest does not exist for them (R17, R23).
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from agencies.directory.models import Appointment
from agreements.register.choices import RelationKind
from agreements.register.models import Agreement, Relation

MOST = 200


@dataclass(frozen=True)
class Edge:
    """What the lower one is to the upper one, and since when."""

    words: str
    back: str
    since: date | None
    note: str = ""
    relation: uuid.UUID | None = None


@dataclass
class Kin:
    """One instrument in the tree; `edge` is how it hangs from the one above."""

    agreement: Agreement
    edge: Edge | None
    is_self: bool
    below: list["Kin"] = field(default_factory=list)


def tree(agreement: Agreement, by: Appointment) -> list[Kin]:
    """The trees that the agreement stands in; empty when it stands alone."""
    rows, edges = _gather(agreement, by)
    if len(rows) < 2:
        return []
    above: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    below: dict[uuid.UUID, list[tuple[uuid.UUID, Edge]]] = defaultdict(list)
    for (lower, upper), edge in edges.items():
        above[lower].append(upper)
        below[upper].append((lower, edge))
    roots = sorted((key for key in rows if not above[key]), key=lambda key: rows[key].short_name)

    def grow(key: uuid.UUID, edge: Edge | None, seen: frozenset[uuid.UUID]) -> Kin:
        kin = Kin(rows[key], edge, key == agreement.pk)
        for child, how in sorted(below[key], key=lambda pair: (pair[1].since or date.max, rows[pair[0]].short_name)):
            if child not in seen:
                kin.below.append(grow(child, how, seen | {child}))
        return kin

    return [grow(key, None, frozenset({key})) for key in roots or [agreement.pk]]


def _gather(
    agreement: Agreement, by: Appointment
) -> tuple[dict[uuid.UUID, Agreement], dict[tuple[uuid.UUID, uuid.UUID], Edge]]:
    """What can be reached from it by relations among what the reader may see: a few queries for each generation."""
    seen = Agreement.objects.visible_to(by)
    rows: dict[uuid.UUID, Agreement] = {agreement.pk: agreement}
    edges: dict[tuple[uuid.UUID, uuid.UUID], Edge] = {}
    fresh = {agreement.pk}
    while fresh and len(rows) < MOST:
        found: dict[uuid.UUID, Agreement] = {}
        related = Relation.objects.filter(agreement__in=seen, other__in=seen).select_related("agreement", "other")
        for relation in [*related.filter(agreement__in=fresh), *related.filter(other__in=fresh)]:
            edges[relation.agreement_id, relation.other_id] = _edge(relation)
            found |= {relation.agreement_id: relation.agreement, relation.other_id: relation.other}
        made = seen.filter(made_under__agreement__in=seen).select_related("made_under__agreement")
        for row in [*made.filter(pk__in=fresh), *made.filter(made_under__agreement__in=fresh)]:
            assert row.made_under is not None
            upper = row.made_under.agreement
            words = f"Made under {row.made_under.article}"
            edges.setdefault((row.pk, upper.pk), Edge(words, words, row.concluded_on))
            found |= {row.pk: row, upper.pk: upper}
        fresh = set(found) - set(rows)
        rows = {**found, **rows}
    return rows, edges


def _edge(relation: Relation) -> Edge:
    kind = RelationKind(relation.kind)
    return Edge(kind.label, kind.back, relation.starts_on, relation.note, relation.pk)
