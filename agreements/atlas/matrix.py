"""The flow matrix: sender, receiver and data category, with ceiling and article, on a day and against another."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from agreements.atlas.flows import Day, Flow, Ground, Narrow, flows
from agreements.atlas.precedence import Governing, governing
from agreements.register.choices import Category
from agreements.sharing.policy import Channel


class Change(StrEnum):
    """What became of a cell between two days."""

    SAME = "same"
    OPENED = "opened"
    CLOSED = "closed"
    ROSE = "rose"
    FELL = "fell"
    ARTICLE = "article"

    @property
    def words(self) -> str:
        return {"rose": "ceiling rose", "fell": "ceiling fell", "article": "other article"}.get(self.value, self.value)


# Icon and tone of each change, beside its word.
LOOKS = {
    Change.OPENED: ("plus-circle", "success"),
    Change.CLOSED: ("x-circle", "danger"),
    Change.ROSE: ("arrow-up", "success"),
    Change.FELL: ("arrow-down", "warning"),
    Change.ARTICLE: ("arrow-left-right", "info"),
}


@dataclass(frozen=True)
class Reach:
    """What one flow may carry on one day: the highest ceiling, and the articles with a channel each."""

    flows: tuple[Flow, ...]

    @cached_property
    def sharing(self) -> tuple[Flow, ...]:
        return tuple(flow for flow in self.flows if not flow.searching)

    @property
    def searching(self) -> bool:
        """Searched by hit/no-hit alone: nothing may be given."""
        return not self.sharing

    @property
    def ceiling(self) -> int:
        return max(flow.channel.ceiling for flow in self.sharing or self.flows)

    @cached_property
    def articles(self) -> list[Channel]:
        """One channel of each article: the one with the highest ceiling, the longest open."""
        best: dict[uuid.UUID, Channel] = {}
        for flow in self.flows:
            item, known = flow.channel, best.get(flow.channel.clause.id)
            if known is None or (item.ceiling, known.since) > (known.ceiling, item.since):
                best[item.clause.id] = item
        return sorted(best.values(), key=lambda i: (-i.ceiling, i.treaty.short_name, i.clause.article))

    @property
    def clauses(self) -> frozenset[uuid.UUID]:
        return frozenset(flow.channel.clause.id for flow in self.sharing or self.flows)


# Sender, receiver (a state's code, or an agency's key) and data category.
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Cell:
    place: Place
    reach: Reach | None
    before: Reach | None = None
    compared: bool = False

    @property
    def category(self) -> str:
        return self.place[2]

    @property
    def change(self) -> Change:
        """Against the other day."""
        if not self.compared or (self.reach is None and self.before is None):
            return Change.SAME
        if self.before is None or (self.reach and self.before.searching and not self.reach.searching):
            return Change.OPENED
        if self.reach is None or (self.reach.searching and not self.before.searching):
            return Change.CLOSED
        if self.reach.ceiling != self.before.ceiling:
            return Change.ROSE if self.reach.ceiling > self.before.ceiling else Change.FELL
        return Change.SAME if self.reach.clauses == self.before.clauses else Change.ARTICLE

    @property
    def look(self) -> tuple[str, str]:
        return LOOKS.get(self.change, ("", ""))


@dataclass(frozen=True)
class Line:
    """From one to another: a cell for each category."""

    sender: str
    receiver: str
    cells: list[Cell]

    @property
    def is_open(self) -> bool:
        return any(cell.reach for cell in self.cells)

    @property
    def has_changed(self) -> bool:
        return any(cell.change != Change.SAME for cell in self.cells)


@dataclass(frozen=True)
class Matrix:
    categories: list[str]
    cells: dict[Place, Cell]
    compared: bool

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        return sorted({place[:2] for place in self.cells})

    def cell(self, sender: str, receiver: str, category: str) -> Cell:
        place = (sender, receiver, category)
        return self.cells.get(place) or Cell(place, None, None, self.compared)

    def line(self, sender: str, receiver: str) -> Line:
        return Line(sender, receiver, [self.cell(sender, receiver, name) for name in self.categories])

    @cached_property
    def tally(self) -> dict[Change, int]:
        """How many cells opened, closed, rose, fell, or came under another article."""
        found: dict[Change, int] = defaultdict(int)
        for cell in self.cells.values():
            found[cell.change] += 1
        return {change: found[change] for change in LOOKS if found[change]}


def matrix(ground: Ground, narrow: Narrow, now: Day, against: Day | None = None, *, agencies: bool = False) -> Matrix:
    """Between states, or between agencies; with the difference to another day."""
    after = _reaches(flows(ground, now, narrow), narrow, agencies=agencies)
    before = _reaches(flows(ground, against, narrow), narrow, agencies=agencies) if against else {}
    compared = against is not None
    cells = {place: Cell(place, after.get(place), before.get(place), compared) for place in {**after, **before}}
    names = [name for name in Category.values if not narrow.category or name == narrow.category]
    return Matrix(names, cells, compared)


def _reaches(found: Iterable[Flow], narrow: Narrow, *, agencies: bool) -> dict[Place, Reach]:
    rows: dict[Place, list[Flow]] = defaultdict(list)
    for flow in found:
        item = flow.channel
        ends = (str(item.sender), str(item.receiver)) if agencies else (flow.giver, flow.taker)
        for category in item.categories:
            if narrow.category in ("", category):
                rows[(*ends, category)].append(flow)
    return {place: Reach(tuple(flows)) for place, flows in rows.items()}


def governing_of(reach: Reach, ground: Ground, day: Day) -> Governing | None:
    """Where several agreements cover the flow on the day: which governs."""
    items = [flow.channel for flow in reach.sharing or reach.flows]
    return governing(items, day.known(ground.treaties), day.instant(items[0].treaty), ground.relations)
