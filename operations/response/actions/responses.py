"""Begin a response, give and end tasks, follow a procedure, hand on the lead, close with the outcome."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.citations import actions as citations
from agreements.sharing.actions import records
from agreements.sharing.policy import access_to, decide
from operations.incidents.actions.reports import locked
from operations.incidents.choices import ReportState
from operations.incidents.models import IncidentReport
from operations.response import alerting, timing
from operations.response.choices import ResponseState, Result, TaskState
from operations.response.models import Procedure, Response, Task
from portal.audit import recording
from portal.keys import sent_before, usable
from portal.ui.errors import Refused

WHAT_LENGTH, WORDS_LENGTH, MOST_TASKS = 200, 500, 100


@transaction.atomic
def start(*, report: IncidentReport, by: Appointment) -> Response:
    """Begin a response to the incident: who begins leads it. Beginning twice changes nothing."""
    row = locked(report, by, "responds to it")
    if row.state == ReportState.WITHDRAWN:
        raise Refused("This report is withdrawn.", code="state")
    found, new = Response.objects.get_or_create(record=row.record, defaults={"lead": by, "started_by": by})
    if new:
        note("response.start", found, by)
    return found


@transaction.atomic
def give(
    *,
    response: Response,
    by: Appointment,
    what: str,
    assignee: Appointment | None = None,
    due_at: datetime | None = None,
    key: uuid.UUID | None = None,
) -> Task:
    """Give a task to an officer of the owner who sees the incident; without one it is anybody's there."""
    sent = sent_before(Task, key, made_by=by)
    if sent is not None:
        return sent
    row = _open(response, by, "gives tasks")
    if not what.strip():
        raise Refused("Say what is to be done.", field="what")
    _check_due(due_at)
    _check_assignee(row, assignee)
    _check_room(row, 1)
    task = Task.objects.create(
        id=usable(Task, key), response=row, what=what.strip(), assignee=assignee, due_at=due_at, made_by=by
    )
    timing.arm(task)
    _note_task("task.give", task, by, assignee=_key(assignee))
    _tell_assignee(task, by)
    return task


@transaction.atomic
def change(*, task: Task, by: Appointment, assignee: Appointment | None, due_at: datetime | None) -> Task:
    """Give an open task to another officer, or another time."""
    row = held_task(task, by, "gives tasks")
    if due_at != row.due_at:
        _check_due(due_at)
    moved = row.assignee_id != (assignee.pk if assignee else None)
    if moved:
        _check_assignee(row.response, assignee)
    row.assignee, row.due_at = assignee, due_at
    row.save(update_fields=["assignee", "due_at"])
    timing.arm(row)
    _note_task("task.change", row, by, assignee=_key(assignee))
    if moved:
        _tell_assignee(row, by)
    return row


@transaction.atomic
def end(*, task: Task, by: Appointment, done: bool, result: str = "") -> Task:
    """It is done, or dropped with a reason. What a partner took is ended by its own word, or taken back first."""
    row = held_task(task, by, "ends tasks")
    if not done and not result.strip():
        raise Refused("Say why it is dropped.", field="result")
    row.state = TaskState.DONE if done else TaskState.DROPPED
    row.ended_at, row.ended_by, row.result = timezone.now(), by, result.strip()
    row.save(update_fields=["state", "ended_at", "ended_by", "result"])
    timing.disarm(row)
    alerting.settle_task(row)
    _note_task("task.done" if done else "task.drop", row, by)
    return row


@transaction.atomic
def follow(*, response: Response, procedure: Procedure, by: Appointment) -> list[Task]:
    """Make a task of each step of the procedure's newest version, but for those that stand there already.

    The officer sees the procedure; the incident takes its marking where that is stricter, for it quotes it (R12).
    """
    row = _open(response, by, "gives tasks")
    now = timezone.now()
    if not decide(access_to(procedure.record, by, now), procedure.record):
        raise Refused("There is no such procedure.", field="procedure", code="not_found")
    procedure = Procedure.objects.select_related("record__owner").get(pk=procedure.pk)
    fits = procedure.record.operation_id in (None, row.record.operation_id)
    if procedure.retired_at is not None or not fits:
        raise Refused("This procedure is not for this incident any more.", field="procedure")
    citations.cite(record=row.record, source=procedure.record, by=by)
    version = procedure.current
    there = set(row.tasks.values_list("what", flat=True))
    steps = [step for step in version.steps.all() if step.what not in there]
    _check_room(row, len(steps))
    made = [
        Task.objects.create(
            response=row, what=step.what, made_by=by, procedure=version, position=step.position,
            due_at=now + timedelta(minutes=step.minutes) if step.minutes else None,
        )
        for step in steps
    ]  # fmt: skip
    for task in made:
        timing.arm(task)
    note("response.follow", row, by, procedure=str(procedure.pk), version=version.number, tasks=len(made))
    return made


@transaction.atomic
def hand_on(*, response: Response, lead: Appointment, by: Appointment) -> Response:
    """Let another officer of the owner lead it: by who leads it, or by who commands operations."""
    row = _open(response, by, "hands it on")
    if row.lead_id not in by.chain and not by.may(Permission.OPERATION_PLAN):
        raise Refused("Who leads it hands it on, or a commander.", code="forbidden")
    _check_assignee(row, lead, "lead")
    row.lead = lead
    row.save(update_fields=["lead"])
    note("response.lead", row, by, lead=str(lead.pk))
    alerting.tell(alerting.LEAD, row.record, to=lead)
    return row


@transaction.atomic
def close(*, response: Response, by: Appointment, result: str, words: str = "") -> Response:
    """Close it with its outcome: who leads it, or a commander; once no task is open and no help is on its way."""
    row = _open(response, by, "closes it")
    if row.lead_id not in by.chain and not by.may(Permission.OPERATION_PLAN):
        raise Refused("Who leads it closes it, or a commander.", code="forbidden")
    if result not in Result.values:
        raise Refused("Choose the outcome.", field="result")
    left = Task.objects.filter(response=row).todo().count()
    if left:
        raise Refused(f"{left} of its tasks are open: end them, drop them or hand them over first.", code="state")
    if row.handovers.filter(state="offered").exists():
        raise Refused("A task is offered to a partner, which has not answered: wait, or take it back.", code="state")
    if row.record.contributions.filter(kind="assistance", assistance__ended_at=None).exists():
        raise Refused("Assistance is called for still: say first that it is over.", code="state")
    row.state, row.result, row.result_words = ResponseState.CLOSED, result, words.strip()
    row.closed_by, row.closed_at = by, timezone.now()
    row.save(update_fields=["state", "result", "result_words", "closed_by", "closed_at"])
    row.record = records.touch(record=row.record, by=by)
    note("response.close", row, by, result=result)
    return row


def _open(response: Response, by: Appointment, what: str) -> Response:
    """The row for a change, if it is open and the officer sees the incident and responds for its owner."""
    row = owned(response, by, what)
    if not row.is_open:
        raise Refused("This response is closed: a follow-up begins another.", code="state")
    return row


def owned(response: Response, by: Appointment, what: str) -> Response:
    report = IncidentReport.objects.filter(pk=response.pk).select_related("record__owner").first()
    if report is None:
        raise Refused("There is no such record.", code="not_found")
    locked(report, by, what)
    return Response.objects.select_related("record__owner__country", "record__operation", "lead").get(pk=response.pk)


def held_task(task: Task, by: Appointment, what: str) -> Task:
    """An open task of an open response, which no partner has: locked for a change."""
    _open(task.response, by, what)
    row = Task.objects.select_for_update(of=("self",)).select_related("response__record__owner").get(pk=task.pk)
    if row.state != TaskState.OPEN:
        raise Refused("It is ended already.", code="state")
    if row.standing is not None:
        raise Refused(f"It is with {row.standing.agency.short}: take it back first.", code="state")
    return row


def _check_due(due_at: datetime | None) -> None:
    if due_at is not None and due_at <= timezone.now():
        raise Refused("This lies in the past.", field="due_at")


def _check_assignee(row: Response, assignee: Appointment | None, field: str = "assignee") -> None:
    if assignee is not None and not alerting.sees(assignee, row.record):
        raise Refused("Choose an officer of your agency who sees the incident and reports incidents.", field=field)


def _check_room(row: Response, more: int) -> None:
    if row.tasks.count() + more > MOST_TASKS:
        raise Refused(f"A response has {MOST_TASKS} tasks at most.", code="state")


def _tell_assignee(task: Task, by: Appointment) -> None:
    if task.assignee is not None and task.assignee_id not in by.chain:
        alerting.tell(alerting.GIVEN, task.record, to=task.assignee, subject=task.pk)


def _key(assignee: Appointment | None) -> str | None:
    return str(assignee.pk) if assignee else None


def note(verb: str, row: Response, by: Appointment, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind="incident", subject_id=str(row.pk), data=data)


def _note_task(verb: str, task: Task, by: Appointment, **data: Any) -> None:
    note(verb, task.response, by, task=str(task.pk), **{name: value for name, value in data.items() if value})
