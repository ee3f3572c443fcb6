"""Tasks: one's own, change one, end one, offer one to a partner; and the partner's answer."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from operations.planning.views.door import by_of, now_of
from operations.response.actions import handovers
from operations.response.actions import responses as actions
from operations.response.choices import HandoverState
from operations.response.forms.filters import TaskFilter
from operations.response.forms.responses import AnswerForm, EndForm, OfferForm, TimedForm
from operations.response.models import Handover, Task
from operations.response.querysets import HandoverQuerySet, TaskQuerySet
from operations.response.views import common
from operations.response.views.common import RESPONSE
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised, require

MOST = 100
INCIDENT = "incidents:report-detail"


@requires(Permission.INCIDENT_VIEW)
@require_GET
def task_list(request: HttpRequest) -> HttpResponse:
    """Open tasks of the own agency, what is soonest due first, and what partners offer or handed to it."""
    access, by = access_of(request), by_of(request)
    form = TaskFilter(request.GET)
    show = form.cleaned_data["show"] if form.is_valid() else "none"
    tasks = _tasks(Task.objects.visible_to(access).with_words(), show, request)
    offers = _offers(Handover.objects.visible_to(access).with_words().filter(agency__in=by.agencies), show)
    shown = [row.record for row in tasks] + [row.record for row in offers]
    disclose(request, shown)
    context = {
        "form": form,
        "tasks": [(row, row.is_late(access.at), row.assignee_id in by.chain) for row in tasks],
        "offers": offers,
        "may_answer": by.may(Permission.INCIDENT_REPORT),
        "more": len(tasks) == MOST,
        "page_marking": highest(shown),
        "as_of": now_of(request),
    }
    return render(request, "response/task_list.html", context)


def _tasks(rows: TaskQuerySet, show: str, request: HttpRequest) -> list[Task]:
    if show in ("offered", "none"):
        return []
    rows = rows.todo()
    rows = rows.of(by_of(request)) if show == "mine" else rows
    rows = rows.late(now_of(request)) if show == "late" else rows
    return list(rows.order_by("due_at", "made_at", "position", "pk")[:MOST])


def _offers(rows: HandoverQuerySet, show: str) -> list[Handover]:
    if show not in ("", "offered"):
        return []
    return list(rows.filter(state__in=(HandoverState.OFFERED, HandoverState.TAKEN))[:MOST])


def _held(request: HttpRequest, pk: uuid.UUID) -> Task:
    row = common.task_or_404(request, pk)
    common.require_own(request, row.record)
    common.require_running(row.response)
    require(row.state == "open", "It is ended already.")
    require(row.standing is None, "It is with a partner: take it back first.")
    return row


@requires(Permission.INCIDENT_REPORT)
def task_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _held(request, pk)
    form = TimedForm(
        request.POST if request.method == "POST" else None,
        officers=common.officers(request, row.record),
        initial={"assignee": row.assignee_id, "due_at": row.due_at},
    )
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.change(task=row, by=by_of(request), **form.cleaned_data),
        said="Saved.",
        to=RESPONSE,
        heading=f"Who does it, and until when: {row.what}",
        button="Save",
    )


@requires(Permission.INCIDENT_REPORT)
def task_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _held(request, pk)
    form = EndForm(request.POST or None)
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.end(task=row, by=by_of(request), **form.values()),
        said="Ended.",
        to=RESPONSE,
        heading=row.what,
        button="End the task",
        lines=["Your agency reads what came of it."],
    )


@requires(Permission.INCIDENT_REPORT)
def task_offer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _held(request, pk)
    partners = handovers.partners_of(row.record)
    form = OfferForm(request.POST or None, agencies=partners)
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: handovers.offer(task=row, by=by_of(request), **form.cleaned_data),
        said="Offered. You read here when they take it.",
        to=RESPONSE,
        heading=f"Hand over: {row.what}",
        button="Offer it",
        lines=[
            "They read this task and its time, and none of your other tasks.",
            "Taking it, they open an incident of their own that cites yours. What they find reaches you when they release that.",
            *([] if partners else ["No partner reads the incident: release it to one first, on its own page."]),
        ],
    )


@requires(Permission.INCIDENT_REPORT)
@require_POST
def handover_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = common.handover_or_404(request, pk)
    work = lambda: handovers.withdraw(handover=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Taken back.", RESPONSE, row.record_id)


def _ours(request: HttpRequest, pk: uuid.UUID) -> Handover:
    row, by = common.handover_or_404(request, pk), by_of(request)
    require(row.agency_id in by.agencies, f"{row.agency.short} answers this.")
    return row


@requires(Permission.INCIDENT_REPORT)
def handover_answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take it, which opens an own incident, or decline it with the reason."""
    row, by = _ours(request, pk), by_of(request)
    require(row.state == HandoverState.OFFERED, "It is not offered any more.")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["verdict"] == "take":
                own = handovers.take(handover=row, by=by, key=form.sent_key)
                messages.success(request, f"Taken. Your own incident is {own.record.reference}, a draft.")
                return redirect(RESPONSE, pk=own.pk)
            handovers.decline(handover=row, by=by, answer=form.cleaned_data["answer"])
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Declined.")
            return redirect(INCIDENT, pk=row.record_id)
    disclose(request, [row.record])
    context = {"form": form, "row": row, "record": row.record, "page_marking": highest([row.record])}
    return render(request, "response/handover_answer.html", context)


@requires(Permission.INCIDENT_REPORT)
@require_POST
def handover_finish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _ours(request, pk)
    work = lambda: handovers.finish(handover=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "They read that it is done.", INCIDENT, row.record_id)
