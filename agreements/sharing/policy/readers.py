"""Which agencies see a record: the inverse of access, for previews, panels and fan-out (R26, R27).

Works on releases that exist and on proposed ones alike; what it foretells is what access then does.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Agency, Succession
from agreements.register import facts
from agreements.register.facts import Treaties
from agreements.register.models import Clause
from agreements.sharing.models import Release
from agreements.sharing.policy.onward import still_held
from agreements.sharing.policy.reaching import Marked, Proposal, joined_of, reached, treaties_for


@dataclass(frozen=True)
class Reader:
    """One agency and one release: whether it sees the record by it, or what is missing."""

    agency: Agency
    proposal: Proposal
    sees: bool
    sentence: str
    # Of a preview: the narrower or shorter releases by which it sees the record without this one.
    so_far: tuple[Proposal, ...] = ()

    @property
    def clause(self) -> Clause | None:
        return self.proposal.clause


def readers(
    record: Marked,
    releases: Iterable[Release | Proposal],
    at: datetime,
    known: datetime | None = None,
    *,
    only: Agency | None = None,
) -> list[Reader]:
    """For each release, the agencies it is meant for: who sees the record by it, and who does not and why.

    `releases` may mix rows (select_related clause, audience) and proposals. Revoked rows are left out. The facts are
    those recorded by `at`; with `known`, those recorded by then, as they should have counted at `at` (R14). `only`
    this agency is asked about.
    """
    proposals = [
        item if isinstance(item, Proposal) else Proposal.of(item)
        for item in releases
        if isinstance(item, Proposal) or item.revoked_at is None
    ]
    # Whom its receivers pass it on to is nobody of its owner's: they have it.
    owner = getattr(record, "owner_id", None)
    # Of the past, what was passed on is asked of the same facts: another agency may have got it from a third.
    asked = {only.pk} if only else None
    treaties = treaties_for(proposals, asked if known is None else None)
    if known is not None:
        treaties = {key: facts.as_known(treaty, known) for key, treaty in treaties.items()}
    joined = joined_of({p.circle_id for p in proposals}, at)
    held = _held(proposals, at, treaties if known is not None else None)
    results = [
        (key, proposal, sentence, sees)
        for proposal in proposals
        for key, sees, sentence in reached(record, proposal, treaties, joined, at, only=asked, held=held)
    ]
    # Whoever was succeeded reads through its successor (R30).
    heirs = Succession.objects.heirs({*(row[0] for row in results), *([owner] if owner else [])}, at)
    owner = heirs.get(owner, owner) if owner else None
    results = [(heirs.get(key, key), proposal, sentence, sees) for key, proposal, sentence, sees in results]
    keys = {row[0] for row in results}
    agencies = {only.pk: only} if only else Agency.objects.select_related("country").in_bulk(keys)
    return [
        Reader(agencies[key], proposal, sees, sentence)
        for key, proposal, sentence, sees in results
        if key in agencies and (proposal.clause is None or key != owner)
    ]


def agencies_that_see(record: Marked, releases: Iterable[Release | Proposal], at: datetime) -> dict[Agency, Reader]:
    """Each agency that sees the record, with the first release that lets it."""
    found: dict[Agency, Reader] = {}
    for reader in readers(record, releases, at):
        if reader.sees:
            found.setdefault(reader.agency, reader)
    return found


def _held(
    proposals: Iterable[Proposal], at: datetime, treaties: Treaties | None
) -> frozenset[tuple[uuid.UUID, uuid.UUID]]:
    """What the providers of onward releases among these hold still (R11)."""
    return still_held({(p.via_id, p.provider_id) for p in proposals if p.via_id is not None}, at, treaties)
