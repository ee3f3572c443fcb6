"""What the sharing panels of a record page show, worked out by the policy for the reader at hand."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.register import facts
from agreements.register.models import Agreement
from agreements.sharing.asof import record_at, releases_at
from agreements.sharing.disclosure import openings_by_agency
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import (
    Access,
    Channel,
    Decision,
    Proposal,
    Reader,
    breadth,
    channel,
    decide,
    readers,
)
from agreements.sharing.policy.channel import designated_agencies


@dataclass
class RecordPanels:
    """For its owner: who sees it. For everybody else: why they do (R26)."""

    record: Record
    is_owner: bool
    why: Decision
    sees: list[Reader] = field(default_factory=list)
    blocked: list[Reader] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    openings: list[dict[str, Any]] = field(default_factory=list)
    may_release: bool = False
    may_mark: bool = False
    may_ask: bool = False
    own: str = ""

    # Of another instant: nothing can be done about it.
    at: datetime | None = None

    @property
    def opened_by(self) -> list[Agency]:
        """The agencies whose officers opened it: they are told what becomes of it (R16)."""
        return list(dict.fromkeys(row["agency"] for row in self.openings))


def panels_then(record: Record, access: Access, at: datetime, known: datetime | None = None) -> RecordPanels:
    """For its owner: who saw it at `at`, by the facts recorded by then, or (`known`) as it should have been (R14)."""
    then = record_at(record, at)
    found = RecordPanels(then, True, decide(access, record), own=record.owner.short, at=at)
    rows = releases_at(then, at)
    found.releases = [row for row in rows if row.clause_id]
    for reader in readers(then, rows, at, known):
        if reader.clause is not None:
            (found.sees if reader.sees else found.blocked).append(reader)
    return found


def panels_of(record: Record, access: Access) -> RecordPanels:
    found = RecordPanels(record, access.owns(record.owner_id), decide(access, record), own=record.owner.short)
    if not found.is_owner:
        return found
    rows = (
        record.releases.standing()
        .with_audience()
        .select_related("audience__agency", "audience__country", "audience__unit", "provider")
    )
    found.releases = [row for row in rows if row.clause_id]
    for reader in readers(record, rows, access.at):
        if reader.clause is not None:
            (found.sees if reader.sees else found.blocked).append(reader)
    found.openings = openings_by_agency(record)
    found.may_release = bool(decide(access, record, "release"))
    found.may_mark = bool(decide(access, record, "mark"))
    found.may_ask = access.appointment is not None and access.appointment.may(Permission.RECORD_ASK_WHO)
    return found


@dataclass(frozen=True)
class ReleasePreview:
    """Who would see a record by a proposed release: agencies with officers new to it, those that see it already as
    widely and as long, and who not. Of the first, those that see it in part or for a time have `so_far`.
    `shortens`: the release to the same audience whose place it takes, and which would have ended later."""

    gained: list[Reader]
    already: list[Reader]
    blocked: list[Reader]
    shortens: Proposal | None = None


def preview_release(record: Record, proposal: Proposal, at: datetime) -> ReleasePreview:
    """By the same function that decides afterwards (R20, R27)."""
    standing = [Proposal.of(row) for row in record.releases.standing().with_audience()]
    before = breadth.seeing(readers(record, standing, at))
    replaced = (row for row in standing if breadth.takes_the_place_of(proposal, row))
    preview = ReleasePreview([], [], [], next((row for row in replaced if not breadth.lasts(proposal, row)), None))
    for reader in readers(record, [proposal], at):
        have = before.get(reader.agency, [])
        if not reader.sees:
            preview.blocked.append(reader)
        elif breadth.uncovered([reader], [item for item in have if breadth.lasts(item.proposal, proposal)], at):
            so_far = tuple(item.proposal for item in breadth.widest(have, at))
            preview.gained.append(replace(reader, so_far=so_far))
        else:
            preview.already.append(reader)
    return preview


@dataclass(frozen=True)
class Flow:
    """One line of "what may flow from whom to whom"."""

    clause: Any
    sender: Agency
    receiver: Agency
    channel: Channel


def flows_of(agreement: Agreement, at: datetime, known: datetime | None = None) -> list[Flow]:
    """Every open channel of the agreement at an instant: by the facts recorded by then, or (`known`) by those recorded
    by that one, as they should have counted (R14)."""
    treaties = facts.load([agreement.pk])
    if known is not None:
        treaties = {key: facts.as_known(treaty, known) for key, treaty in treaties.items()}
    treaty = treaties[agreement.pk]
    agencies = Agency.objects.select_related("country").in_bulk(
        treaty.standing({d.agency for d in treaty.designations}, at)
    )
    found = []
    for clause in treaty.clauses:
        named = designated_agencies(treaty, clause, at) - treaty.succeeded(at)
        for sender in sorted(named):
            for receiver in sorted(named - {sender}):
                item = channel(treaties, treaty, clause, sender, receiver, at)
                if isinstance(item, Channel):
                    found.append(Flow(clause, agencies[sender], agencies[receiver], item))
    return found
