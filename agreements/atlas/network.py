"""Who is bound with whom on a day, by what kind of article: on paper, as the agreements and their facts say it.

Whether data flows here by it, the flow matrix says: that needs both sides to stand behind the facts (R22).
"""

import math
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from agreements.atlas.flows import Day, Ground
from agreements.register.choices import ClauseKind
from agreements.register.facts import ClauseFact, Country, Instant, Treaties, Treaty
from agreements.register.status import ON_PAPER, Bond, bound, is_cut


@dataclass(frozen=True)
class Family:
    """Kinds of articles that are drawn alike: a pattern and a letter, so that colour is never alone."""

    name: str
    letter: str
    label: str
    dashes: str
    kinds: frozenset[str]


K = ClauseKind
DATA = frozenset({K.INFORMATION_SHARING, K.HIT_NO_HIT, K.DATA_PROTECTION, K.COMMUNICATIONS})
JUSTICE = frozenset({K.EXTRADITION, K.EVIDENCE, K.JOINT_INVESTIGATION, K.MUTUAL_ASSISTANCE})
OFFICERS = frozenset(
    {
        K.JOINT_PATROL,
        K.HOT_PURSUIT,
        K.CROSS_BORDER_SURVEILLANCE,
        K.CONTROLLED_DELIVERY,
        K.LIAISON_OFFICERS,
        K.FORCE_AND_ARMS,
    }
)
FAMILIES = [
    Family("data", "I", "Information", "", DATA),
    Family("officers", "O", "Officers across the border", "9 4", OFFICERS),
    Family("justice", "J", "Assistance and justice", "2 4", JUSTICE),
]
REST = Family("rest", "F", "Frame: training, costs and the like", "10 3 2 3", frozenset())


def family_of(kind: str) -> Family:
    return next((family for family in FAMILIES if kind in family.kinds), REST)


Pair = tuple[Country, Country]


@dataclass(frozen=True)
class Tie:
    """An article that binds two states on the day."""

    agreement: uuid.UUID
    clause: ClauseFact


@dataclass(frozen=True)
class Edge:
    pair: Pair
    ties: tuple[Tie, ...]

    @cached_property
    def agreements(self) -> list[uuid.UUID]:
        return list(dict.fromkeys(tie.agreement for tie in self.ties))

    @cached_property
    def kinds(self) -> list[str]:
        """In the order of the list of kinds."""
        found = {tie.clause.kind for tie in self.ties}
        return [kind for kind in ClauseKind.values if kind in found] + sorted(found - set(ClauseKind.values))

    @cached_property
    def families(self) -> list[Family]:
        found = {family_of(kind) for kind in self.kinds}
        return [family for family in (*FAMILIES, REST) if family in found]


# Agreements of more parties than this bind nearly everybody with everybody: drawn only when asked for.
WIDE = 16


def wide_ones(ground: Ground) -> list[uuid.UUID]:
    """The agreements of many parties."""
    return [key for key in ground.agreements if len(ground.treaties[key].parties) > WIDE]


def edges(
    ground: Ground, day: Day, *, kind: str = "", around: Country = "", without: Collection[uuid.UUID] = ()
) -> list[Edge]:
    """Each pair of states with the articles that bind both; `around` one state, by one `kind` of article, `without`
    these agreements."""
    treaties = day.known(ground.treaties)
    found: dict[Pair, list[Tie]] = defaultdict(list)
    for key in [key for key in ground.agreements if key not in without]:
        for pair, tie in _ties(treaties, treaties[key], day.instant(treaties[key]), kind, around):
            found[pair].append(tie)
    return [Edge(pair, tuple(found[pair])) for pair in sorted(found)]


def _ties(treaties: Treaties, treaty: Treaty, at: Instant, kind: str, around: Country) -> Iterator[tuple[Pair, Tie]]:
    for clause in treaty.clauses:
        if kind and clause.kind != kind:
            continue
        on_paper = (bound(treaties, treaty, clause, party, at, ON_PAPER) for party in sorted(treaty.parties))
        parties = [
            party for party, bond in zip(sorted(treaty.parties), on_paper, strict=True) if isinstance(bond, Bond)
        ]
        if around and around not in parties:
            continue
        tie = Tie(treaty.id, clause)
        for one, other in combinations(parties, 2):
            if around in ("", one, other) and not is_cut(treaty, clause.id, frozenset({one, other}), at):
                yield (one, other), tie


# --- The drawing, in its own units.
SIZE, RADIUS = 780, 310
APART = 7
# More lines than this nobody can follow: the table alone says it then.
MOST = 400


@dataclass(frozen=True)
class Node:
    key: Country
    name: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    own: bool


@dataclass(frozen=True)
class Stroke:
    """One line of one family between two states."""

    x1: float
    y1: float
    x2: float
    y2: float
    family: Family
    words: str
    mark_x: float
    mark_y: float


@dataclass(frozen=True)
class Drawn:
    pair: Pair
    words: str
    strokes: list[Stroke]


@dataclass(frozen=True)
class Drawing:
    nodes: list[Node]
    edges: list[Drawn]
    width: int = SIZE + 240
    height: int = SIZE

    @property
    def families(self) -> list[Family]:
        used = {stroke.family.name for edge in self.edges for stroke in edge.strokes}
        return [family for family in (*FAMILIES, REST) if family.name in used]


def drawing(found: list[Edge], names: Mapping[Country, str], own: Country, centre: Country = "") -> Drawing | None:
    """States on a circle by name, one of them in the middle where all lines lead to it. None: too many to draw."""
    if not found or sum(len(edge.families) for edge in found) > MOST:
        return None
    keys = sorted({key for edge in found for key in edge.pair} - {centre}, key=lambda key: names.get(key, key))
    nodes = {key: _node(key, names, number, len(keys), own) for number, key in enumerate(keys)}
    if centre:
        middle = ((SIZE + 240) / 2, SIZE / 2)
        nodes[centre] = Node(
            centre, names.get(centre, centre), *middle, middle[0], middle[1] + 38, "middle", centre == own
        )
    return Drawing(list(nodes.values()), [_drawn(edge, nodes, names, centre) for edge in found])


def _node(key: Country, names: Mapping[Country, str], number: int, count: int, own: Country) -> Node:
    angle = 2 * math.pi * number / max(count, 1) - math.pi / 2
    cos, sin = math.cos(angle), math.sin(angle)
    x, y = (SIZE + 240) / 2 + RADIUS * cos, SIZE / 2 + RADIUS * sin
    anchor = "middle" if abs(cos) < 0.25 else "start" if cos > 0 else "end"
    label = (x + 26 * cos, y + (34 if sin > 0 else 26) * sin + 5)
    return Node(
        key, names.get(key, key), round(x, 1), round(y, 1), round(label[0], 1), round(label[1], 1), anchor, key == own
    )


def _drawn(edge: Edge, nodes: Mapping[Country, Node], names: Mapping[Country, str], centre: Country) -> Drawn:
    one, other = nodes[edge.pair[0]], nodes[edge.pair[1]]
    if other.key == centre:
        one, other = other, one
    words = " and ".join(names.get(key, key) for key in edge.pair)
    strokes = [_stroke(edge, one, other, number, fans=one.key == centre) for number in range(len(edge.families))]
    return Drawn(edge.pair, f"{words}: {len(edge.agreements)} agreements, {len(edge.kinds)} kinds of articles", strokes)


def _stroke(edge: Edge, one: Node, other: Node, number: int, *, fans: bool) -> Stroke:
    """Lines between two run side by side; from the middle they fan out. Their letters stand one behind the other."""
    dx, dy = other.x - one.x, other.y - one.y
    length = math.hypot(dx, dy) or 1
    family, middle = edge.families[number], (len(edge.families) - 1) / 2
    shift = APART * (number - middle)
    x, y = -dy / length * shift, dx / length * shift
    part = (0.7 if fans else 0.5) + 0.07 * (number - middle)
    near = 0.0 if fans else 1.0
    at = near + (1 - near) * part
    points = (one.x + x * near, one.y + y * near, other.x + x, other.y + y)
    mark = (one.x + x * at + dx * part, one.y + y * at + dy * part)
    x1, y1, x2, y2, mark_x, mark_y = (round(value, 1) for value in (*points, *mark))
    kinds = [ClauseKind(k).label if k in ClauseKind.values else k for k in edge.kinds if family_of(k) == family]
    return Stroke(x1, y1, x2, y2, family, ", ".join(kinds), mark_x, mark_y)
