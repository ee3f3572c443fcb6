"""A side signs: it confirms the text, or records its own statement. When all have, each receives its sealed copy (R3)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from operations.joint import alerting, annex, lifecycle
from operations.joint.actions import sealing
from operations.joint.actions.lapsing import lapse
from operations.joint.choices import Decision, Lapse
from operations.joint.content import content_digest, signed_of
from operations.joint.models import JointReport, Signature, Statement
from operations.patrols import rights
from operations.sealing import beside
from operations.sealing.canonical import digest_of, digest_of_text, words
from portal import second_lock
from portal.audit import recording
from portal.ui.errors import Refused

KIND = "statement"
STATEMENT_LENGTH, AGENT_LENGTH = 10_000, 300


@dataclass(frozen=True)
class Device:
    """From where it is signed: the browser's or app's own key and clock, as it tells, and what it calls itself."""

    key: uuid.UUID | None = None
    at: datetime | None = None
    user_agent: str = ""


@transaction.atomic
def sign(
    *,
    report: JointReport,
    by: Appointment,
    seen: str,
    decision: str = Decision.CONFIRMS.value,
    statement: str = "",
    device: Device | None = None,
) -> Signature:
    """Sign for the officer's agency. `seen` is the digest of the content that the officer read; `statement` what the
    side states where it disagrees, a record of its own that goes to the other sides.

    By this the entries of the own log that the other sides read go into their copies. Raises Refused when the content
    is another by now, the side has signed already, or an article is missing for the statement.
    """
    now = timezone.now()
    record = report.record
    for permission in (Permission.PATROL_RUN, Permission.RECORD_RELEASE):
        rights.require_role(by, permission)
    rights.require_sight(by, record, now)
    row = held(report)
    agency = side_of(row, by)
    _require_assignment(by, record, now)
    lifecycle.require(row.state, "sign")
    if row.signatures.standing().filter(agency=agency).exists():
        raise Refused(f"{agency.short} has signed already.", code="state")
    digest = content_digest(row)
    if seen != digest:
        raise Refused("The text was changed since you read it. Read it again, then sign.", code="stale")
    stated = _state(row, by, agency, decision, statement, now)
    signature = _signed(row, by, agency, decision, stated, digest, device or Device(), now)
    alerting.settle(row, agency.pk)
    if stated is not None:
        alerting.disagreed(row, signature.pk, agency.pk)
    _moved(row)
    sealing.seal_if_complete(row, now)
    return signature


def _signed(
    row: JointReport,
    by: Appointment,
    agency: Agency,
    decision: str,
    stated: Statement | None,
    digest: str,
    device: Device,
    now: datetime,
) -> Signature:
    signature = Signature(
        id=new_key(), report=row, agency=agency, by=by, function=by.function, decision=decision,
        statement=stated.record if stated else None,
        statement_digest=digest_of_text(words(stated.text)) if stated else "",
        revision=row.revision, content_digest=digest, entries_digest=annex.entries_digest(row, access(by, now)),
        signed_at=now, device_at=device.at, device=device.key, user_agent=words(device.user_agent)[:AGENT_LENGTH],
    )  # fmt: skip
    signature.digest = digest_of(signed_of(signature))
    signature.save(force_insert=True)
    data = {
        "signature": str(signature.pk), "agency": str(agency.pk), "decision": decision, "revision": row.revision,
        "content": digest, "digest": signature.digest,
    }  # fmt: skip
    recording.record(verb="joint.sign", by=by, subject_kind="joint", subject_id=str(row.pk), data=data)
    return signature


def side_of(row: JointReport, by: Appointment) -> Agency:
    side = row.sides.filter(agency__in=by.agencies).select_related("agency__country").first()
    if side is None:
        raise Refused("Your agency is no side of it.", code="forbidden")
    return side.agency


def _require_assignment(by: Appointment, record: Record, at: datetime) -> None:
    """By key: that the operation itself is hidden by now does not matter, sight of the report was asked for (R23)."""
    assigned = rights.assignments_of(by, at).filter(participation__circle__record=record.operation_id)
    if not assigned.exists():
        raise Refused(rights.NOT_ASSIGNED, code="forbidden")


def _state(
    row: JointReport, by: Appointment, agency: Agency, decision: str, text: str, now: datetime
) -> Statement | None:
    """The side's own statement, given to all other sides under articles of its own."""
    if decision not in Decision.values:
        raise Refused("Confirm it, or record your statement.", field="decision")
    if decision == Decision.CONFIRMS:
        if text.strip():
            raise Refused("You wrote a statement: sign with your statement, or empty it.", field="decision")
        return None
    if not text.strip():
        raise Refused("Say what your side states instead: the others read it.", field="statement")
    if len(text) > STATEMENT_LENGTH:
        raise Refused(f"{STATEMENT_LENGTH} characters at most.", field="statement")
    title = f"Statement of {agency.short}"
    record = beside.begin(row, by=by, kind=KIND, title=title, text=text, at=now)
    stated = Statement.objects.create(record=record, revision=row.revision, text=text.strip())
    beside.give(record, row, agency, by, now, "statement")
    return stated


@transaction.atomic
def take_back(*, report: JointReport, by: Appointment) -> Signature:
    """Take the own side's signature back before all have signed."""
    rights.require_role(by, Permission.PATROL_RUN)
    rights.require_sight(by, report.record, timezone.now())
    row = held(report)
    agency = side_of(row, by)
    _require_assignment(by, row.record, timezone.now())
    lifecycle.require(row.state, "take_back")
    found = row.signatures.standing().filter(agency=agency).select_related("agency").first()
    if found is None:
        raise Refused(f"{agency.short} has not signed.", code="state")
    _moved(row)
    lapse(row, [found], Lapse.TAKEN_BACK)
    data = {"signature": str(found.pk)}
    recording.record(verb="joint.take_back", by=by, subject_kind="joint", subject_id=str(row.pk), data=data)
    return found


@second_lock.opened("the report that a partner signs is held meanwhile")
def held(report: JointReport) -> JointReport:
    rows = JointReport.objects.select_for_update(of=("self",))
    return rows.select_related("record__owner__country", "record__author").get(pk=report.pk)


@second_lock.opened("a partner's signature moves the report that it signs")
def _moved(row: JointReport) -> None:
    Record.objects.filter(pk=row.pk).update(version=F("version") + 1)
    # Held from here on: a marking that came between is seen, and one that comes now waits.
    row.record.refresh_from_db()
