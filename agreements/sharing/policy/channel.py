"""Channel(c, s, r, at): may agency s give to agency r under clause c? Pure functions of recorded facts."""

import uuid
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from agreements.register.choices import ActionKind, ClauseKind
from agreements.register.facts import ClauseFact, Country, DesignationFact, Instant, Treaties, Treaty, day_words
from agreements.register.status import Bond, Gap, Pair, both_bound, bound, designated, effect, is_cut, narrowed
from agreements.sharing.policy.displacing import displaced_until, displacing

AgencyKey = uuid.UUID


@dataclass(frozen=True)
class Channel:
    """An open channel: what it carries, and since when it runs without a break (R15)."""

    treaty: Treaty
    clause: ClauseFact
    sender: AgencyKey
    receiver: AgencyKey
    sender_party: Country
    receiver_party: Country
    since: Instant
    bound_since: Instant
    provisional: bool
    categories: frozenset[str]
    ceiling: int
    treaties: Treaties = field(repr=False, compare=False)
    # Set of one that is over and survives: it carries what was released before (agreements.sharing.policy.surviving).
    till: Instant | None = None

    @cached_property
    def in_law_since(self) -> Instant:
        """Since when it binds both by the dates of its facts alone, whenever they were confirmed here (R14)."""
        bonds = [
            bound(self.treaties, self.treaty, self.clause, party, self.bound_since)
            for party in (self.sender_party, self.receiver_party)
        ]
        return min(self.bound_since, max((b.since for b in bonds if isinstance(b, Bond)), default=self.bound_since))

    @property
    def bond_words(self) -> str:
        """How and since when it binds both, for people: "binding both since 1 May 2024 (confirmed here on …)"."""
        since, confirmed = (at.astimezone(self.treaty.zone).date() for at in (self.in_law_since, self.bound_since))
        later = f" (confirmed here on {day_words(confirmed)})" if confirmed > since else ""
        how = "applied provisionally by both" if self.provisional else "binding both"
        return f"{how} since {day_words(since)}{later}"


@dataclass(frozen=True)
class Missing:
    """What is missing for a channel: a code for tests and the ledger, a sentence for people."""

    code: str
    sentence: str


def channel(
    treaties: Treaties,
    treaty: Treaty,
    clause: ClauseFact,
    sender: AgencyKey,
    receiver: AgencyKey,
    at: Instant,
) -> Channel | Missing:
    """The channel between two agencies, or the first thing that is missing for it."""
    found = _tried(treaties, treaty, clause, sender, receiver, at)
    return next((item for item in found if isinstance(item, Channel)), found[-1])


def channels(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, sender: AgencyKey, receiver: AgencyKey, at: Instant
) -> list[Channel]:
    """Every open channel between two agencies: one that acts for two parties has one for each."""
    found = _tried(treaties, treaty, clause, sender, receiver, at)
    return [item for item in found if isinstance(item, Channel)]


def search_channel(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, owner: AgencyKey, searcher: AgencyKey, at: Instant
) -> Channel | Missing:
    """Whether `searcher` may ask under a hit/no-hit clause what `owner` indexed for it (R19), or what is missing.

    The same conditions as for a channel. Such a clause opens nothing else: no release can be made under it.
    """
    found = _tried(treaties, treaty, clause, owner, searcher, at, searching=True)
    return next((item for item in found if isinstance(item, Channel)), found[-1])


def acting_channel(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, helper: AgencyKey, helped: AgencyKey, at: Instant
) -> Channel | Missing:
    """Whether an article on what agencies do for one another works between two, though it may carry no data at all.

    The same conditions as for a channel, but for its categories and purposes. It opens nothing: a release needs `channel`.
    """
    found = _tried(treaties, treaty, clause, helper, helped, at, acting=True)
    return next((item for item in found if isinstance(item, Channel)), found[-1])


def _tried(
    treaties: Treaties,
    treaty: Treaty,
    clause: ClauseFact,
    sender: AgencyKey,
    receiver: AgencyKey,
    at: Instant,
    *,
    searching: bool = False,
    acting: bool = False,
) -> list[Channel | Missing]:
    """What comes of each pair of parties that the two act for; never empty."""
    if sender == receiver:
        return [Missing("same_agency", "An agency needs no channel to itself")]
    found: list[Channel | Missing] = [
        Missing("not_designated", f"One of the agencies is not designated for {clause.article}")
    ]
    if sender in treaty.stands_for(receiver, at) or receiver in treaty.stands_for(sender, at):
        return [Missing("same_agency", "The one stands for the other")]
    for giving in by_party(treaty, clause, sender, at):
        for taking in by_party(treaty, clause, receiver, at):
            item = _between(treaties, treaty, clause, giving, taking, at, searching=searching, acting=acting)
            found.append(as_of(item, sender, receiver, at))
    return found


def as_of(item: Channel | Missing, sender: AgencyKey, receiver: AgencyKey, at: Instant) -> Channel | Missing:
    """The channel as that of these two, of whom one may stand for the agency that was designated (R30)."""
    if isinstance(item, Missing) or (item.sender == sender and item.receiver == receiver):
        return item
    gap = _succession_gap(item, sender, receiver, at)
    return gap or replace(item, sender=sender, receiver=receiver)


def _succession_gap(item: Channel, sender: AgencyKey, receiver: AgencyKey, at: Instant) -> Missing | None:
    """Within a state a successor takes over designations as they are. An agency of another state does once that state
    has succeeded to the treaty, which both sides confirm (R22, R30)."""
    for heir, named, party, other in (
        (sender, item.sender, item.sender_party, item.receiver_party),
        (receiver, item.receiver, item.receiver_party, item.sender_party),
    ):
        country = next(
            (s.country for s in item.treaty.successions if (s.successor, s.predecessor) == (heir, named)), party
        )
        pair = frozenset({country, other})
        acts = [f for f in item.treaty.actions if f.kind == ActionKind.SUCCESSION and f.country == country]
        if country != party and not any(effect(item.treaty, fact, at, pair) for fact in acts):
            return Missing(
                "not_succeeded",
                f"{country} has not succeeded to the {item.treaty.short_name}, or not confirmed by both sides",
            )
    return None


Designations = tuple[DesignationFact, ...]


def by_party(treaty: Treaty, clause: ClauseFact, agency: AgencyKey, at: Instant) -> list[Designations]:
    """The designations for the clause of the agency and of those it stands for, together for each party that named it."""
    named: dict[Country, list[DesignationFact]] = {}
    for own in treaty.stands_for(agency, at):
        for row in treaty.by_agency.get(own, ()):
            if row.concerns(clause.id):
                named.setdefault(row.country, []).append(row)
    return [tuple(rows) for rows in named.values()]


def _between(
    treaties: Treaties,
    treaty: Treaty,
    clause: ClauseFact,
    giving: Designations,
    taking: Designations,
    at: Instant,
    *,
    searching: bool,
    acting: bool,
) -> Channel | Missing:
    parties = (giving[0].country, taking[0].country)
    pair = frozenset(parties)
    missing = (not acting and _kind_gap(clause, searching)) or _parties_gap(treaty, clause, *parties)
    if missing:
        return missing
    starts = _starts(treaty, giving, taking, at, pair)
    if isinstance(starts, Missing):
        return starts
    terms = _terms(treaties, treaty, clause, parties, at, pair)
    if isinstance(terms, Missing):
        return terms
    if not terms.categories and not acting:
        return Missing("reserved", f"A reservation leaves no data category of {clause.article}")
    return _channel(treaties, treaty, clause, giving[0], taking[0], starts, terms)


@dataclass(frozen=True)
class _Terms:
    """What an article carries between two parties, whoever their agencies are."""

    bound_since: Instant
    since: Instant
    provisional: bool
    categories: frozenset[str]
    ceiling: int


def _terms(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, parties: tuple[Country, Country], at: Instant, pair: Pair
) -> _Terms | Missing:
    """Asked once for all agencies of the two parties, where the agreement leans on no other: these may be proposed ones."""
    if treaty.made_under is not None or clause.displaced_by:
        return _worked_out(treaties, treaty, clause, parties, at, pair)
    key = (_terms, clause.id, parties, at)
    kept: tuple[ClauseFact, _Terms | Missing] | None = treaty.answers.get(key)
    if kept is None or kept[0] is not clause:
        kept = treaty.answers[key] = (clause, _worked_out(treaties, treaty, clause, parties, at, pair))
    return kept[1]


def _worked_out(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, parties: tuple[Country, Country], at: Instant, pair: Pair
) -> _Terms | Missing:
    bonds = both_bound(treaties, treaty, clause, parties, at, pair)
    if isinstance(bonds, Gap):
        return Missing(bonds.code, bonds.sentence)
    blocked = _blocked(treaties, treaty, clause, pair, at)
    if blocked:
        return blocked
    bound_since = max(bond.since for bond in bonds)
    displaced = displaced_until(treaties, clause, pair, at)
    categories, ceiling = narrowed(treaties, treaty, clause, pair, at, parties)
    return _Terms(
        bound_since=bound_since,
        since=max(bound_since, displaced) if displaced else bound_since,
        provisional=any(bond.provisional for bond in bonds),
        categories=categories,
        ceiling=ceiling,
    )


def _starts(
    treaty: Treaty, giving: Designations, taking: Designations, at: Instant, pair: frozenset[Country]
) -> list[Instant] | Missing:
    """Since when each of the two is designated. Mostly by the same facts for each clause, so it is asked once."""
    key = (_starts, at, *map(id, giving), None, *map(id, taking))
    if key not in treaty.answers:
        found = [designated(treaty, rows, at, pair) for rows in (giving, taking)]
        gap = next((item for item in found if isinstance(item, Gap)), None)
        treaty.answers[key] = Missing(gap.code, gap.sentence) if gap else found
    answer: list[Instant] | Missing = treaty.answers[key]
    return answer


def _channel(
    treaties: Treaties,
    treaty: Treaty,
    clause: ClauseFact,
    giving: DesignationFact,
    taking: DesignationFact,
    starts: list[Instant],
    terms: _Terms,
) -> Channel:
    return Channel(
        treaty=treaty,
        clause=clause,
        sender=giving.agency,
        receiver=taking.agency,
        sender_party=giving.country,
        receiver_party=taking.country,
        since=max(*starts, terms.since),
        bound_since=terms.bound_since,
        provisional=terms.provisional,
        categories=terms.categories,
        ceiling=terms.ceiling,
        treaties=treaties,
    )


def _kind_gap(clause: ClauseFact, searching: bool) -> Missing | None:
    if not (clause.categories and clause.purposes):
        return Missing("no_sharing", f"{clause.article} permits no sharing of data")
    if searching and clause.kind != ClauseKind.HIT_NO_HIT:
        return Missing("no_search", f"{clause.article} permits no hit/no-hit searches")
    if not searching and clause.kind == ClauseKind.HIT_NO_HIT:
        return Missing("no_sharing", f"{clause.article} permits hit/no-hit searches alone, no sharing of data (R19)")
    return None


def _parties_gap(treaty: Treaty, clause: ClauseFact, giver: Country, taker: Country) -> Missing | None:
    if giver == taker and len(treaty.parties) > 1:
        return Missing("same_party", "Agencies of one party share with each other only by a domestic arrangement")
    if not clause.mutual and not (giver in clause.senders and taker in clause.receivers):
        return Missing("direction", f"{clause.article} does not run from {giver} to {taker}")
    return None


def _blocked(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, pair: frozenset[Country], at: Instant
) -> Missing | None:
    if is_cut(treaty, clause.id, pair, at):
        return Missing("cut", f"{clause.article} is cut between {' and '.join(sorted(pair))}")
    other = displacing(treaties, clause, pair, at)
    if other is not None:
        return Missing("displaced", f"{other.short_name} displaces {clause.article} between these parties")
    return None


def designated_agencies(treaty: Treaty, clause: ClauseFact, at: Instant) -> frozenset[AgencyKey]:
    """Agencies that some party ever named for the clause, and those that stand for them: the candidates of a channel."""
    return treaty.standing({d.agency for d in treaty.designations if d.concerns(clause.id)}, at)


# Articles, each with the agencies at the other end that are asked for; None: all articles, with all of them.
Asked = Mapping[uuid.UUID, Container[AgencyKey]] | None


def is_asked(asked: Asked, clause: ClauseFact, other: AgencyKey) -> bool:
    """Whether channels under the article with this agency at the other end are asked for."""
    return asked is None or other in asked.get(clause.id, ())


def channels_of(
    treaties: Treaties,
    agency: AgencyKey,
    at: Instant,
    *,
    giving: bool,
    only: Container[AgencyKey] | None = None,
    asked: Asked = None,
) -> Iterator[Channel]:
    """Every open channel by which the agency gives (or receives) at `at`; `only` those agencies at the other end, and
    of those `asked` for alone."""
    for treaty in treaties.values():
        opening = [
            clause
            for clause in treaty.clauses
            if (asked is None or clause.id in asked) and _kind_gap(clause, searching=False) is None
        ]
        if not opening:
            continue
        others = treaty.standing({row.agency for row in treaty.designations}, at)
        if giving:  # Nothing new is given to one for whom another stands (R30).
            others = others - treaty.succeeded(at)
        others = frozenset(key for key in others if only is None or key in only)
        for other in others - {agency}:
            if asked is not None and not any(is_asked(asked, clause, other) for clause in opening):
                continue
            between = treaty.between(agency, other)
            ends = (agency, other) if giving else (other, agency)
            for clause in opening:
                if is_asked(asked, clause, other):
                    yield from channels(treaties, between, clause, *ends, at)


def usable_clauses(treaties: Treaties, agency: AgencyKey, at: Instant) -> dict[uuid.UUID, list[Channel]]:
    """The clauses under which the agency may give today, each with its channels: what a release may choose."""
    found: dict[uuid.UUID, list[Channel]] = {}
    for item in channels_of(treaties, agency, at, giving=True):
        found.setdefault(item.clause.id, []).append(item)
    return found
