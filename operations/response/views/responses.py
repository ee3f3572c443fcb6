"""Responses: the list, one of them, its beginning, checklist, lead and end; the panel on the incident's page."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.paging import page_of
from operations.incidents.choices import ReportState
from operations.planning.views.door import by_of, now_of
from operations.response.actions import responses as actions
from operations.response.forms.filters import ResponseFilter
from operations.response.forms.responses import CloseForm, FollowForm, LeadForm, TaskForm
from operations.response.models import Procedure, Response, Task
from operations.response.presenting import response_view, timeline
from operations.response.views import common
from operations.response.views.common import RESPONSE
from portal.ui.marking import highest
from portal.ui.refusals import acted, require

SHOWN = 5


@requires(Permission.INCIDENT_VIEW)
@require_GET
def response_list(request: HttpRequest) -> HttpResponse:
    """Responses of the own agency, and those to incidents that partners released: that they run, and how they ended."""
    access = access_of(request)
    visible = Response.objects.visible_to(access).select_related("lead__officer", "lead__agency")
    form = ResponseFilter(request.GET)
    rows, older = page_of(form.narrowed(visible, by_of(request)), request.GET.get("before", ""))
    tasks = Task.objects.visible_to(access).todo().filter(response__in=rows)
    todo: dict[uuid.UUID, int] = {}
    for key in tasks.values_list("response", flat=True):
        todo[key] = todo.get(key, 0) + 1
    records = [row.record for row in rows]
    disclose(request, records)
    own = by_of(request).agencies
    context = {
        "form": form,
        "rows": [(row, todo.get(row.pk, 0) if row.record.owner_id in own else None) for row in rows],
        "older": older,
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "response/response_list.html", context)


@requires(Permission.INCIDENT_VIEW)
@require_GET
def incident_response(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the incident's page: what is done about it, and the button that calls others."""
    report = common.report_or_404(request, pk)
    view = response_view(report, access_of(request))
    shown = [report.record, *view.shown]
    disclose(request, shown)
    by = by_of(request)
    offered = [row for row in view.handovers if row.agency_id in by.agencies]
    context = {
        "report": report,
        "record": report.record,
        "view": view,
        "tasks": [pair for pair in view.tasks if pair[0].state == "open"][:SHOWN],
        "offered": offered,
        "may_answer": by.may(Permission.INCIDENT_REPORT),
        "page_marking": highest(shown),
    }
    return render(request, "response/incident_response.html", context)


@requires(Permission.INCIDENT_REPORT)
@require_POST
def response_start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    report = common.report_or_404(request, pk)
    work = lambda: actions.start(report=report, by=by_of(request))  # noqa: E731
    page = RESPONSE if report.state != ReportState.WITHDRAWN else "incidents:report-detail"
    return acted(request, work, "The response runs. You lead it.", page, pk)


@requires(Permission.INCIDENT_VIEW)
@require_GET
def response_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = common.response_or_404(request, pk)
    report, access, by = common.incident_of(row), access_of(request), by_of(request)
    view = response_view(report, access)
    shown = [row.record, *view.shown]
    disclose(request, shown, opened=row.record)
    context = {
        "row": row,
        "record": row.record,
        "report": report,
        "view": view,
        "own": row.record.owner_id in by.agencies,
        "me": by,
        "timeline": sorted(timeline(report, access), key=lambda item: item["at"]),
        "page_marking": highest(shown),
        "as_of": now_of(request),
    }
    return render(request, "response/response_detail.html", context)


@requires(Permission.INCIDENT_REPORT)
def task_give(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = common.response_or_404(request, pk)
    common.require_own(request, row.record)
    common.require_running(row)
    form = TaskForm(request.POST or None, officers=common.officers(request, row.record))
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.give(response=row, by=by_of(request), **form.values()),
        said="Given.",
        to=RESPONSE,
        heading="Give a task",
        button="Give the task",
        lines=["Your agency reads it, and no partner unless you offer it to one."],
    )


@requires(Permission.INCIDENT_REPORT)
def response_follow(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose a procedure: its steps become tasks."""
    row = common.response_or_404(request, pk)
    common.require_own(request, row.record)
    common.require_running(row)
    offered = _procedures(request, row)
    form = FollowForm(
        request.POST or None, procedures=Procedure.objects.filter(pk__in=[item.pk for item in offered]).select_related(
            "record__owner__country"
        ),
    )  # fmt: skip
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.follow(response=row, procedure=form.cleaned_data["procedure"], by=by_of(request)),
        said="Its steps are tasks now.",
        to=RESPONSE,
        heading="Follow a procedure",
        button="Make tasks of it",
        lines=[
            "Each step that is not there yet becomes a task, due as the procedure says.",
            "The incident takes the procedure's marking where that is stricter: it quotes it (R12).",
            *([] if offered else ["There is none yet that fits: a commander writes one under Procedures."]),
        ],
        offered=[item.record for item in offered],
    )


def _procedures(request: HttpRequest, row: Response) -> list[Procedure]:
    """Those that the officer sees: of no operation, or of the incident's."""
    rows = Procedure.objects.visible_to(access_of(request)).in_use()
    fit = [item for item in rows if item.record.operation_id in (None, row.record.operation_id)]
    return sorted(fit, key=lambda item: item.record.title)


@requires(Permission.INCIDENT_REPORT)
def response_hand_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = common.response_or_404(request, pk)
    _leads(request, row)
    form = LeadForm(request.POST or None, officers=common.officers(request, row.record).exclude(pk=row.lead_id))
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.hand_on(response=row, lead=form.cleaned_data["lead"], by=by_of(request)),
        said="Handed on.",
        to=RESPONSE,
        heading="Another officer leads the response",
        button="Hand on",
        lines=["Who leads gets what is overdue, and closes the response. Leading opens nothing."],
    )


@requires(Permission.INCIDENT_REPORT)
def response_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = common.response_or_404(request, pk)
    _leads(request, row)
    form = CloseForm(request.POST or None)
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.close(response=row, by=by_of(request), **form.cleaned_data),
        said="Closed.",
        to=RESPONSE,
        heading="Close the response?",
        button="Close the response",
        lines=[
            "Whoever sees the incident reads the outcome and your words.",
            "This cannot be undone: what follows is a follow-up with a response of its own.",
        ],
    )


def _leads(request: HttpRequest, row: Response) -> None:
    by = by_of(request)
    common.require_own(request, row.record)
    common.require_running(row)
    leads = row.lead_id in by.chain or by.may(Permission.OPERATION_PLAN)
    require(leads, f"Who leads it does this, or a commander: {row.lead.function}.")
