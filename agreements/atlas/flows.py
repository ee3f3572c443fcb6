"""What flows from whom to whom on a day, over all agreements that the reader's state may know (R23).

The channels are those of the access decision itself (`sharing.policy`): nothing is worked out here a second time.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import combinations

from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.register import facts
from agreements.register.choices import ClauseKind, RelationKind
from agreements.register.facts import ClauseFact, Country, Instant, Treaties, Treaty
from agreements.register.models import Agreement, Relation
from agreements.sharing.policy import Channel, search_channel
from agreements.sharing.policy.channel import channels


@dataclass(frozen=True)
class Day:
    """Of which day it is asked: now, or a day past or ahead, by all that is known now."""

    now: Instant
    on: date | None = None

    def instant(self, treaty: Treaty) -> Instant:
        """Now, or noon of the day in the agreement's zone."""
        return self.now if self.on is None else datetime.combine(self.on, time(12), tzinfo=treaty.zone)

    def known(self, treaties: Treaties) -> Treaties:
        """The facts as they count on that day: of another day, all that is recorded by now (R14)."""
        if self.on is None:
            return treaties
        return {key: facts.as_known(treaty, self.now) for key, treaty in treaties.items()}


@dataclass(frozen=True)
class Ground:
    """The agreements that the reader may know, as rows and as facts, and those that these lean on."""

    agreements: dict[uuid.UUID, Agreement]
    treaties: Treaties
    own: Country
    # Of two of these agreements the one that amends or replaces the other, and the other: what it is to it.
    relations: Mapping[tuple[uuid.UUID, uuid.UUID], str] = field(default_factory=dict)

    @property
    def treaties_known(self) -> list[Treaty]:
        return [self.treaties[key] for key in self.agreements]

    @property
    def parties(self) -> frozenset[Country]:
        """Every state of these agreements."""
        return frozenset[Country]().union(*(treaty.parties for treaty in self.treaties_known))

    def told(self, sentence: str) -> str:
        """The sentence, unless it names an agreement that the reader may not know (R17)."""
        hidden = (treaty.short_name for key, treaty in self.treaties.items() if key not in self.agreements)
        return "It does not apply between these two" if any(name in sentence for name in hidden) else sentence


def ground_of(by: Appointment) -> Ground:
    """In a constant number of queries."""
    rows = Agreement.objects.visible_to(by).filter(registered_at__isnull=False)
    found = {row.pk: row for row in rows.select_related("made_under")}
    amending = Relation.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=timezone.now().date()),
        kind__in=(RelationKind.AMENDS, RelationKind.SUCCEEDS),
        agreement__in=found,
        other__in=found,
    )
    rows_between = amending.values_list("agreement", "other", "kind") if found else []
    relations = {(one, other): kind for one, other, kind in rows_between}
    return Ground(found, facts.load(found) if found else {}, by.agency.country_id, relations)


@dataclass(frozen=True)
class Narrow:
    """Which flows are asked for. Empty: all."""

    # Both sides are among these, if any are named; and one of them is `own`.
    own: Country = ""
    partner: Country = ""
    category: str = ""
    kind: str = ""
    # Exactly from this one, or to that one: a state, or an agency.
    sender: str = ""
    receiver: str = ""

    def clause(self, clause: ClauseFact) -> bool:
        if not (clause.categories and clause.purposes):
            return False
        return (not self.kind or clause.kind == self.kind) and (not self.category or self.category in clause.categories)

    def states(self, giver: Country, taker: Country) -> bool:
        ends = (giver, taker)
        return (not self.own or self.own in ends) and (not self.partner or self.partner in ends)

    def agencies(self, giver: uuid.UUID, taker: uuid.UUID, named: Mapping[uuid.UUID, Collection[Country]]) -> bool:
        """Whether a flow between these agencies can be one of them at all; each acts for the states `named`."""
        if not any(self.states(one, other) for one in named[giver] for other in named[taker]):
            return False
        return all(
            side in ("", str(agency)) or side in named[agency]
            for side, agency in ((self.sender, giver), (self.receiver, taker))
        )

    def ends(self, flow: "Flow") -> bool:
        return self.sender in ("", flow.giver, str(flow.channel.sender)) and self.receiver in (
            "",
            flow.taker,
            str(flow.channel.receiver),
        )


@dataclass(frozen=True)
class Flow:
    """One open channel; of a hit/no-hit article, one by which `receiver` may only ask what `sender` indexed (R19)."""

    channel: Channel
    searching: bool = False

    @property
    def giver(self) -> Country:
        return self.channel.sender_party

    @property
    def taker(self) -> Country:
        return self.channel.receiver_party


def flows(ground: Ground, day: Day, narrow: Narrow = Narrow()) -> Iterator[Flow]:
    """Every open flow of that day among those asked for."""
    treaties = day.known(ground.treaties)
    for key in ground.agreements:
        treaty = treaties[key]
        clauses = [clause for clause in treaty.clauses if narrow.clause(clause)]
        if clauses:
            yield from _of_treaty(treaties, treaty, clauses, day.instant(treaty), narrow)


@dataclass
class _Named:
    """The agencies that act under one agreement, each with the states for which it may."""

    treaty: Treaty
    at: Instant
    states: dict[uuid.UUID, frozenset[Country]] = field(init=False)

    def __post_init__(self) -> None:
        keys = self.treaty.standing({row.agency for row in self.treaty.designations}, self.at)
        self.states = {}
        for key in sorted(keys - self.treaty.succeeded(self.at)):
            stood = self.treaty.stands_for(key, self.at)
            self.states[key] = frozenset(row.country for row in self.treaty.designations if row.agency in stood)


def _of_treaty(
    treaties: Treaties, treaty: Treaty, clauses: Collection[ClauseFact], at: Instant, narrow: Narrow
) -> Iterator[Flow]:
    named = _Named(treaty, at).states
    for one, other in combinations(named, 2):
        ways = [way for way in ((one, other), (other, one)) if narrow.agencies(*way, named)]
        if ways:  # Both ways by the same facts, whose answers are remembered.
            between = treaty.between(one, other)
            for sender, receiver in ways:
                yield from _between(treaties, between, clauses, sender, receiver, at, narrow)


def _between(
    treaties: Treaties,
    treaty: Treaty,
    clauses: Collection[ClauseFact],
    sender: uuid.UUID,
    receiver: uuid.UUID,
    at: Instant,
    narrow: Narrow,
) -> Iterator[Flow]:
    for clause in clauses:
        for item in _open(treaties, treaty, clause, sender, receiver, at):
            if narrow.states(item.giver, item.taker) and narrow.ends(item):
                yield item


def _open(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, sender: uuid.UUID, receiver: uuid.UUID, at: Instant
) -> Iterator[Flow]:
    if clause.kind == ClauseKind.HIT_NO_HIT:
        found = search_channel(treaties, treaty, clause, sender, receiver, at)
        if isinstance(found, Channel):
            yield Flow(found, searching=True)
        return
    for item in channels(treaties, treaty, clause, sender, receiver, at):
        yield Flow(item)
