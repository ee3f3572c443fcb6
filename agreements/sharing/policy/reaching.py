"""Which agencies one release reaches, and what is missing for each: of releases that exist and proposed ones alike."""

import uuid
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from agencies.directory.models import Appointment, Classification
from agreements.register import facts
from agreements.register.choices import Category, Purpose
from agreements.register.facts import ClauseFact, Treaties, Treaty, day_words
from agreements.register.models import Clause
from agreements.sharing.choices import OWN_KINDS, WHOLE_KINDS, AudienceKind, Tlp, widest_tlp
from agreements.sharing.models import Participation, Release
from agreements.sharing.policy.channel import Channel, Missing, channel, channels, designated_agencies
from agreements.sharing.policy.continuing import continuing
from agreements.sharing.policy.surviving import surviving


class Marked(Protocol):
    """What a record, or a form that will become one, tells about itself."""

    categories: list[str]
    classification: int
    tlp: int
    rel_to: list[str] | None


@dataclass(frozen=True)
class Proposal:
    """A release as the policy sees it: made, or only proposed. `part` names the unit or function of the agency."""

    kind: AudienceKind
    provider_id: uuid.UUID
    clause: Clause | None = None
    purpose: str = ""
    country_id: str | None = None
    agency_id: uuid.UUID | None = None
    part: str = ""
    unit_id: uuid.UUID | None = None
    circle_id: uuid.UUID | None = None
    circle_kind: str | None = None
    named: Appointment | None = None
    released_at: datetime | None = None
    until: datetime | None = None
    # Onward: the release by which the provider got it (R11).
    via_id: uuid.UUID | None = None

    @classmethod
    def of(cls, release: Release) -> "Proposal":
        """The same view of a row. A named officer counts for the agency of the appointment."""
        audience = release.audience
        named = audience.appointment.agency_id if audience.appointment else None
        return cls(
            kind=AudienceKind(audience.kind),
            provider_id=release.provider_id,
            clause=release.clause,
            purpose=release.purpose,
            country_id=audience.country_id,
            agency_id=audience.agency_id or named,
            part=str(audience.unit or audience.function),
            unit_id=audience.unit_id,
            circle_id=audience.circle_id,
            circle_kind=audience.circle.kind if audience.circle else None,
            named=audience.appointment,
            released_at=release.released_at,
            until=release.until,
            via_id=release.via_id,
        )

    @property
    def part_words(self) -> str:
        """The part of an agency that it is meant for, as its giver may be told: officers by function (R18)."""
        if self.kind in WHOLE_KINDS:
            return "the whole agency"
        if self.kind == AudienceKind.OWN_CIRCLE:
            return "its compartment"
        if self.kind == AudienceKind.CIRCLE:
            return f"those who take part in the {self.circle_kind}"
        return f"one named officer ({self.named.function})" if self.named is not None else self.part


def treaties_for(proposals: Iterable[Proposal], only: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, Treaty]:
    """The agreements by which these are made; as far as they bear on `only` these receivers."""
    rows = [proposal for proposal in proposals if proposal.clause]
    ends = {*only, *(proposal.provider_id for proposal in rows)} if only else ()
    return facts.load({p.clause.agreement_id for p in rows if p.clause}, ends=ends)


Joined = dict[tuple[uuid.UUID | None, uuid.UUID], datetime]


def joined_of(circles: set[uuid.UUID | None], at: datetime) -> Joined:
    """Since when each agency participates in each circle."""
    known = {key for key in circles if key}
    rows = Participation.objects.filter(circle__in=known, accepted_at__lte=at) if known else ()
    return {
        (row.circle_id, row.agency_id): row.accepted_at
        for row in rows
        if row.accepted_at and (row.ended_at is None or row.ended_at > at)
    }


def reached(
    record: Marked,
    proposal: Proposal,
    treaties: Treaties,
    joined: Joined,
    at: datetime,
    *,
    only: Container[uuid.UUID] | None = None,
    held: Container[tuple[uuid.UUID, uuid.UUID]] | None = None,
) -> Iterable[tuple[uuid.UUID, bool, str]]:
    """The agencies that one release is meant for (`only` these): whether each sees the record by it, and the sentence.

    `held`: what providers of onward releases hold still; None where that is asked elsewhere.
    """
    gap = _marking_gap(record, proposal, at)
    if held is not None and proposal.via_id is not None and (proposal.via_id, proposal.provider_id) not in held:
        gap = "The agency that passed it on does not see it any more itself (R11)"
    if proposal.kind in OWN_KINDS:
        yield proposal.provider_id, not gap, gap or "own officers"
        return
    assert proposal.clause is not None
    treaty = treaties[proposal.clause.agreement_id]
    clause = treaty.clause(proposal.clause.pk)
    assert clause is not None
    for key in _candidates(proposal, treaty, clause, at, only):
        parts = [joined[place] for own in treaty.stands_for(key, at) if (place := (proposal.circle_id, own)) in joined]
        if proposal.circle_id and not parts:
            continue
        ends = (proposal.provider_id, key)
        # What is only proposed goes under the later article itself (R30).
        ways = (channels, surviving, continuing) if proposal.released_at else (channels, surviving)
        found = [item for way in ways for item in way(treaties, treaty, clause, *ends, at)]
        if not found:
            missing = channel(treaties, treaty, clause, *ends, at)
            assert isinstance(missing, Missing)
            yield key, False, missing.sentence
            continue
        start = min(parts) if proposal.circle_id else None
        fitting = [item for item in found if proposal.country_id in (None, item.receiver_party)]
        gaps = [(gap or _reach_gap(record, proposal, item, start, at), item) for item in fitting]
        if gaps:
            missing_words, item = min(gaps, key=lambda pair: bool(pair[0]))
            yield key, not missing_words, missing_words or _words(proposal, item)


def _candidates(
    proposal: Proposal, treaty: Treaty, clause: ClauseFact, at: datetime, only: Container[uuid.UUID] | None
) -> list[uuid.UUID]:
    """The agencies that it may be meant for, `only` these; of those for whom another stands, the other (R30)."""
    named = {proposal.agency_id} if proposal.agency_id else designated_agencies(treaty, clause, at)
    keys = {key for key in named if key}
    heirs = {treaty.heir(key, at) for key in keys}
    keys = heirs if only is None else {key for key in keys | heirs if key in only}
    return sorted(keys - {proposal.provider_id})


def _marking_gap(record: Marked, proposal: Proposal, at: datetime) -> str:
    if proposal.named is not None and proposal.named.held_on(at) is None:
        return "Nobody is named for it there today"
    if proposal.until is not None and proposal.until <= at:
        return "The release has run out"
    if record.tlp > widest_tlp(proposal.kind, proposal.circle_kind):
        return f"{Tlp(record.tlp).label} does not travel to {proposal.kind.label.lower()} (R7)"
    return ""


def _reach_gap(record: Marked, proposal: Proposal, found: Channel, joined: datetime | None, at: datetime) -> str:
    """What is missing although the channel is open: category, ceiling, purpose, REL TO, retention, R15."""
    if not record.categories:
        return "The record carries no data category, and a clause can cover none"
    uncovered = [c for c in record.categories if c not in found.categories]
    if uncovered:
        words = ", ".join(Category(c).label.lower() for c in uncovered)
        return f"No clause here covers {words}: {found.clause.article} of the {found.treaty.short_name} does not"
    if record.classification > found.ceiling:
        level = Classification(record.classification).label
        return f"{level} is above the ceiling of {found.clause.article} ({Classification(found.ceiling).label})"
    if proposal.purpose not in found.clause.purposes:
        return f"{found.clause.article} does not name the purpose {_purpose(proposal.purpose)}"
    if record.rel_to is not None and found.receiver_party not in record.rel_to:
        return f"REL TO leaves out {found.receiver_party} (R7)"
    return _time_gap(proposal, found, joined, at)


def _purpose(purpose: str) -> str:
    return Purpose(purpose).label.lower() if purpose in Purpose.values else "(none)"


def _time_gap(proposal: Proposal, found: Channel, joined: datetime | None, at: datetime) -> str:
    released = proposal.released_at or at
    keep = found.clause.retention_days
    if keep and released <= at - timedelta(days=keep):
        return f"The retention of {found.clause.article} ({keep} days) is over"
    if found.till is not None and released >= found.till:
        return f"{found.treaty.short_name} ended: nothing new goes under {found.clause.article}"
    since = reach_since(proposal.kind, found, joined)
    if since is not None and released < since:
        return f"It was released before the channel or participation began ({day_words(since.astimezone(found.treaty.zone).date())}); extend it (R15)"
    return ""


def _words(proposal: Proposal, found: Channel) -> str:
    return f"{found.clause.article} of the {found.treaty.short_name}, {proposal.part or proposal.kind.label.lower()}"


def reach_since(kind: AudienceKind, item: Channel, joined: datetime | None) -> datetime | None:
    """From which release on an audience covers a receiver (R15); a named officer is not bounded by it."""
    if kind == AudienceKind.OFFICER:
        return None
    return max(item.since, joined) if joined is not None else item.since
