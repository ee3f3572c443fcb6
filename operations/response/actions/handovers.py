"""Hand a task to a partner: offer it, take it with a receipt, decline it, say that it is done, take it back."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.citations import actions as citations
from agreements.sharing.actions.records import marking_of
from agreements.sharing.models import Record
from agreements.sharing.policy import access_to, agencies_that_see, decide
from operations.incidents.actions import reports
from operations.incidents.models import IncidentReport
from operations.planning import rights
from operations.response import alerting, timing
from operations.response.actions import responses
from operations.response.choices import HandoverState
from operations.response.models import Handover, Task
from portal.ui.errors import Refused

WORDS_LENGTH = 300


def partners_of(record: Record) -> list[Agency]:
    """The agencies besides the owner that read the incident now: an offer opens nothing (R4)."""
    rows = list(record.releases.standing().with_audience())
    found = agencies_that_see(record, rows, timezone.now())
    return sorted((agency for agency in found if agency.pk != record.owner_id), key=lambda agency: agency.short)


@transaction.atomic
def offer(*, task: Task, agency: Agency, by: Appointment, message: str = "") -> Handover:
    """Offer an open task to a partner that reads the incident already. It reads the task by that, and no other task."""
    row = responses.held_task(task, by, "hands tasks over")
    if agency not in partners_of(row.record):
        raise Refused(f"{agency.short} does not read the incident: release it to them first.", field="agency")
    made = Handover.objects.create(
        response=row.response, task=row, agency=agency, message=message.strip(), offered_by=by
    )
    timing.disarm(row)
    _note("task.offer", made, by, agency=str(agency.pk))
    alerting.tell(alerting.OFFERED, row.record, subject=made.pk, agency=agency.pk)
    return made


@transaction.atomic
def withdraw(*, handover: Handover, by: Appointment) -> Handover:
    """Take it back from a partner that has not answered, or that took it and has not done it: the receipt stays, and
    so does the partner's own incident."""
    responses.owned(handover.response, by, "hands tasks over")
    row = _row(handover)
    if row.state not in (HandoverState.OFFERED, HandoverState.TAKEN):
        raise Refused("It is answered already.", code="state")
    row.state = HandoverState.WITHDRAWN
    row.save(update_fields=["state"])
    timing.arm(row.task)
    _note("task.take_back", row, by)
    return row


@transaction.atomic
def take(*, handover: Handover, by: Appointment, key: uuid.UUID | None = None) -> IncidentReport:
    """Take a task that was offered. The taker opens its own incident, a draft that cites the first and is marked as
    strictly (R12), with a response of its own and that task in it. The owner has the receipt: when, and by which
    function (R5); of the taker's incident nothing, until it is released."""
    row = _offered(handover, by)
    rights.require_role(by, Permission.INCIDENT_REPORT)
    now, source = timezone.now(), row.record
    first: IncidentReport = source.incident
    operation = source.operation
    own = reports.write(
        by=by, key=key, title=row.task.what, type=first.type, impact=first.impact, confidence=first.confidence,
        account=f"Taken over from {source.owner.short}, {source.reference}: {row.task.what}",
        marking=marking_of(source), occurred_at=source.occurred_at, known_at=now, zone=source.zone,
        position=None if source.latitude is None or source.longitude is None else (source.latitude, source.longitude),
        operation=operation if operation and decide(access_to(operation, by, now), operation) else None,
    )  # fmt: skip
    citations.cite(record=own.record, source=source, by=by)
    started = responses.start(report=own, by=by)
    responses.give(response=started, by=by, what=row.task.what, due_at=row.task.due_at if _ahead(row, now) else None)
    row.state, row.answered_by, row.answered_at, row.own = HandoverState.TAKEN, by, now, own.record
    row.save(update_fields=["state", "answered_by", "answered_at", "own"])
    _note("task.take", row, by)
    alerting.tell(alerting.ANSWERED, source, subject=f"{row.pk}:taken")
    return own


def _ahead(row: Handover, now: Any) -> bool:
    return row.task.due_at is not None and row.task.due_at > now


@transaction.atomic
def decline(*, handover: Handover, by: Appointment, answer: str) -> Handover:
    """Not taken, and why: it is open again at its owner."""
    row = _offered(handover, by)
    if not answer.strip():
        raise Refused("Say why not: its owner asks somebody else by that.", field="answer")
    row.state, row.answered_by, row.answered_at, row.answer = (
        HandoverState.DECLINED, by, timezone.now(), answer.strip(),
    )  # fmt: skip
    row.save(update_fields=["state", "answered_by", "answered_at", "answer"])
    timing.arm(row.task)
    _note("task.decline", row, by)
    alerting.tell(alerting.ANSWERED, row.record, subject=f"{row.pk}:declined")
    return row


@transaction.atomic
def finish(*, handover: Handover, by: Appointment) -> Handover:
    """Tell the owner that it is done. What was found goes by releasing the own incident, and by nothing else (R23)."""
    _see(handover, by)
    row = _row(handover)
    if row.state != HandoverState.TAKEN:
        raise Refused("It is not with your agency.", code="state")
    row.state, row.finished_at = HandoverState.FINISHED, timezone.now()
    row.save(update_fields=["state", "finished_at"])
    _note("task.finish", row, by)
    alerting.tell(alerting.ANSWERED, row.record, subject=f"{row.pk}:finished")
    return row


def _offered(handover: Handover, by: Appointment) -> Handover:
    _see(handover, by)
    row = _row(handover)
    if row.state != HandoverState.OFFERED:
        raise Refused("It is not offered any more.", code="state")
    return row


def _see(handover: Handover, by: Appointment) -> None:
    """Raises Refused unless it is the officer's agency's to answer, and the officer sees the incident."""
    record = Record.objects.filter(pk=handover.response_id).first()
    if record is None or handover.agency_id not in by.agencies:
        raise Refused("There is no such task.", code="not_found")
    rights.require_sight(by, record, timezone.now())
    rights.require_role(by, Permission.INCIDENT_REPORT)


def _row(handover: Handover) -> Handover:
    return (
        Handover.objects.select_for_update(of=("self",))
        .select_related("response__record__owner__country", "response__record__operation", "task__response__record")
        .get(pk=handover.pk)
    )


def _note(verb: str, row: Handover, by: Appointment, **data: Any) -> None:
    responses.note(verb, row.response, by, task=str(row.task_id), handover=str(row.pk), **data)
