"""Alerts of responses: a task is yours or falls due, a partner is offered one or answers, assistance is asked, promised,
late or over. Each for those who see the record at that moment."""

import uuid
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Severity, Urgency
from agreements.sharing.models import Record
from operations.response import timing
from operations.response.choices import AskedState
from operations.response.models import Asked, AssistanceCall, Handover, Response, Task
from portal import second_lock
from portal.outbox import handlers, messages

TOLD, DUE = "response.told", timing.DUE
GIVEN, TASK_DUE, LEAD = "response.given", "response.task_due", "response.lead"
OFFERED, ANSWERED = "response.offered", "response.answered"
ASSISTANCE, REPLIED, SILENT = "response.assistance", "response.replied", "response.silent"
LATE, OVER = "response.late", "response.over"


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    now, soon, later = Urgency.IMMEDIATE, Urgency.EXPECTED, Urgency.FUTURE
    for kind in (
        kinds.AlertKind(GIVEN, "Task for you", "check2-square", soon, False, _given, _response, family=Family.TASK),
        kinds.AlertKind(TASK_DUE, "Task due", "alarm", now, True, _task_due, _response, family=Family.TASK),
        kinds.AlertKind(LEAD, "You lead a response", "person-badge", soon, False, _lead, _response, family=Family.TASK),
        kinds.AlertKind(
            OFFERED, "Task offered", "box-arrow-in-right", soon, False, _offered, _tasks, family=Family.TASK
        ),
        kinds.AlertKind(
            ANSWERED, "Task answered by a partner", "reply", later, False, _answered, _response, family=Family.TASK
        ),
        kinds.AlertKind(
            ASSISTANCE,
            "Assistance needed",
            "megaphone",
            now,
            True,
            _assistance,
            family=Family.INCIDENT,
            severity=Severity.SEVERE,
        ),
        kinds.AlertKind(
            REPLIED,
            "Assistance answered",
            "reply-all",
            now,
            True,
            _replied,
            family=Family.INCIDENT,
            severity=Severity.MODERATE,
        ),
        kinds.AlertKind(
            SILENT,
            "Nobody answers your call",
            "telephone",
            now,
            True,
            _silent,
            family=Family.INCIDENT,
            severity=Severity.SEVERE,
        ),
        kinds.AlertKind(
            LATE,
            "Assistance is late",
            "hourglass-split",
            now,
            True,
            _late,
            family=Family.INCIDENT,
            severity=Severity.SEVERE,
        ),
        kinds.AlertKind(
            OVER,
            "Assistance needed no more",
            "check2-circle",
            soon,
            True,
            _over,
            family=Family.INCIDENT,
            severity=Severity.MINOR,
        ),
    ):
        kinds.register(kind)
    handlers.register(TOLD, told)
    handlers.register(DUE, due)


def _response(alert: Any) -> str:
    return reverse("response:response-detail", args=[alert.record.pk])


def _tasks(alert: Any) -> str:
    return f"{reverse('response:task-list')}?show=offered"


def _given(alert: Any) -> str:
    return f"You have a task in the response to “{alert.record.title}”"


def _task_due(alert: Any) -> str:
    return f"A task is due in the response to “{alert.record.title}”"


def _lead(alert: Any) -> str:
    return f"You lead the response to “{alert.record.title}” now"


def _offered(alert: Any) -> str:
    return f"{alert.record.owner.short} offers your agency a task of “{alert.record.title}”"


def _answered(alert: Any) -> str:
    return f"A partner answered to a task of “{alert.record.title}”"


def _assistance(alert: Any) -> str:
    return f"{alert.record.owner.short} asks your desk: “{alert.record.title}”. Answer now"


def _replied(alert: Any) -> str:
    return f"An agency answered to “{alert.record.title}”"


def _silent(alert: Any) -> str:
    return f"Nobody has answered to “{alert.record.title}”: telephone"


def _late(alert: Any) -> str:
    return f"Help for “{alert.record.title}” should be there and is not told of"


def _over(alert: Any) -> str:
    return f"“{alert.record.title}” is over: nobody need come"


def tell(
    what: str, record: Record, *, to: Appointment | None = None, subject: object = "", agency: object = ""
) -> None:
    """Queue an alert about the record: `to` one officer, or to whom that kind concerns."""
    payload = {
        "what": what, "record": str(record.pk), "to": str(to.pk) if to else "", "subject": str(subject or ""),
        "agency": str(agency or ""),
    }  # fmt: skip
    messages.emit(kind=TOLD, key=f"{what}:{record.pk}:{new_key()}", payload=payload)


def settle_task(task: Task) -> None:
    """Nobody need do it any more."""
    for kind in (GIVEN, TASK_DUE):
        raising.settle(kind=kind, key=str(task.pk))


def settle_desk(asked: Asked) -> None:
    """Nobody else of that desk need answer."""
    raising.settle(kind=ASSISTANCE, key=f"{asked.call_id}:{asked.agency_id}")


def sees(officer: Appointment, record: Record) -> bool:
    """Whether an officer of the owner works now, reports incidents and sees the record: asked for somebody else."""
    at = timezone.now()
    able = officer.is_in_effect(at) and officer.may(Permission.INCIDENT_REPORT) and record.owner_id in officer.agencies
    return able and bool(concerned.who_see(record, [officer], at))


@second_lock.opened("finding those concerned")
def told(payload: dict[str, Any]) -> None:
    record = Record.objects.select_related("owner").filter(pk=payload["record"]).first()
    if record is None:
        return
    at = timezone.now()
    key = payload["subject"] or str(record.pk)
    if payload["what"] == ASSISTANCE:
        key = f"{record.pk}:{payload['agency']}"
    recipients = concerned.who_see(record, _whom(payload, record, at), at)
    raising.raise_alert(kind=payload["what"], key=key, recipients=recipients, record=record)


def _whom(payload: dict[str, Any], record: Record, at: datetime) -> list[Appointment]:
    if payload["to"]:
        return concerned.holders([payload["to"]], at)
    match payload["what"]:
        case "response.offered":
            return concerned.who_may(Permission.INCIDENT_REPORT, [uuid.UUID(payload["agency"])], at)
        case "response.answered":
            row = Handover.objects.select_related("response").get(pk=payload["subject"].partition(":")[0])
            return concerned.holders([row.offered_by_id, row.response.lead_id], at)
        case "response.assistance":
            return _desk(Asked.objects.filter(call=record.pk, agency=payload["agency"], state=AskedState.ASKED), at)
        case "response.over":
            return _coming(Asked.objects.filter(call=record.pk).exclude(state=AskedState.DECLINED), at)
    return _askers(record, at)


def _desk(rows: Any, at: datetime) -> list[Appointment]:
    """Who acts for the duty desks: those who answer calls of danger to life as well."""
    return concerned.who_may(Permission.DISTRESS_SEND, list(rows.values_list("agency", flat=True)), at)


def _coming(rows: Any, at: datetime) -> list[Appointment]:
    """Who promised to come; of a desk that has not answered, all of it."""
    named = concerned.holders(rows.exclude(answered_by=None).values("answered_by"), at)
    return [*named, *_desk(rows.filter(state=AskedState.ASKED), at)]


def _askers(record: Record, at: datetime) -> list[Appointment]:
    """Who called, and who leads the response to the incident."""
    lead = Response.objects.filter(record=record.host_id).values_list("lead", flat=True)
    found = concerned.holders([record.author_id, *lead], at)
    return found or concerned.for_owner(record, Permission.INCIDENT_REPORT, at)


@second_lock.opened("finding those concerned")
def due(payload: dict[str, Any]) -> None:
    """Warn, if what was armed still holds."""
    {timing.TASK: _due_task, timing.SILENT: _due_silent, timing.EXPECTED: _due_arrival}[payload["what"]](payload)


def _due_task(payload: dict[str, Any]) -> None:
    row = Task.objects.with_words().filter(pk=payload["key"]).first()
    if row is None or not Task.objects.filter(pk=row.pk).todo().exists():
        return
    if row.due_at is None or row.due_at.isoformat() != payload["due_at"]:
        return
    at = timezone.now()
    who = concerned.holders([key for key in (row.assignee_id, row.response.lead_id) if key], at)
    people = concerned.who_see(row.record, who, at) or concerned.for_owner(row.record, Permission.INCIDENT_REPORT, at)
    key = str(row.pk) if payload["minutes"] == 0 else f"{row.pk}:{payload['minutes']}"
    raising.raise_alert(kind=TASK_DUE, key=key, recipients=people, record=row.record)


def _due_silent(payload: dict[str, Any]) -> None:
    call = AssistanceCall.objects.select_related("record__owner").filter(pk=payload["key"]).first()
    if call is None or call.ended_at is not None or call.asked.exclude(state=AskedState.ASKED).exists():
        return
    at = timezone.now()
    people = concerned.who_see(call.record, _askers(call.record, at), at)
    raising.raise_alert(kind=SILENT, key=f"{call.pk}:{payload['minutes']}", recipients=people, record=call.record)


def _due_arrival(payload: dict[str, Any]) -> None:
    row = Asked.objects.with_words().filter(pk=payload["key"], state=AskedState.ACCEPTED).first()
    if row is None or row.call.ended_at is not None or row.expected_at is None:
        return
    if row.expected_at.isoformat() != payload["due_at"]:
        return
    at = timezone.now()
    who = [*_askers(row.record, at), *concerned.holders([row.answered_by_id], at)]
    people = concerned.who_see(row.record, who, at)
    raising.raise_alert(kind=LATE, key=f"{row.pk}:{payload['due_at']}", recipients=people, record=row.record)
