"""Tell a serious incident outside the chain of command; take it up; close it. Who is concerned changes nothing."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission, Role
from agreements.alerts import concerned as people
from agreements.sharing.actions import records
from agreements.sharing.actions.audiences import own_officer
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from agreements.sharing.models import Participation, Record
from operations.incidents import alerting, sense
from operations.incidents.actions.reports import check_operation, hold
from operations.incidents.choices import SeriousKind
from operations.incidents.models import Concerned, Recipient, SeriousIncident
from operations.patrols.actions import times
from operations.planning import rights
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "serious"
ACCOUNT_LENGTH, FINDING_LENGTH = 10_000, 4000


@transaction.atomic
def tell(
    *,
    by: Appointment,
    title: str,
    kind: str,
    account: str,
    categories: Collection[str],
    classification: int,
    concerns: Collection[Appointment] = (),
    occurred_at: datetime | None = None,
    zone: str = "",
    position: tuple[float, float] | None = None,
    operation: Record | None = None,
    sure: bool = False,
    key: uuid.UUID | None = None,
) -> SeriousIncident:
    """Tell it to those whom the operation names in the own agency; where none is named, to its auditors.

    It is RED: its author's and theirs alone (R8), whatever the chain of command. `concerns`: own officers, who are
    told nothing. Raises Refused with code `ask` when category and text disagree and the officer is not `sure`.
    """
    now = timezone.now()
    sent = sent_before(Record, key, kind=KIND, author=by)
    if sent is not None:
        return SeriousIncident.objects.get(record=sent)
    rights.require_role(by, Permission.INCIDENT_REPORT)
    _check(by, kind, account, concerns, sure)
    occurred_at = occurred_at or now
    times.not_future(occurred_at, "occurred_at")
    if operation is not None:
        check_operation(by, operation, now)
    to = recipients_of(operation, by, concerns, classification, now)
    if not to:
        raise Refused(
            "Nobody of your agency is named for serious incidents here, and it has no auditor who could read it.",
            field="classification",
        )
    record = records.create(
        by=by, kind=KIND, title=title, key=key, occurred_at=occurred_at, zone=zone, operation=operation,
        marking=Marking(categories=list(categories), classification=classification, tlp=Tlp.RED.value),
        position=position, text=account, shown=False,
    )  # fmt: skip
    row = SeriousIncident.objects.create(record=record, kind=kind, account=account)
    Concerned.objects.bulk_create([Concerned(serious=row, appointment=person) for person in set(concerns)])
    for person in to:
        records.own_release(record, own_officer(person), by)
    _note("serious.tell", row, by, told=[str(person.pk) for person in to])
    alerting.tell(alerting.SERIOUS, record)
    return row


def _check(by: Appointment, kind: str, account: str, concerns: Collection[Appointment], sure: bool) -> None:
    if kind not in SeriousKind.values:
        raise Refused("Choose what it is.", field="kind")
    if not account.strip():
        raise Refused("Say what happened.", field="account")
    if any(person.agency_id not in by.agencies for person in concerns):
        raise Refused("Only officers of your own agency are named here.", field="concerns")
    question = sense.question(kind, account)
    if question and not sure:
        raise Refused(question, field="sure", code="ask")


def recipients_of(
    operation: Record | None, by: Appointment, concerns: Collection[Appointment], classification: int, at: datetime
) -> list[Appointment]:
    """Those of the own agency whom the operation names, or else its auditors: who can read it, and are not concerned."""
    out = {person.officer_id for person in concerns} | {by.officer_id}
    named = Recipient.objects.filter(operation=operation, appointment__agency__in=by.agencies) if operation else None
    rows = people.holders(named.values("appointment"), at) if named is not None else []
    found = _able(rows, out, classification)
    return found or _able(people.in_effect(at, agency__in=by.agencies, role=Role.AUDITOR), out, classification)


def _able(rows: Any, out: set[Any], classification: int) -> list[Appointment]:
    return [
        row
        for row in rows
        if row.officer_id not in out and row.clearance >= classification and row.may(Permission.INCIDENT_VIEW)
    ]


@transaction.atomic
def take(*, serious: SeriousIncident, by: Appointment) -> SeriousIncident:
    """Take it up: whoever was told, and is not concerned. Its author reads by whom."""
    row = _handled(serious, by)
    if row.taken_by_id is not None:
        raise Refused("It is taken up already.", code="state")
    row.taken_by, row.taken_at = by, timezone.now()
    row.save(update_fields=["taken_by", "taken_at"])
    row.record = records.touch(record=row.record, by=by)
    _note("serious.take", row, by)
    return row


@transaction.atomic
def close(*, serious: SeriousIncident, by: Appointment, finding: str) -> SeriousIncident:
    """Close it with what was found: whoever took it up."""
    row = _handled(serious, by)
    if row.taken_by_id not in by.chain:
        raise Refused("Whoever took it up closes it.", code="forbidden")
    if not finding.strip():
        raise Refused("Say what was found.", field="finding")
    row.closed_at, row.finding = timezone.now(), finding.strip()
    row.save(update_fields=["closed_at", "finding"])
    row.record = records.touch(record=row.record, by=by)
    _note("serious.close", row, by)
    return row


def may_handle(row: SeriousIncident, by: Appointment) -> str:
    """Why the officer may not take it up or close it; empty for who may: whoever was told of it."""
    if row.record.owner_id not in by.agencies:
        return f"Only {row.record.owner.short} handles it."
    if row.record.author.officer_id == by.officer_id:
        return "You told it: others take it up."
    if row.concerned.filter(appointment__officer=by.officer_id).exists():
        return "It concerns you: you change nothing of it."
    return "It is closed." if row.closed_at is not None else ""


def _handled(serious: SeriousIncident, by: Appointment) -> SeriousIncident:
    hold(serious.record, by, "handles it")
    row = SeriousIncident.objects.select_related("record__owner__country", "record__author").get(pk=serious.pk)
    missing = may_handle(row, by)
    if missing:
        raise Refused(missing, code="state" if row.closed_at else "forbidden")
    return row


@transaction.atomic
def name_recipient(*, operation: Record, appointment: Appointment, by: Appointment) -> Recipient:
    """Name an officer of the own agency for serious incidents of the operation: a commander of an agency in it."""
    _may_name(operation, by)
    now = timezone.now()
    able = appointment.is_in_effect(now) and appointment.may(Permission.INCIDENT_VIEW)
    if appointment.agency_id not in by.agencies or not able:
        raise Refused("Choose an officer of your agency who reads incidents.", field="appointment")
    if appointment.officer_id == by.officer_id:
        raise Refused("It goes outside the chain of command: name somebody else.", field="appointment")
    row, _ = Recipient.objects.get_or_create(operation=operation, appointment=appointment, defaults={"named_by": by})
    _note_naming("serious.name", operation, appointment, by)
    return row


@transaction.atomic
def unname_recipient(*, operation: Record, appointment: Appointment, by: Appointment) -> None:
    """What was told already stays open to who was named for it."""
    _may_name(operation, by)
    rows = Recipient.objects.filter(operation=operation, appointment=appointment, appointment__agency__in=by.agencies)
    if rows.delete()[0]:
        _note_naming("serious.unname", operation, appointment, by)


def _may_name(operation: Record, by: Appointment) -> None:
    rights.require_role(by, Permission.OPERATION_PLAN)
    if operation.kind != "operation":
        raise Refused("There is no such operation.", code="not_found")
    rights.require_sight(by, operation, timezone.now())
    if operation.owner_id not in by.agencies:
        parts = Participation.objects.filter(circle__record=operation, agency__in=by.agencies, ended_at=None)
        if not parts.filter(accepted_at__isnull=False).exists():
            raise Refused("Your agency does not take part.", code="forbidden")


def _note_naming(verb: str, operation: Record, appointment: Appointment, by: Appointment) -> None:
    data = {"appointment": str(appointment.pk)}
    recording.record(verb=verb, by=by, subject_kind="operation", subject_id=str(operation.pk), data=data)


def _note(verb: str, row: SeriousIncident, by: Appointment, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=str(row.pk), data=data)


def marking_gate(*, record: Record, marking: Marking) -> None:
    """It stays RED: nobody opens it to the whole agency by marking it anew, least of all whom it concerns."""
    if record.kind == KIND and marking.tlp != Tlp.RED:
        raise Refused("A serious incident stays TLP:RED: it is read by those named for it alone.", field="tlp")


def release_gap(record: Record) -> str:
    """It leaves the agency by no release of this portal's: those named for it decide who is told."""
    return "A serious incident is read by those named for it alone."
