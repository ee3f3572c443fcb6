"""The facts about treaties as plain values, loaded in a handful of queries.

The policy is a pure function of these (agreements.sharing.policy). A proposed fact, for a what-if, is one more
value in the tuple; the past is the same values filtered by what was recorded then (R14).
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache, wraps
from operator import attrgetter
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from agreements.register.choices import COUNTED, OF_ALL, ActionKind, DelayUnit, Onward
from agreements.register.days import add_months, first_of_month

_Row = TypeVar("_Row")
_Key = TypeVar("_Key")
Country = str
Instant = datetime


@dataclass(frozen=True)
class ActionFact:
    id: uuid.UUID
    kind: ActionKind
    country: Country | None
    counterpart: Country | None
    clauses: frozenset[uuid.UUID]
    done: date
    starts: date
    until: date | None
    lifts: uuid.UUID | None
    excludes: frozenset[str]
    lowers_ceiling_to: int | None
    recorded_at: Instant
    confirmed: Mapping[Country, Instant]
    # Of a reservation: the direction that it narrows alone.
    way: str = ""
    # The act that was recorded wrongly and whose place it takes.
    rectifies: uuid.UUID | None = None

    def concerns(self, clause: uuid.UUID) -> bool:
        return not self.clauses or clause in self.clauses


@dataclass(frozen=True)
class DesignationFact:
    id: uuid.UUID
    country: Country
    agency: uuid.UUID
    clauses: frozenset[uuid.UUID]
    starts: date
    ends: date | None
    recorded_at: Instant
    withdrawn_at: Instant | None
    confirmed: Mapping[Country, Instant]

    def concerns(self, clause: uuid.UUID) -> bool:
        return not self.clauses or clause in self.clauses


@dataclass(frozen=True)
class SuccessionFact:
    """From an instant on `successor`, of `country`, stands for `predecessor` (R30)."""

    predecessor: uuid.UUID
    successor: uuid.UUID
    country: Country
    starts_at: Instant


@dataclass(frozen=True)
class ClauseFact:
    id: uuid.UUID
    article: str
    kind: str
    categories: frozenset[str]
    ceiling: int
    mutual: bool
    senders: frozenset[Country]
    receivers: frozenset[Country]
    purposes: frozenset[str]
    onward: Onward
    retention_days: int | None
    starts: date | None
    ends: date | None
    survives: bool
    displaced_by: frozenset[uuid.UUID]
    recorded_at: Instant
    confirmed: Mapping[Country, Instant]
    # The article of an earlier agreement whose place it takes (R30).
    continues: uuid.UUID | None = None
    # The article as it was recorded wrongly.
    rectifies: uuid.UUID | None = None


@dataclass(frozen=True)
class Delay:
    """So long after a day: so many days, so many months, or the first day of the month that follows by so many."""

    number: int = 0
    unit: DelayUnit = DelayUnit.DAYS

    def after(self, day: date) -> date:
        if self.unit == DelayUnit.DAYS:
            return day + timedelta(days=self.number)
        return (add_months if self.unit == DelayUnit.MONTHS else first_of_month)(day, self.number)


@dataclass(frozen=True)
class ConditionFact:
    """On what the entry into force depends: so many consents (None: those of `required`, or of all parties), with those
    of `required` among them, and the delays for the first parties and for later ones."""

    id: uuid.UUID
    consents: int | None
    required: frozenset[Country]
    delay: Delay
    later: Delay
    recorded_at: Instant
    confirmed: Mapping[Country, Instant]
    rectifies: uuid.UUID | None = None


@dataclass(frozen=True)
class Treaty:
    """One agreement with all its facts. `parties` are the countries it names."""

    id: uuid.UUID
    short_name: str
    zone: ZoneInfo
    parties: frozenset[Country]
    expires_on: date | None
    made_under: uuid.UUID | None
    made_under_agreement: uuid.UUID | None
    is_draft: bool
    clauses: tuple[ClauseFact, ...]
    actions: tuple[ActionFact, ...]
    designations: tuple[DesignationFact, ...]
    # Agreements with articles that take the place of its own.
    continued_in: frozenset[uuid.UUID] = frozenset()
    # Of agencies that are designated for it.
    successions: tuple[SuccessionFact, ...] = ()
    # Between one of these countries and any other all is known of it; between two others, who confirmed what is not.
    # None: between any two. Of one that was loaded for a few agencies (`ends`), no more than counts between those.
    sides: frozenset[Country] | None = None
    # What computes its entry into force; mostly one or none.
    conditions: tuple[ConditionFact, ...] = ()
    # Renews itself by so many months, unless a party gives notice so many months before the term ends.
    renews_months: int | None = None
    renewal_notice_months: int = 0

    def day(self, at: Instant) -> date:
        """The day of `at` in the agreement's zone."""
        return _day_at(self.zone, at)

    def start_of(self, day: date) -> Instant:
        return _midnight(self.zone, day)

    def start_after(self, day: date) -> Instant:
        """The end of `day`, excluded: 00:00 of the next."""
        return self.start_of(day + timedelta(days=1))

    def clause(self, key: uuid.UUID) -> ClauseFact | None:
        return next((clause for clause in self.clauses if clause.id == key), None)

    @cached_property
    def answers(self) -> dict[Any, Any]:
        """Of functions that are `remembered`."""
        return {}

    @cached_property
    def kinds(self) -> frozenset[ActionKind]:
        """Kinds of acts on record. Most agreements know no suspension, reservation or objection at all."""
        return frozenset(fact.kind for fact in self.actions)

    @cached_property
    def corrects(self) -> bool:
        """Whether an act on record corrects another: mostly none does."""
        return any(fact.rectifies for fact in self.actions)

    @cached_property
    def _by_country(self) -> dict[Country | None, list[ActionFact]]:
        of_all = OF_ALL | COUNTED if self.conditions else OF_ALL
        return _grouped(self.actions, lambda fact: None if fact.kind in of_all else fact.country)

    @cached_property
    def by_agency(self) -> Mapping[uuid.UUID, list[DesignationFact]]:
        """The designations of each agency."""
        return _grouped(self.designations, attrgetter("agency"))

    @cached_property
    def named_by(self) -> Mapping[Country, list[DesignationFact]]:
        """The designations by each country."""
        return _grouped(self.designations, attrgetter("country"))

    def stands_for(self, agency: uuid.UUID, at: Instant) -> tuple[uuid.UUID, ...]:
        """The agency, and those designated ones that it has succeeded by `at` (R30)."""
        if not self.successions:
            return (agency,)
        return (agency, *(s.predecessor for s in self.successions if s.successor == agency and s.starts_at <= at))

    def succeeded(self, at: Instant) -> frozenset[uuid.UUID]:
        """The designated agencies for which others stand by `at`."""
        return frozenset(s.predecessor for s in self.successions if s.starts_at <= at)

    def heir(self, agency: uuid.UUID, at: Instant) -> uuid.UUID:
        """Who stands for a designated agency at `at`, at the end of the line: mostly itself."""
        rows = [s for s in self.successions if s.predecessor == agency and s.starts_at <= at]
        return max(rows, key=lambda s: s.starts_at).successor if rows else agency

    def standing(self, agencies: Collection[uuid.UUID], at: Instant) -> frozenset[uuid.UUID]:
        """These agencies, and those that stand for one of them by `at`."""
        heirs = (s.successor for s in self.successions if s.predecessor in agencies and s.starts_at <= at)
        return frozenset(agencies).union(heirs)

    def between(self, *agencies: uuid.UUID) -> "Treaty":
        """The same with no other acts than those that can count between the countries of these agencies.

        One value for the same countries, so that what is remembered of it serves all their agencies.
        """
        heirs = [s for s in self.successions if s.successor in agencies] if self.successions else []
        keys = [*agencies, *(s.predecessor for s in heirs)]
        named = {row.country for agency in keys for row in self.by_agency.get(agency, ())}
        return self.between_countries(frozenset(named.union(s.country for s in heirs)))

    def between_countries(self, countries: frozenset[Country]) -> "Treaty":
        """The same with no other acts than those that can count between these."""
        key = (Treaty.between_countries, countries)
        found: Treaty | None = self.answers.get(key)
        if found is None:
            facts = tuple(fact for country in (None, *sorted(countries)) for fact in self._by_country.get(country, ()))
            found = self if len(facts) == len(self.actions) else replace(self, actions=facts)
            # These are the same for all of them.
            found.__dict__.update(by_agency=self.by_agency, named_by=self.named_by)
            self.answers[key] = found
        return found


def _grouped(rows: Iterable[_Row], key: Callable[[_Row], _Key]) -> dict[_Key, list[_Row]]:
    found: dict[_Key, list[_Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


Treaties = Mapping[uuid.UUID, Treaty]
_A = ParamSpec("_A")
_T = TypeVar("_T")
_UNASKED = object()


def remembered(function: Callable[Concatenate[Treaty, _A], _T]) -> Callable[Concatenate[Treaty, _A], _T]:
    """A function of a treaty, asked the same for each of its clauses: the answer is kept with the value."""

    @wraps(function)
    def ask(treaty: Treaty, *args: _A.args, **kwargs: _A.kwargs) -> _T:
        key = (function, args, *kwargs.items()) if kwargs else (function, args)
        found = treaty.answers.get(key, _UNASKED)
        if found is _UNASKED:
            found = treaty.answers[key] = function(treaty, *args, **kwargs)
        return found  # type: ignore[no-any-return]

    return ask


@lru_cache(maxsize=4096)
def _midnight(zone: ZoneInfo, day: date) -> Instant:
    return datetime.combine(day, time.min, tzinfo=zone)


@lru_cache(maxsize=4096)
def _day_at(zone: ZoneInfo, at: Instant) -> date:
    return at.astimezone(zone).date()


def day_words(day: date) -> str:
    """A day as a sentence says it: "1 May 2024"."""
    return f"{day.day} {day:%B %Y}"
