"""Onward transfer (R11): what a receiver may do with what it received, and whether it holds it still.

A release by a receiver leans on the one by which that receiver got the record (`Release.via`). It is live only while
that one is itself live for the receiver, and so on up to the originator.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agreements.register.choices import Onward
from agreements.register.facts import Treaties
from agreements.sharing.choices import HandlingCode
from agreements.sharing.models import Record, Release
from agreements.sharing.policy.reaching import Proposal, joined_of, reached, treaties_for
from portal import second_lock

# Up to the originator: releases that were not meant for the reader, and that decide about it all the same.
ALL_THE_WAY = "the releases that one leans on"
STRICTER = {Onward.FREE: 0, Onward.CONSENT: 1, Onward.NEVER: 2}
Held = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class Way:
    """A release by which an agency received a record, and what the strictest rule on its way allows onward."""

    release: Release
    rule: Onward
    sentence: str


def ways_of(record: Record, found: Iterable[Release]) -> list[Way]:
    """For releases by which a receiver sees the record now: the least strict way first."""
    keys = [release.pk for release in found if release.clause_id is not None]
    with second_lock.opened(ALL_THE_WAY):
        rows = Release.objects.filter(pk__in=keys).select_related("clause__agreement") if keys else ()
        ways = [_way(record, release) for release in rows]
    return sorted(ways, key=lambda way: (STRICTER[way.rule], way.release.released_at))


def _way(record: Record, release: Release) -> Way:
    rule, words = Onward.FREE, "Every article on the way lets it go on"
    step: Release | None = release
    while step is not None:
        clause = step.clause
        assert clause is not None
        if STRICTER[Onward(clause.onward)] > STRICTER[rule]:
            rule = Onward(clause.onward)
            words = {
                Onward.CONSENT: f"{clause} lets it go on with the consent of {record.owner.short}",
                Onward.NEVER: f"{clause} does not let it go on to anybody",
            }[rule]
        step = step.via
    if STRICTER[Onward(record.onward)] > STRICTER[rule]:
        rule = Onward(record.onward)
        words = {
            Onward.CONSENT: f"It cites what goes on with consent: ask {record.owner.short} (R12)",
            Onward.NEVER: "It cites what may go on to nobody (R12)",
        }[rule]
    if rule == Onward.FREE and HandlingCode.H2 in record.handling_codes:
        rule, words = Onward.CONSENT, f"H2: no dissemination without the permission of {record.owner.short} (R10)"
    return Way(release, rule, words)


def still_held(asked: Iterable[Held], at: datetime, treaties: Treaties | None = None) -> frozenset[Held]:
    """Of pairs (release, agency that passed it on by that): those where the release is live for the agency now.

    `treaties` may hold proposed facts: they count before what is recorded. Of those loaded for the sides of one
    reader nothing is taken: an agency further up the way may have got it from a third party.
    """
    wanted = set(asked)
    if not wanted:
        return frozenset()
    rows = _with_ways(key for key, _ in wanted)
    proposed = {key: treaty for key, treaty in (treaties or {}).items() if treaty.sides is None}
    facts = treaties_for([Proposal.of(row) for row in rows.values()]) | proposed
    joined = joined_of({row.audience.circle_id for row in rows.values()}, at)
    by_release: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for key, agency in wanted:
        by_release[key].add(agency)
    for row in rows.values():
        if row.via_id is not None:
            by_release[row.via_id].add(row.provider_id)
    live = {
        (key, agency)
        for key, agencies in by_release.items()
        if key in rows and _stood(rows[key], at)
        for agency, sees, _ in reached(rows[key], Proposal.of(rows[key]), facts, joined, at, only=agencies)
        if sees
    }
    return frozenset((key, agency) for key, agency in wanted if _all_the_way(key, agency, rows, live))


def _stood(row: Release, at: datetime) -> bool:
    return row.released_at <= at and (row.revoked_at is None or row.revoked_at > at)


def _all_the_way(key: uuid.UUID, agency: uuid.UUID, rows: dict[uuid.UUID, Release], live: set[Held]) -> bool:
    while (key, agency) in live:
        row = rows[key]
        if row.via_id is None:
            return True
        key, agency = row.via_id, row.provider_id
    return False


def _with_ways(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, Release]:
    """The releases with all that they lean on, in one query for each step of the way."""
    found: dict[uuid.UUID, Release] = {}
    wanted = set(keys)
    while wanted:
        with second_lock.opened(ALL_THE_WAY):
            found |= {row.pk: row for row in Release.objects.with_audience().filter(pk__in=wanted)}
        wanted = {row.via_id for row in found.values() if row.via_id is not None} - found.keys()
    return found
