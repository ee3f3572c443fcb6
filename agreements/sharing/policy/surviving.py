"""What was shared under a clause that survives stays readable after the end; nothing new goes that way (R4).

A clause survives the termination or expiry of its agreement and a party's withdrawal, looking back to the ends of
the agreements above too. It survives no suspension, reservation, objection or lost designation.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from itertools import product

from agreements.register.choices import LEAVING, ActionKind
from agreements.register.facts import ClauseFact, Instant, Treaties, Treaty, corrected
from agreements.register.status import Pair, last_day, narrowed, stays_narrowed, strikes
from agreements.sharing.policy.channel import (
    AgencyKey,
    Asked,
    Channel,
    as_of,
    channels,
    designated_agencies,
    is_asked,
)

EVE = timedelta(microseconds=1)


def surviving(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, sender: AgencyKey, receiver: AgencyKey, at: Instant
) -> Iterator[Channel]:
    """The channels between two agencies that ended by `at` and survive, each as it was on the eve of its end."""
    if not clause.survives:
        return
    # What the one was given or gave, those that stand for it keep (R30).
    givers, takers = treaty.stands_for(sender, at), treaty.stands_for(receiver, at)
    giving, taking = _kept(treaty, givers, at), _kept(treaty, takers, at)
    for end in sorted(_ends(treaties, treaty, giving | taking, at)):
        eve = end.astimezone(UTC) - EVE
        for giver, taker in product(givers, takers):
            for item in channels(treaties, treaty, clause, giver, taker, eve):
                pair = frozenset({item.sender_party, item.receiver_party})
                ours = item.sender_party in giving and item.receiver_party in taking
                own = as_of(item, sender, receiver, at)
                if ours and isinstance(own, Channel) and end in _ends(treaties, treaty, pair, at):
                    yield from _now(treaties, treaty, clause, replace(own, till=end), pair, at)


def _kept(treaty: Treaty, agencies: Collection[AgencyKey], at: Instant) -> Pair:
    """The parties that named one of these. A designation that was withdrawn is lost; one that ran out with its
    agreement is not."""
    rows = (row for row in treaty.designations if row.agency in agencies)
    return frozenset(row.country for row in rows if row.withdrawn_at is None or row.withdrawn_at > at)


def _now(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, item: Channel, pair: Pair, at: Instant
) -> Iterator[Channel]:
    """The channel as what narrows today leaves it."""
    if stays_narrowed(treaties, treaty, clause, pair, at):
        return
    categories, ceiling = narrowed(treaties, treaty, clause, pair, at, (item.sender_party, item.receiver_party))
    if categories & item.categories:
        yield replace(item, categories=categories & item.categories, ceiling=min(ceiling, item.ceiling))


def _ends(treaties: Treaties, treaty: Treaty, parties: Pair, at: Instant) -> set[Instant]:
    """When, by `at`, the agreement, or one above it, ended or was left by one of the parties."""
    # Of many parties at once all that is on record, corrected or not; the two that a channel is between say which.
    treaty = treaty if len(parties) > 2 else corrected(treaty, at, parties)
    found = set()
    last = last_day(treaty, at, parties)
    if last is not None and last < treaty.day(at):
        found.add(treaty.start_after(last))
    for fact in treaty.actions:
        leaves = fact.kind in LEAVING and fact.country in parties
        if (leaves or fact.kind == ActionKind.TERMINATION) and strikes(treaty, fact, at):
            found.add(treaty.start_of(fact.starts))
    if treaty.made_under_agreement is not None:
        found |= _ends(treaties, treaties[treaty.made_under_agreement], parties, at)
    return found


def surviving_of(treaties: Treaties, agency: AgencyKey, at: Instant, asked: Asked = None) -> Iterator[Channel]:
    """Every channel to the agency that is over and survives; of those `asked` for alone."""
    for treaty in treaties.values():
        for clause in treaty.clauses:
            if clause.survives and (asked is None or clause.id in asked):
                for other in designated_agencies(treaty, clause, at):
                    if is_asked(asked, clause, other):
                        yield from surviving(treaties, treaty, clause, other, agency, at)
