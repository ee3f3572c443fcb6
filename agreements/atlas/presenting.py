"""The matrix as a page lays it out, and one flow with its articles."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from agencies.directory.models import Agency, Classification, Country
from agreements.atlas.flows import Day, Ground, Narrow
from agreements.atlas.forms import MatrixFilter
from agreements.atlas.matrix import Cell, Change, Line, Matrix, matrix
from agreements.atlas.network import edges
from agreements.register.choices import ClauseKind
from agreements.register.facts import ClauseFact
from agreements.register.models import Agreement
from agreements.register.status import State, agreement_state

# More states than this: everybody with everybody in every category is asked from one sender at a time.
MANY = 12


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    day: Day
    against: Day | None
    narrow: Narrow
    agencies: bool = False
    changes: bool = False
    query: Mapping[str, str] = field(default_factory=dict)


def asked(form: MatrixFilter, ground: Ground, now: Any) -> Asked:
    """From the filters; a fault in one leaves the others to work."""
    form.is_valid()
    values: dict[str, Any] = form.cleaned_data
    category, partner = values.get("category", ""), values.get("partner", "")
    own = "" if values.get("between") == "all" else ground.own
    query = {name: form.data[name] for name in ("on", "against", "by", "kind") if form.data.get(name)}
    return Asked(
        day=Day(now, values.get("on")),
        against=Day(now, values["against"]) if values.get("against") else None,
        narrow=Narrow(own=own, partner=partner, category=category, kind=values.get("kind", "")),
        agencies=values.get("by") == "agencies",
        changes=bool(values.get("changes")),
        query={name: text for name, text in query.items() if name in values},
    )


def sides_of(ground: Ground, *, agencies: bool) -> frozenset[str]:
    """Every state, or every agency, that the reader may know of from its agreements (R17)."""
    if not agencies:
        return ground.parties
    named = {row.agency for treaty in ground.treaties_known for row in treaty.designations}
    heirs = {row.successor for treaty in ground.treaties_known for row in treaty.successions}
    return frozenset(map(str, named | heirs))


@dataclass(frozen=True)
class End:
    """A side of a flow as a page names it."""

    key: str
    name: str
    agency: Agency | None = None

    @property
    def short(self) -> str:
        return self.agency.short if self.agency else self.key


def ends_of(keys: Iterable[str], *, agencies: bool) -> dict[str, End]:
    """Their names, in one query."""
    if agencies:
        rows = Agency.objects.select_related("country").in_bulk([uuid.UUID(key) for key in keys])
        return {str(key): End(str(key), str(row), row) for key, row in rows.items()}
    return {row.pk: End(row.pk, row.name) for row in Country.objects.filter(pk__in=list(keys))}


# Ceilings in a cell; the words stand in the legend and for screen readers.
LETTERS = {0: "U", 1: "R", 2: "C", 3: "S", 4: "TS"}


@dataclass(frozen=True)
class ShownCell:
    cell: Cell
    address: str

    @property
    def letter(self) -> str:
        return LETTERS[self.cell.reach.ceiling] if self.cell.reach else "–"

    @property
    def words(self) -> str:
        """What a screen reader says of the cell."""
        reach = self.cell.reach
        if reach is None:
            found = "no article"
        else:
            found = "hit/no-hit search, follow-up up to " if reach.searching else "up to "
            found += Classification(reach.ceiling).label
            more = len({item.treaty.id for item in reach.articles})
            found += f", {more} agreements" if more > 1 else ""
        return found if self.cell.change == Change.SAME else f"{found}, {self.cell.change.words}"

    @property
    def agreements(self) -> int:
        return len({item.treaty.id for item in self.cell.reach.articles}) if self.cell.reach else 0


@dataclass(frozen=True)
class ShownLine:
    sender: End
    receiver: End
    line: Line
    cells: list[ShownCell]

    @property
    def telling(self) -> list[ShownCell]:
        """The cells with something to say: for a telephone."""
        return [shown for shown in self.cells if shown.cell.reach or shown.cell.before]


@dataclass(frozen=True)
class Block:
    """All lines from one sender."""

    sender: End
    lines: list[ShownLine]


@dataclass(frozen=True)
class Sheet:
    """The matrix as it is drawn: lines by category or, of one category, a square of senders and receivers."""

    asked: Asked
    matrix: Matrix
    blocks: list[Block]
    senders: list[End]
    receivers: list[End]
    sender: str = ""

    @property
    def square(self) -> bool:
        return bool(self.asked.narrow.category) and not self.sender

    @cached_property
    def grid(self) -> list[tuple[End, list[ShownCell | None]]]:
        """Rows of the square. None: the side itself."""
        cells = {(b.sender.key, line.receiver.key): line.cells[0] for b in self.blocks for line in b.lines}
        rows = [block.sender for block in self.blocks]
        return [(one, [self._spot(cells, one, other) for other in self.receivers]) for one in rows]

    def _spot(self, cells: dict[tuple[str, str], ShownCell], one: End, other: End) -> ShownCell | None:
        found = cells.get((one.key, other.key))
        if found is not None or one.key == other.key:
            return found
        cell = self.matrix.cell(one.key, other.key, self.asked.narrow.category)
        return ShownCell(cell, address_of(self.asked, cell))


def address_of(asked: Asked, cell: Cell) -> str:
    """The query of the page of one flow."""
    sender, receiver, category = cell.place
    return urlencode({"sender": sender, "receiver": receiver, "category": category, **asked.query})


def acting_of(ground: Ground, *, agencies: bool) -> frozenset[str]:
    """Every state that designated an agency, or every agency that was: those that can be a side of a flow."""
    rows = [row for treaty in ground.treaties_known for row in treaty.designations]
    heirs = {str(row.successor) for treaty in ground.treaties_known for row in treaty.successions}
    return frozenset({str(row.agency) for row in rows} | heirs if agencies else {row.country for row in rows})


def is_too_wide(asked: Asked, ground: Ground) -> bool:
    """Everybody with everybody in every category, of so many that nobody reads it: one sender at a time then."""
    narrow = asked.narrow
    return not (narrow.own or narrow.partner or narrow.category or narrow.sender) and len(ground.parties) > MANY


def sheet_of(asked: Asked, ground: Ground, sender: str = "") -> Sheet:
    """Worked out and laid out. Only lines with something open, then or now, are drawn."""
    acting = acting_of(ground, agencies=asked.agencies)
    chosen = sender if sender in acting else ""
    if not chosen and is_too_wide(asked, ground) and acting:
        chosen = ground.own if ground.own in acting else min(acting)
    asked = replace(asked, narrow=replace(asked.narrow, sender=chosen))
    found = matrix(ground, asked.narrow, asked.day, asked.against, agencies=asked.agencies)
    pairs = [pair for pair in found.pairs if not asked.changes or found.line(*pair).has_changed]
    senders = acting if chosen else {one for one, _ in pairs}
    ends = ends_of({key for pair in pairs for key in pair} | senders, agencies=asked.agencies)
    pairs = sorted((p for p in pairs if p[0] in ends and p[1] in ends), key=lambda p: _order(p, ends, ground))
    shown = [_line(asked, found, ends, pair) for pair in pairs]
    blocks = [Block(ends[key], list(lines)) for key, lines in groupby(shown, key=lambda line: line.sender.key)]
    receivers = sorted({line.receiver.key for line in shown}, key=lambda key: ends[key].name)
    first = sorted((ends[key] for key in senders if key in ends), key=lambda end: (end.key != ground.own, end.name))
    return Sheet(asked, found, blocks, first, [ends[key] for key in receivers], chosen)


def _order(pair: tuple[str, str], ends: dict[str, End], ground: Ground) -> tuple[Any, ...]:
    """The own state first, then by name."""
    return tuple((end.key != ground.own, end.name) for end in (ends[pair[0]], ends[pair[1]]))


def _line(asked: Asked, found: Matrix, ends: dict[str, End], pair: tuple[str, str]) -> ShownLine:
    line = found.line(*pair)
    cells = [ShownCell(cell, address_of(asked, cell)) for cell in line.cells]
    return ShownLine(ends[pair[0]], ends[pair[1]], line, cells)


@dataclass(frozen=True)
class Bundle:
    """An agreement that binds two states, with the articles that do."""

    agreement: Agreement
    state: State
    articles: list[tuple[ClauseFact, str]]


def ties_of(ground: Ground, day: Day, one: str, other: str) -> list[Bundle]:
    """The agreements between two states on the day."""
    pair = (one, other) if one < other else (other, one)
    found = next((edge for edge in edges(ground, day, around=pair[0]) if edge.pair == pair), None)
    if found is None:
        return []
    treaties = day.known(ground.treaties)
    labels = dict(ClauseKind.choices)
    bundles = []
    for key in found.agreements:
        clauses = [tie.clause for tie in found.ties if tie.agreement == key]
        state = agreement_state(treaties, treaties[key], day.instant(treaties[key]))
        bundles.append(
            Bundle(ground.agreements[key], state, [(row, labels.get(row.kind, row.kind)) for row in clauses])
        )
    return sorted(bundles, key=lambda bundle: bundle.agreement.short_name)
