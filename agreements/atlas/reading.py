"""One flow: the articles that open it, with their terms; and where none does, what is missing."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from agencies.directory.models import Agency
from agreements.atlas.flows import Day, Ground, Narrow
from agreements.atlas.matrix import Cell, governing_of, matrix
from agreements.atlas.precedence import Governing
from agreements.register.choices import ActionKind, ClauseKind
from agreements.register.facts import ActionFact, ClauseFact, Instant, Treaties, Treaty
from agreements.register.models import Agreement, Clause, TreatyAction
from agreements.register.status import Pair, strikes
from agreements.register.status.effects import lifted
from agreements.sharing.policy import Channel, Missing, channel, search_channel

# Reasons beyond so many would be read by nobody.
MOST = 12


@dataclass(frozen=True)
class Article:
    """One article that opens the flow, as its agreement has it and as it works between these two."""

    agreement: Agreement
    clause: Clause
    channel: Channel
    searching: bool
    governs: bool
    reservations: list[TreatyAction] = field(default_factory=list)

    @property
    def narrowed(self) -> bool:
        return self.channel.ceiling < self.clause.ceiling or bool(set(self.clause.categories) - self.channel.categories)


@dataclass(frozen=True)
class Closed:
    """An article that names the category and does not open this flow, and why."""

    agreement: Agreement
    article: str
    sentence: str


@dataclass(frozen=True)
class Reading:
    cell: Cell
    articles: list[Article]
    governing: Governing | None
    closed: list[Closed]
    # Those by which it flows.
    agencies: list[tuple[Agency, Agency]] = field(default_factory=list)


def read(
    ground: Ground, sender: str, receiver: str, category: str, now: Day, against: Day | None = None, *, kind: str = ""
) -> Reading:
    """Of two states or two agencies, by the same functions as the matrix."""
    agencies = _is_key(sender)
    narrow = Narrow(category=category, kind=kind, sender=sender, receiver=receiver)
    found = matrix(ground, narrow, now, against, agencies=agencies)
    cell = found.cell(sender, receiver, category)
    treaties = now.known(ground.treaties)
    items = cell.reach.articles if cell.reach else []
    rows = Clause.objects.in_bulk([item.clause.id for item in items])
    first = governing_of(cell.reach, ground, now) if cell.reach else None
    acts = {item.clause.id: _narrowing(treaties, item, now) for item in items}
    reservations = TreatyAction.objects.select_related("country", "agreement").in_bulk(
        {key for found in acts.values() for key in found}
    )
    articles = [
        Article(
            agreement=ground.agreements[item.treaty.id],
            clause=rows[item.clause.id],
            channel=item,
            searching=item.clause.kind == ClauseKind.HIT_NO_HIT,
            governs=first is not None and first.agreement == item.treaty.id,
            reservations=[reservations[key] for key in acts[item.clause.id] if key in reservations],
        )
        for item in items
        if item.clause.id in rows
    ]
    pairs = {(f.channel.sender, f.channel.receiver) for f in cell.reach.flows} if cell.reach else set()
    named = Agency.objects.select_related("country").in_bulk({key for pair in pairs for key in pair})
    acting = sorted(((named[one], named[other]) for one, other in pairs), key=lambda pair: [row.name for row in pair])
    open_ones = {item.clause.id for item in items}
    closed = list(_closed(ground, treaties, narrow, now, open_ones))
    return Reading(cell, articles, first, closed[:MOST], acting)


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _narrowing(treaties: Treaties, item: Channel, day: Day) -> list[uuid.UUID]:
    """The reservations that narrow it between the two, also those to the article under which it was made."""
    pair, found = frozenset({item.sender_party, item.receiver_party}), list[uuid.UUID]()
    treaty: Treaty | None = treaties[item.treaty.id]
    clause: uuid.UUID | None = item.clause.id
    while treaty is not None and clause is not None:
        at = day.instant(treaties[item.treaty.id])
        found += [fact.id for fact in treaty.actions if _narrows(treaty, fact, clause, pair, at)]
        clause, treaty = treaty.made_under, treaties.get(treaty.made_under_agreement or treaty.id)
    return found


def _narrows(treaty: Treaty, fact: ActionFact, clause: uuid.UUID, pair: Pair, at: Instant) -> bool:
    return (
        fact.kind == ActionKind.RESERVATION
        and fact.country in pair
        and fact.concerns(clause)
        and strikes(treaty, fact, at)
        and not lifted(treaty, fact, clause, at, pair)
    )


def _closed(
    ground: Ground, treaties: Treaties, narrow: Narrow, day: Day, open_ones: set[uuid.UUID]
) -> Iterator[Closed]:
    """Articles on this category that open nothing between the two, each with the first thing that is missing."""
    for key, agreement in ground.agreements.items():
        treaty = treaties[key]
        for clause in treaty.clauses:
            if clause.id in open_ones or not narrow.clause(clause):
                continue
            sentence = _why(treaties, treaty, clause, narrow, day.instant(treaty))
            if sentence:
                yield Closed(agreement, clause.article, ground.told(sentence))


def _why(treaties: Treaties, treaty: Treaty, clause: ClauseFact, narrow: Narrow, at: Instant) -> str:
    """Empty where the agreement does not concern both."""
    givers, takers = _acting(treaty, narrow.sender, at), _acting(treaty, narrow.receiver, at)
    if not (givers and takers):
        named = not _is_key(narrow.sender) and {narrow.sender, narrow.receiver} <= treaty.parties
        lacking = narrow.receiver if givers else narrow.sender
        return f"{lacking} has designated no agency for it here" if named else ""
    ask: Any = search_channel if clause.kind == ClauseKind.HIT_NO_HIT else channel
    found = [ask(treaties, treaty, clause, one, other, at) for one in givers for other in takers if one != other]
    gaps = [item for item in found if isinstance(item, Missing)]
    told = [gap for gap in gaps if gap.code not in ("not_designated", "same_party")]
    if len(gaps) < len(found):
        return "A reservation takes this category out between the two"
    return (told or gaps)[0].sentence if gaps else ""


def _acting(treaty: Treaty, side: str, at: Instant) -> list[uuid.UUID]:
    """The agencies of that side: itself, or those that the state designated."""
    keys = treaty.standing({row.agency for row in treaty.designations}, at) - treaty.succeeded(at)
    if _is_key(side):
        return [key for key in keys if str(key) == side]
    named = {row.country: set[uuid.UUID]() for row in treaty.designations}
    for key in keys:
        stood = treaty.stands_for(key, at)
        for row in treaty.designations:
            if row.agency in stood:
                named[row.country].add(key)
    return sorted(named.get(side, ()))
