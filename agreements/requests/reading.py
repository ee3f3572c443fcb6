"""What askers may propose, and what owners are shown before they answer: by the functions that decide (R26, R27)."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.register.models import Clause
from agreements.requests.models import AskedRecord
from agreements.sharing import kinds
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from agreements.sharing.offers import Offer, Offers
from agreements.sharing.policy import Access, Proposal, explain_to_owner, readers, treaties_of, usable_clauses
from agreements.sharing.policy.channel import channels_of
from agreements.sharing.presenting import ReleasePreview, preview_release


def bases_for(by: Appointment, at: datetime, agency: Agency | None = None) -> dict[uuid.UUID, list[Clause]]:
    """For each agency (or that one): the articles by which it may give something to the officer's own today."""
    only = None if agency is None else {agency.pk}
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for item in channels_of(treaties_of(by.agencies), by.agency_id, at, giving=False, only=only):
        found.setdefault(item.sender, set()).add(item.clause.id)
    rows = Clause.objects.select_related("agreement").in_bulk(set().union(*found.values()))
    return {key: sorted((rows[clause] for clause in clauses), key=_order) for key, clauses in found.items()}


def _order(clause: Clause) -> tuple[str, int, str]:
    return (clause.agreement.short_name, clause.position, clause.article)


@dataclass
class Answers:
    """How the owner may say yes today: each with what it opens; and what is missing for the rest (R26)."""

    offers: Offers
    # Why the article that was proposed does not do; empty where it does, or none was proposed.
    basis_gap: str = ""
    # The article by which the asker's agency sees it already, if it does.
    sees: str = ""
    missing: list[str] = field(default_factory=list)


def answers_to(row: AskedRecord, by: Appointment, at: datetime) -> Answers:
    """What of the owner's articles reaches the asker, narrowest first: the officer, the unit, the agency."""
    # Who asked, or who goes on from that post at a successor (R30).
    asker, record = row.request.asked_by.held_on(at) or row.request.asked_by, row.record
    clauses = _clauses_to(asker.agency, by, at, row.request.clause_id)
    tried = [(Offer(clause, to, words), _proposal(to, by, clause, row.request.purpose))
             for clause in clauses for to, words in _targets(asker, record, at)]  # fmt: skip
    found = {reader.proposal: reader for reader in readers(record, [proposal for _, proposal in tried], at)}
    fits: list[Offer] = []
    gaps: dict[uuid.UUID, str] = {}
    for offer, proposal in tried:
        reader = found.get(proposal)
        if reader is not None and reader.sees:
            fits.append(offer)
        elif reader is not None:
            gaps.setdefault(offer.clause.pk, reader.sentence)
    covering = {offer.clause.pk for offer in fits}
    missing = [gaps[clause.pk] for clause in clauses if clause.pk in gaps and clause.pk not in covering]
    if not clauses:
        missing = [f"No article in force lets {by.agency.short} give anything to {asker.agency.short}"]
    already = explain_to_owner(record, asker.agency, at)
    proposed = row.request.clause_id
    gap = gaps.get(proposed, "It lets nothing through today") if proposed and proposed not in covering else ""
    missing = list(dict.fromkeys(missing))
    return Answers(Offers(fits, missing), gap, already.reason if already else "", missing)


def _clauses_to(agency: Agency, by: Appointment, at: datetime, first: uuid.UUID | None) -> list[Clause]:
    """The owner's articles with a channel to that agency; the proposed one first."""
    channels = usable_clauses(treaties_of(by.agencies), by.agency_id, at)
    reaching = [key for key, items in channels.items() if any(item.receiver == agency.pk for item in items)]
    rows = Clause.objects.select_related("agreement").in_bulk(reaching)
    return sorted(rows.values(), key=lambda clause: (clause.pk != first, *_order(clause)))


def _targets(asker: Appointment, record: Record, at: datetime) -> list[tuple[To, str]]:
    """The officer only where the role reads such a record at all (R1). Clearances are not the owner's to know (R26)."""
    found = []
    if asker.is_in_effect(at) and asker.may(kinds.get(record.kind).view_permission):
        found.append((To(AudienceKind.OFFICER, appointment=asker), f"This officer alone: {asker.function}"))
    if asker.unit is not None and asker.unit.closed_at is None:
        found.append((To.of_unit(asker.unit), f"Unit: {asker.unit}"))
    return [*found, (To(AudienceKind.AGENCY, agency=asker.agency), f"All of {asker.agency}")]


def _proposal(to: To, by: Appointment, clause: Clause, purpose: str) -> Proposal:
    purpose = purpose if purpose in clause.purposes else clause.purposes[0]
    return to.proposal(provider=by.agency, clause=clause, purpose=purpose)


def preview_of(
    row: AskedRecord, offer: Offer, purpose: str, until: datetime | None, by: Appointment, at: datetime
) -> ReleasePreview:
    """Who would see the record by it, by the function that decides afterwards (R20, R27)."""
    proposal = offer.to.proposal(provider=by.agency, clause=offer.clause, purpose=purpose, until=until)
    return preview_release(row.record, proposal, at)


def steps_of(row: AskedRecord, by: Appointment, at: datetime) -> dict[str, bool]:
    """What the reader may do with it now."""
    may = by.may(Permission.RECORD_RELEASE) and row.record.owner_id in by.agencies
    return {
        "decide": may and row.is_open(at),
        "revoke": may and row.given is not None and row.ended_at is None,
    }


def asked_of(record: Record, access: Access) -> list[AskedRecord] | None:
    """What was asked for a record, newest first: for officers of its owner who may answer; None for all others."""
    by = access.appointment
    if by is None or not access.owns(record.owner_id) or not by.may(Permission.RECORD_RELEASE):
        return None
    rows = AskedRecord.objects.visible_to(access).filter(record=record).with_words()
    return list(rows.order_by("-request__asked_at", "-pk"))


def waiting_for(access: Access) -> int:
    """How many wait for the own agency's answer, of records that the reader sees."""
    return AskedRecord.objects.visible_to(access).waiting(access.at).count()
