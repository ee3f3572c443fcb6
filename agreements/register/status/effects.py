"""From when a single fact works, strikes, or is lifted."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from agreements.register.choices import LEAVING
from agreements.register.facts import ActionFact, Country, DesignationFact, Instant, Treaty, remembered

Pair = frozenset[Country]
ON_PAPER: Pair = frozenset()


@dataclass(frozen=True)
class Gap:
    """What is missing: a short code for tests and the ledger, and a sentence for people."""

    code: str
    sentence: str


def confirmed_at(confirmed: Mapping[Country, Instant], pair: Pair) -> Instant | None:
    """When the last of the pair stood behind the fact; None while one of them does not."""
    latest = None
    for country in pair:
        instant = confirmed.get(country)
        if instant is None:
            return None
        if latest is None or instant > latest:
            latest = instant
    return latest


def known(fact: ActionFact, at: Instant, pair: Pair) -> bool:
    """Whether the fact counts at all: recorded, and between two parties also confirmed by both."""
    if fact.recorded_at > at:
        return False
    confirmed = confirmed_at(fact.confirmed, pair) if pair else fact.recorded_at
    return confirmed is not None and confirmed <= at


def effect(treaty: Treaty, fact: ActionFact, at: Instant, pair: Pair) -> Instant | None:
    """From when a fact that widens works by `at`, or None: the later of its first day and the confirmations."""
    if fact.until is not None and fact.until < treaty.day(at):
        return None
    return begins(treaty, fact, at, pair)


def begins(treaty: Treaty, fact: ActionFact, at: Instant, pair: Pair) -> Instant | None:
    """As `effect`, for a fact that may be over by `at`."""
    starts = treaty.start_of(fact.starts)
    if starts > at or fact.recorded_at > at:
        return None
    if not pair:
        return starts
    confirmed = confirmed_at(fact.confirmed, pair)
    return max(starts, confirmed) if confirmed is not None and confirmed <= at else None


def strikes(treaty: Treaty, fact: ActionFact, at: Instant) -> bool:
    """Whether a fact that narrows works at `at`: at once when recorded, from its first day on (R22)."""
    if fact.recorded_at > at or fact.starts > treaty.day(at):
        return False
    return fact.until is None or treaty.day(at) <= fact.until


def lifted(treaty: Treaty, fact: ActionFact, clause: uuid.UUID, at: Instant, pair: Pair) -> bool:
    """Whether a fact that narrows is lifted for the clause. Lifting widens: between two it needs both."""
    return any(
        other.lifts == fact.id and other.concerns(clause) and effect(treaty, other, at, pair) is not None
        for other in treaty.actions
    )


@remembered
def left_on(treaty: Treaty, party: Country, at: Instant) -> date | None:
    """The day on which the party's last denunciation or withdrawal took effect, by `at`."""
    if treaty.kinds.isdisjoint(LEAVING):
        return None
    days = [
        fact.starts
        for fact in treaty.actions
        if fact.kind in LEAVING and fact.country == party and strikes(treaty, fact, at)
    ]
    return max(days, default=None)


def designated(treaty: Treaty, rows: Iterable[DesignationFact], at: Instant, pair: Pair) -> Instant | Gap:
    """Since when one of the designations of an agency by its party works between the two.

    One that follows another without a break runs on (R15). Withdrawing one acts at once.
    """
    spans: list[Span] = []
    gap = Gap("designation", "The agency is not designated")
    for row in rows:
        begin = _designated_from(treaty, row, at, pair)
        if isinstance(begin, Gap):
            gap = begin
            continue
        ends = [treaty.start_after(row.ends)] if row.ends else []
        ends += [row.withdrawn_at] if row.withdrawn_at is not None and row.withdrawn_at <= at else []
        spans.append((begin, min(ends, default=None)))
    if len(spans) == 1 and spans[0][1] is None:
        return spans[0][0]
    running = [begin for begin, end in spans if end is None or at < end]
    if running:
        return unbroken(min(running), spans)
    return Gap("designation", "The designation is over") if spans else gap


def _designated_from(treaty: Treaty, row: DesignationFact, at: Instant, pair: Pair) -> Instant | Gap:
    if row.recorded_at > at or row.starts > treaty.day(at):
        return Gap("designation", f"{row.country}'s designation is not in effect")
    confirmed = confirmed_at(row.confirmed, pair)
    if confirmed is None or confirmed > at:
        return Gap("designation_unconfirmed", f"{row.country}'s designation is not confirmed by both sides")
    return max(treaty.start_of(row.starts), confirmed)


Span = tuple[Instant, Instant | None]


def unbroken(since: Instant, spans: Iterable[Span]) -> Instant:
    """The start of what runs without a break up to `since` and on. Spans end with their last instant excluded."""
    for begin, end in sorted(spans, key=lambda span: span[0], reverse=True):
        if begin < since and (end is None or end >= since):
            since = begin
    return since
