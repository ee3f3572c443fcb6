"""Other levels for a report or an event: one officer proposes, another decides."""

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from agreements.sharing.models import Record
from operations.incidents import alerting, lifecycle
from operations.incidents.actions.reports import hold
from operations.incidents.choices import Confidence, Impact, ProposalState
from operations.incidents.models import Event, IncidentReport, LevelProposal
from operations.planning import rights
from portal.audit import recording
from portal.ui.errors import Refused

REASON_LENGTH = 500
Levelled = IncidentReport | Event


@transaction.atomic
def propose(*, row: Levelled, by: Appointment, impact: int, confidence: int, reason: str) -> LevelProposal:
    """Propose other levels: whoever sees it and reports incidents. An answer to its owner, and nobody else (R5)."""
    rights.require_role(by, Permission.INCIDENT_REPORT)
    record = row.record
    rights.require_sight(by, record, timezone.now())
    _require_open(row)
    if impact not in Impact.values or confidence not in Confidence.values:
        raise Refused("There is no such level.", field="impact")
    if (impact, confidence) == (row.impact, row.confidence):
        raise Refused("These are its levels already.", field="impact")
    if not reason.strip():
        raise Refused("Say why: somebody else decides by it.", field="reason")
    if LevelProposal.objects.filter(record=record, proposed_by=by, state=ProposalState.PROPOSED).exists():
        raise Refused("You proposed levels already: they wait for a decision.", code="state")
    found = LevelProposal.objects.create(
        record=record, impact=impact, confidence=confidence, reason=reason.strip(), proposed_by=by
    )
    _note("level.propose", found, by)
    alerting.tell(alerting.PROPOSED, record)
    return found


@transaction.atomic
def decide(*, proposal: LevelProposal, by: Appointment, accept: bool, answer: str = "") -> LevelProposal:
    """Accept or decline: of an event its keeper, of a report an officer of its owner; never who proposed it."""
    record = proposal.record
    rights.require_sight(by, record, timezone.now())
    _require_decider(proposal, by)
    record = hold(record, by, "decides")
    found = LevelProposal.objects.select_for_update(of=("self",)).with_words().get(pk=proposal.pk)
    _require_decider(found, by)
    if found.state != ProposalState.PROPOSED:
        raise Refused("It is decided already.", code="state")
    if not accept and not answer.strip():
        raise Refused("Say why not: the proposer reads it.", field="answer")
    row = levelled(record)
    _require_open(row)
    found.state = ProposalState.ACCEPTED if accept else ProposalState.DECLINED
    found.decided_by, found.decided_at, found.answer = by, timezone.now(), answer.strip()
    found.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    if accept:
        row.impact, row.confidence = found.impact, found.confidence
        row.save(update_fields=["impact", "confidence"])
        records.touch(record=record, by=by, corrects=True)
    _note("level.accept" if accept else "level.decline", found, by)
    return found


def _require_decider(proposal: LevelProposal, by: Appointment) -> None:
    missing = why_not(proposal, by)
    if missing:
        raise Refused(missing, code="forbidden")


def levelled(record: Record) -> Levelled:
    return record.incident if record.kind == "incident" else record.event


def why_not(proposal: LevelProposal, by: Appointment) -> str:
    """Why the officer does not decide on it; empty for who does."""
    record = proposal.record
    if record.owner_id not in by.agencies:
        return f"Only {record.owner.short} decides."
    if proposal.proposed_by.officer_id == by.officer_id:
        return "You proposed it yourself: another officer decides."
    if record.kind == "incident":
        return "" if by.may(Permission.INCIDENT_REPORT) else "Your role does not permit this."
    keeper = record.event.keeper
    if keeper.officer_id == proposal.proposed_by.officer_id:
        # The keeper's own proposal is another's to decide.
        return "" if by.may(Permission.INCIDENT_KEEP) else "Your role does not permit this."
    return "" if keeper.pk in by.chain else "The event's keeper decides."


def _require_open(row: Levelled) -> None:
    if isinstance(row, Event):
        lifecycle.require_open(row.state)
    else:
        lifecycle.require(row.state, "propose")


def _note(verb: str, proposal: LevelProposal, by: Appointment) -> None:
    data = {"proposal": str(proposal.pk), "impact": proposal.impact, "confidence": proposal.confidence}
    record = proposal.record
    recording.record(verb=verb, by=by, subject_kind=record.kind, subject_id=str(record.pk), data=data)
