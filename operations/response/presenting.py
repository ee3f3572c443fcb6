"""What pages of a response, of a call for assistance and of an incident show, as far as the reader may know it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.incidents import presenting as incidents
from operations.incidents.choices import ReportState
from operations.incidents.models import IncidentReport
from operations.response.choices import AskedState, HandoverState, TaskState
from operations.response.models import Asked, AssistanceCall, Handover, Response, Task

Item = dict[str, Any]


@dataclass
class ResponseView:
    """Everything that the reader may know of the response to an incident, and the records that it shows (R29)."""

    response: Response | None
    tasks: list[tuple[Task, bool]]
    handovers: list[Handover]
    calls: list[AssistanceCall]
    taken_from: list[Handover]
    steps: dict[str, bool]
    shown: list[Record] = field(default_factory=list)

    @property
    def todo(self) -> int:
        return sum(task.state == TaskState.OPEN and task.standing is None for task, _ in self.tasks)

    @property
    def late(self) -> int:
        return sum(late for _, late in self.tasks)

    @property
    def done(self) -> int:
        return sum(task.state != TaskState.OPEN for task, _ in self.tasks)


def response_view(report: IncidentReport, access: Access) -> ResponseView:
    by = access.appointment
    assert by is not None
    rows = Response.objects.visible_to(access).select_related("lead__officer", "lead__agency", "closed_by__agency")
    response = rows.filter(pk=report.pk).first()
    tasks = [
        (task, task.is_late(access.at))
        for task in Task.objects.visible_to(access).with_words().filter(response=report.pk)
    ]
    handovers = list(Handover.objects.visible_to(access).with_words().filter(response=report.pk))
    calls = calls_of(report, access)
    taken = list(Handover.objects.visible_to(access).with_words().filter(own=report.pk))
    shown = [call.record for call in calls] + [row.record for row in taken]
    return ResponseView(response, tasks, handovers, calls, taken, steps_of(report, response, by), shown)


def calls_of(report: IncidentReport, access: Access) -> list[AssistanceCall]:
    rows = AssistanceCall.objects.visible_to(access).filter(record__host=report.pk)
    return list(rows.select_related("ended_by__agency", "distress").order_by("record__recorded_at", "pk"))


def steps_of(report: IncidentReport, response: Response | None, by: Appointment) -> dict[str, bool]:
    """Which buttons work for this officer now. The actions ask again."""
    own = by.may(Permission.INCIDENT_REPORT) and report.record.owner_id in by.agencies
    live, running = report.state != ReportState.WITHDRAWN, response is not None and response.is_open
    leads = response is not None and (response.lead_id in by.chain or by.may(Permission.OPERATION_PLAN))
    return {
        "start": own and live and response is None,
        "give": own and running,
        "lead": own and running and leads,
        "call": own and live and by.may(Permission.RECORD_RELEASE),
    }


def register() -> None:
    incidents.on_timeline(timeline)


def timeline(report: IncidentReport, access: Access) -> list[Item]:
    """Fills itself: what was begun, given, done, handed over, asked and answered."""
    rows = Response.objects.visible_to(access).select_related("started_by__agency", "closed_by__agency")
    response = rows.filter(pk=report.pk).first()
    items: list[Item] = []
    if response is not None:
        page = reverse("response:response-detail", args=[report.pk])
        items.append({"at": response.started_at, "title": "Response begun", "icon": "flag", "url": page})
        if response.closed_at:
            title = f"Response closed: {response.get_result_display().lower()}"
            items.append(
                {"at": response.closed_at, "title": title, "text": response.result_words, "icon": "flag-fill", "tone": "success"}
            )  # fmt: skip
        for task in Task.objects.visible_to(access).with_words().filter(response=report.pk):
            items += _of_task(task, access.at)
    for handover in Handover.objects.visible_to(access).with_words().filter(response=report.pk):
        items += _of_handover(handover)
    for call in calls_of(report, access):
        items += call_timeline(call, access)
    return items


def _of_task(task: Task, at: datetime) -> list[Item]:
    items: list[Item] = [{"at": task.made_at, "title": f"Task: {task.what}", "icon": "square"}]
    if task.ended_at:
        done = task.state == TaskState.DONE
        title = f"{'Done' if done else 'Dropped'}: {task.what}"
        tone, icon = ("success", "check2-square") if done else ("neutral", "x-square")
        items.append({"at": task.ended_at, "title": title, "text": task.result, "tone": tone, "icon": icon})
    elif task.is_late(at) and task.due_at is not None:
        items.append({"at": task.due_at, "title": f"Overdue: {task.what}", "tone": "danger", "icon": "alarm"})
    return items


def _of_handover(row: Handover) -> list[Item]:
    what, items = row.task.what, []
    items.append(
        {"at": row.offered_at, "title": f"Offered: {what}", "text": row.message, "agency": row.agency, "icon": "box-arrow-right"}
    )  # fmt: skip
    if row.answered_at:
        declined = row.state == HandoverState.DECLINED
        items.append({
            "at": row.answered_at, "title": f"{'Declined' if declined else 'Taken over'}: {what}", "text": row.answer,
            "agency": row.agency, "tone": "danger" if declined else "success", "icon": "box-arrow-in-right",
        })  # fmt: skip
    if row.finished_at:
        items.append(
            {"at": row.finished_at, "title": f"Done by them: {what}", "agency": row.agency, "tone": "success", "icon": "check2-all"}
        )  # fmt: skip
    return items


def call_timeline(call: AssistanceCall, access: Access) -> list[Item]:
    """A call and the answers to it that the reader may know of, oldest first."""
    page = reverse("response:assistance-detail", args=[call.pk])
    record = call.record
    items: list[Item] = [
        {"at": record.recorded_at, "title": record.title, "record": record, "url": page, "icon": "megaphone", "tone": "danger"}
    ]  # fmt: skip
    for row in asked_of(call, access):
        items.append({"at": row.asked_at, "title": "Asked", "agency": row.agency, "icon": "telephone-outbound"})
        items += _of_answer(row)
    if call.ended_at:
        title = f"Assistance needed no more: {call.get_ending_display().lower()}"
        items.append({"at": call.ended_at, "title": title, "text": call.ending_words, "icon": "check2-circle"})
    return sorted(items, key=lambda item: item["at"])


def _of_answer(row: Asked) -> list[Item]:
    items: list[Item] = []
    if row.answered_at and row.state == AskedState.DECLINED:
        items.append(
            {"at": row.answered_at, "title": "Cannot come", "text": row.reason, "agency": row.agency, "tone": "danger", "icon": "x-circle"}
        )  # fmt: skip
    elif row.answered_at:
        items.append(
            {"at": row.answered_at, "title": f"On the way: {row.means}", "agency": row.agency, "tone": "success", "icon": "truck"}
        )  # fmt: skip
    if row.arrived_at:
        items.append(
            {"at": row.arrived_at, "title": "Arrived", "agency": row.agency, "tone": "success", "icon": "geo-alt-fill"}
        )
    return items


def asked_of(call: AssistanceCall, access: Access) -> list[Asked]:
    return list(Asked.objects.visible_to(access).with_words().filter(call=call.pk))


@dataclass
class CallView:
    call: AssistanceCall
    asked: list[Asked]
    own_line: Asked | None
    incident: IncidentReport | None
    is_own: bool
    steps: dict[str, bool]
    timeline: Sequence[Item]


def call_view(call: AssistanceCall, access: Access) -> CallView:
    by = access.appointment
    assert by is not None
    asked, own = asked_of(call, access), call.record.owner_id in by.agencies
    line = next((row for row in asked if row.agency_id in by.agencies), None) if not own else None
    incident = IncidentReport.objects.visible_to(access).filter(pk=call.record.host_id).first()
    running = call.ended_at is None
    answers = line is not None and running and by.may(Permission.DISTRESS_SEND) and line.state != AskedState.ARRIVED
    reports = own and running and by.may(Permission.INCIDENT_REPORT)
    steps = {
        "answer": answers,
        "arrive": line is not None and answers and line.state == AskedState.ACCEPTED,
        "more": reports and by.may(Permission.RECORD_RELEASE),
        "end": reports,
        "told_arrival": reports,
    }
    return CallView(call, asked, line, incident, own, steps, call_timeline(call, access))
