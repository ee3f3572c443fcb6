"""What two sides exchanged through the one door, month by month: only what the reader sees, counted no further than
a cap."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from agreements.sharing.models import Record, Release
from agreements.sharing.policy import Access, Proposal
from agreements.sharing.policy.onward import still_held
from agreements.sharing.policy.reaching import joined_of, reached, treaties_for

# Records looked at on each side, the newest first.
CAP = 500
MONTHS = 12
Agencies = Collection[uuid.UUID]


@dataclass(frozen=True)
class Crossed:
    """A record that the reader sees, and since when it is released across."""

    record: Record
    since: datetime


@dataclass(frozen=True)
class Month:
    first: date
    given: int
    received: int


@dataclass(frozen=True)
class Exchange:
    """What they see of ours today, and what we see of theirs, by the month of the first release that lets it be."""

    given: list[Crossed]
    received: list[Crossed]
    capped: bool
    zone: ZoneInfo

    @property
    def months(self) -> list[Month]:
        given, received = (self._by_month(rows) for rows in (self.given, self.received))
        firsts = sorted({*given, *received}, reverse=True)[:MONTHS]
        return [Month(first, len(given.get(first, ())), len(received.get(first, ()))) for first in firsts]

    def rows(self, way: str, month: date | None = None) -> list[Crossed]:
        rows = self.received if way == "received" else self.given
        return rows if month is None else self._by_month(rows).get(month, [])

    def _by_month(self, rows: Iterable[Crossed]) -> dict[date, list[Crossed]]:
        found: dict[date, list[Crossed]] = defaultdict(list)
        for row in rows:
            found[row.since.astimezone(self.zone).date().replace(day=1)].append(row)
        return found


def exchange(access: Access, others: Agencies, zone: ZoneInfo) -> Exchange:
    """Between the reader's agency and these, in a constant number of queries."""
    if access.appointment is None or not others:
        return Exchange([], [], False, zone)
    given, more = _given(access, frozenset(others))
    received, still_more = _received(access, others)
    return Exchange(given, received, more or still_more, zone)


def _received(access: Access, others: Agencies) -> tuple[list[Crossed], bool]:
    """What is theirs and visible here."""
    visible = Record.objects.visible_to(access).filter(owner__in=others).select_related("owner__country")
    rows = list(visible.newest(CAP + 1))
    live = Release.objects.live_for(access).filter(content_object__in=[row.pk for row in rows], clause__isnull=False)
    since: dict[uuid.UUID, datetime] = {}
    for key, at in live.values_list("content_object", "released_at"):
        since[key] = min(at, since.get(key, at))
    return [Crossed(row, since.get(row.pk, row.recorded_at)) for row in rows[:CAP]], len(rows) > CAP


def _given(access: Access, others: frozenset[uuid.UUID]) -> tuple[list[Crossed], bool]:
    """What is our own and visible here, and seen by one of them: by the function that says so everywhere (R26)."""
    shared = Release.objects.standing().filter(content_object=OuterRef("pk"), clause__isnull=False)
    own = Record.objects.visible_to(access).filter(Exists(shared), owner__in=access.agencies)
    rows = list(own.select_related("owner__country").newest(CAP + 1))
    proposals = _proposals(rows[:CAP])
    every = [item for items in proposals.values() for item in items]
    treaties, joined = treaties_for(every), joined_of({item.circle_id for item in every}, access.at)
    held = still_held({(p.via_id, p.provider_id) for p in every if p.via_id is not None}, access.at)
    found = []
    for row in rows[:CAP]:
        since = [
            item.released_at
            for item in proposals.get(row.pk, ())
            if item.released_at
            and any(sees for _, sees, _ in reached(row, item, treaties, joined, access.at, only=others, held=held))
        ]
        found += [Crossed(row, min(since))] if since else []
    return found, len(rows) > CAP


def _proposals(rows: list[Record]) -> dict[uuid.UUID, list[Proposal]]:
    given = Release.objects.standing().filter(content_object__in=rows, clause__isnull=False).with_audience()
    found: dict[uuid.UUID, list[Proposal]] = defaultdict(list)
    for item in given:
        found[item.content_object_id].append(Proposal.of(item))
    return found
