"""What recording or confirming facts would open and close between parties, before it is done.

The functions that decide afterwards are asked twice: about the facts as they stand, and with the proposed ones.
Records are counted by the room that knows them.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations
from typing import Any

from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Classification
from agreements.register import facts
from agreements.register.actions.confirming import NAMES
from agreements.register.choices import Category
from agreements.register.facts import ClauseFact, Country, Treaties, Treaty
from agreements.register.models import Agreement, Confirmation, Fact
from agreements.register.status import Gap, Pair, both_bound, designated, is_cut, narrowed
from agreements.register.status.computing import all_first_days as first_days
from portal.undone import undone


@dataclass(frozen=True)
class Opening:
    """Two parties that may share under an article, and what; `way`: in this direction, where the two differ."""

    treaty: uuid.UUID
    clause: uuid.UUID
    pair: Pair
    categories: frozenset[str]
    ceiling: int
    way: tuple[Country, Country] | None = None


@dataclass(frozen=True)
class Line:
    """An opening in words: the article, the agencies of each side, and what may flow."""

    article: str
    agreement: str
    sides: tuple[str, ...]
    data: str
    ceiling: str

    @property
    def between(self) -> tuple[str, str, tuple[str, ...]]:
        return self.article, self.agreement, self.sides


def openings(treaties: Treaties, at: datetime) -> frozenset[Opening]:
    """Every article that works between two parties at `at`, with designated agencies on both sides."""
    found: set[Opening] = set()
    for treaty in treaties.values():
        for pair in pairs_of(treaty):
            found |= _openings(treaties, treaty, pair, at)
    return frozenset(found)


def differences(before: Treaties, after: Treaties, at: datetime) -> tuple[set[Opening], set[Opening]]:
    """What `openings` has before and not after, and what after and not before. Most pairs of parties stay as they are:
    where an agreement leans on no other, those whose own acts are the same are not asked."""
    closed, opened = set[Opening](), set[Opening]()
    for key in before.keys() | after.keys():
        was, will = before.get(key), after.get(key)
        pairs = (pairs_of(was) if was else set()) | (pairs_of(will) if will else set())
        for pair in asked_anew(was, will, pairs) if was and will else pairs:
            earlier = _openings(before, was, pair, at) if was else set()
            later = _openings(after, will, pair, at) if will else set()
            closed |= earlier - later
            opened |= later - earlier
    return closed, opened


def asked_anew(was: Treaty, will: Treaty, pairs: set[Pair]) -> Iterable[Pair]:
    """The pairs of parties whose openings may differ between two sets of an agreement's facts."""
    if not (_stands_alone(was) and _stands_alone(will)) or replace(was, actions=()) != replace(will, actions=()):
        return pairs
    return (pair for pair in pairs if was.between_countries(pair).actions != will.between_countries(pair).actions)


def _stands_alone(treaty: Treaty) -> bool:
    return treaty.made_under is None and not any(clause.displaced_by for clause in treaty.clauses)


def _openings(treaties: Treaties, treaty: Treaty, pair: Pair, at: datetime) -> set[Opening]:
    between = treaty.between_countries(pair)
    opening = (clause for clause in treaty.clauses if clause.categories and clause.purposes)
    return set().union(*(_of_article(treaties, between, clause, pair, at) for clause in opening))


def pairs_of(treaty: Treaty) -> set[Pair]:
    """Parties that named agencies, two by two; of a domestic arrangement the one."""
    if len(treaty.parties) == 1:
        return {frozenset(treaty.parties)}
    return {frozenset(pair) for pair in combinations(treaty.named_by, 2)}


def _of_article(treaties: Treaties, treaty: Treaty, clause: ClauseFact, pair: Pair, at: datetime) -> set[Opening]:
    if not clause.mutual and not _runs_between(clause, pair):
        return set()
    giver, taker = (*sorted(pair), *pair)[:2]
    if isinstance(both_bound(treaties, treaty, clause, (giver, taker), at, pair), Gap):
        return set()
    if is_cut(treaty, clause.id, pair, at) or not all(named(treaty, clause, party, at, pair) for party in pair):
        return set()
    ways = ((giver, taker), (taker, giver))
    if not clause.mutual:
        ways = tuple(way for way in ways if way[0] in clause.senders and way[1] in clause.receivers)  # type: ignore[assignment]
    found = {way: narrowed(treaties, treaty, clause, pair, at, way) for way in ways}
    same = clause.mutual and len(set(found.values())) == 1
    return {
        Opening(treaty.id, clause.id, pair, categories, ceiling, None if same else way)
        for way, (categories, ceiling) in found.items()
        if categories
    }


def _runs_between(clause: ClauseFact, pair: Pair) -> bool:
    return bool(pair & clause.senders) and bool(pair & clause.receivers)


def named(treaty: Treaty, clause: ClauseFact, party: Country, at: datetime, pair: Pair) -> frozenset[uuid.UUID]:
    """The party's agencies whose designation for the article works between the two."""
    return frozenset(
        row.agency
        for row in treaty.named_by.get(party, ())
        if row.concerns(clause.id) and isinstance(designated(treaty, [row], at, pair), datetime)
    )


def family(agreement: Agreement) -> dict[uuid.UUID, Treaty]:
    """The agreement, what it leans on or continues, and what was made under its articles, down to the last."""
    keys = {agreement.pk}
    while True:
        below = Agreement.objects.filter(made_under__agreement__in=keys).values_list("pk", flat=True)
        # What was released under articles whose place these take is read under these.
        earlier = Agreement.objects.filter(clauses__continued_by__agreement__in=keys).values_list("pk", flat=True)
        more = {*below, *earlier} - keys
        if not more:
            return facts.load(keys)
        keys |= more


@dataclass(frozen=True)
class Effect:
    """How many records of a kind one agency would lose and gain."""

    agency: Agency
    kind: str
    lost: int
    gained: int


# Counts records; told by the room that knows them. Takes the officer, both sets of facts, and the instant.
Counter = Callable[[Appointment, Treaties, Treaties, datetime], list[Effect]]
_COUNTERS: list[Counter] = []


def register(counter: Counter) -> None:
    if counter not in _COUNTERS:
        _COUNTERS.append(counter)


@dataclass(frozen=True)
class Named:
    """One that the asker may see, with its address. `key` is its record's."""

    key: uuid.UUID
    title: str
    url: str


@dataclass(frozen=True)
class Footing:
    """How many of something would lose and gain their legal basis; those among them that the asker may see are named."""

    words: str
    lost: int
    gained: int
    losing: tuple[Named, ...] = ()
    gaining: tuple[Named, ...] = ()


# Finds what stands on agreements: told by the rooms of operations, patrols and meetings.
Footings = Callable[[Appointment, Treaties, Treaties, datetime], list[Footing]]
_FOOTINGS: list[Footings] = []


def register_footings(find: Footings) -> None:
    if find not in _FOOTINGS:
        _FOOTINGS.append(find)


@dataclass(frozen=True)
class Foreseen:
    """What a step would change: articles that would close and open between parties, records for each agency, and what
    would lose or gain its legal basis. `confirmed`: taken as confirmed by every party."""

    at: datetime
    closes: list[Line]
    opens: list[Line]
    effects: list[Effect]
    footings: list[Footing] = field(default_factory=list)
    confirmed: bool = False

    @property
    def nothing(self) -> bool:
        return not (self.closes or self.opens or self.effects or self.footings)

    @property
    def changing(self) -> list[tuple[Line, Line]]:
        """Articles that go on between the same, with other data or another ceiling: before, and after."""
        after = {line.between: line for line in self.opens}
        return [(line, after[line.between]) for line in self.closes if line.between in after]

    @property
    def ending(self) -> list[Line]:
        """Of those that close, the ones in whose place nothing opens."""
        going_on = {line.between for line in self.opens}
        return [line for line in self.closes if line.between not in going_on]

    @property
    def beginning(self) -> list[Line]:
        """Of those that open, the ones that open something new."""
        went_on = {line.between for line in self.closes}
        return [line for line in self.opens if line.between not in went_on]


# Writes down that these were shown, and says under which marking (R29): told by the room that keeps records.
Shown = Callable[[Any, Iterable[uuid.UUID]], Any]
_SHOWN: list[Shown] = []


def on_shown(hook: Shown) -> None:
    _SHOWN[:] = [hook]


def shown(request: Any, foreseen: Foreseen) -> Any:
    """Before it is shown: what it names is disclosed. The highest marking of that, for the page."""
    keys = [item.key for row in foreseen.footings for item in (*row.losing, *row.gaining)]
    return _SHOWN[0](request, keys) if keys and _SHOWN else None


def foresee(*, agreement: Agreement, by: Appointment, step: Callable[[], Any], confirmed: bool = False) -> Foreseen:
    """What `step`, an action of this room on the agreement, would change from its first day of effect on.

    The step itself is done and taken back, so that what is foretold is what happens (R28). Raises Refused as it does.
    `confirmed`: a fact that widens opens nothing before the others stand behind it; ask as if they all did (R22).
    """
    before = family(agreement)
    with undone():
        made = step()
        if confirmed:
            _confirm_for_all(made, by)
        after = family(agreement)
        at = _first_instant(made, before[agreement.pk], after[agreement.pk])
    closed, opened = differences(before, after, at)
    visible = Agreement.objects.visible_to(by).filter(pk__in=after).values_list("pk", flat=True)
    shown = list(visible)
    closes, opens = in_words(closed, before, at, shown), in_words(opened, after, at, shown)
    found = [effect for counter in _COUNTERS for effect in counter(by, before, after, at)]
    standing = [row for find in _FOOTINGS for row in find(by, before, after, at)]
    return Foreseen(at, closes, opens, found, standing, confirmed)


def _confirm_for_all(made: Fact, by: Appointment) -> None:
    """Only inside what is taken back."""
    parties = made.agreement.parties.exclude(country=made.recorded_for_id)  # type: ignore[attr-defined]
    known = made.confirmations.values("country")  # type: ignore[attr-defined]
    for party in parties.exclude(country__in=known):
        Confirmation.objects.create(**{NAMES[type(made)]: made}, country_id=party.country_id, confirmed_by=by)


def _first_instant(made: Any, before: Treaty, after: Treaty) -> datetime:
    """Now, or the start of a later first day of effect: a recorded one, or the one that a condition computes by now."""
    now = timezone.now()
    day = getattr(made, "effective_on", None) or getattr(made, "starts_on", None)
    computed_now = first_days(after, now) - first_days(before, now)
    days = [day] if day else [min(computed_now)] if computed_now else []
    return max([now, *map(after.start_of, days)])


def in_words(
    found: Iterable[Opening], treaties: Treaties, at: datetime, visible: Iterable[uuid.UUID] | None = None
) -> list[Line]:
    """Openings as lines for people, of the agreements that the reader may see."""
    shown = None if visible is None else set(visible)
    rows = [item for item in found if shown is None or item.treaty in shown]
    agencies = _agencies(rows, treaties)
    lines = [_line(item, treaties[item.treaty], agencies, at) for item in rows]
    return sorted(lines, key=lambda line: (line.agreement, line.article, line.sides))


def _agencies(rows: Iterable[Opening], treaties: Treaties) -> dict[uuid.UUID, Agency]:
    keys = {row.agency for item in rows for row in treaties[item.treaty].designations}
    return Agency.objects.in_bulk(keys)


def _line(item: Opening, treaty: Treaty, agencies: Mapping[uuid.UUID, Agency], at: datetime) -> Line:
    clause = treaty.clause(item.clause)
    assert clause is not None
    sides = []
    for party in item.way or sorted(item.pair):
        names = sorted(agencies[key].short for key in named(treaty, clause, party, at, item.pair))
        sides.append(f"{', '.join(names)} ({party})")
    if item.way is not None:
        sides = [" → ".join(sides)]
    data = ", ".join(Category(category).label.lower() for category in sorted(item.categories))
    ceiling = Classification(item.ceiling).label
    return Line(clause.article, treaty.short_name, tuple(sides), data, str(ceiling))
