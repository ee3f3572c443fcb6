"""Calls for assistance: write one, read one, ask others besides, answer, arrive, end; desks and how far they reach."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.paging import page_of
from operations.incidents.choices import ReportState
from operations.incidents.models import IncidentReport
from operations.patrols.actions import times
from operations.planning.views.door import by_of, now_of
from operations.response import reach
from operations.response.actions import assistance as actions
from operations.response.actions import desks
from operations.response.choices import AskedState
from operations.response.forms.assistance import AssistanceForm, DeskForm, EndingForm, MoreForm, ReplyForm
from operations.response.forms.filters import AssistanceFilter
from operations.response.models import AssistanceCall, Desk
from operations.response.presenting import call_view
from operations.response.views import common
from operations.response.views.common import CALL
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised, require


@requires(Permission.INCIDENT_VIEW)
@require_GET
def assistance_list(request: HttpRequest) -> HttpResponse:
    access = access_of(request)
    form = AssistanceFilter(request.GET)
    visible = AssistanceCall.objects.visible_to(access)
    rows, older = page_of(form.narrowed(visible, by_of(request)), request.GET.get("before", ""))
    records = [row.record for row in rows]
    disclose(request, records)
    context = {
        "form": form,
        "rows": rows,
        "older": older,
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "response/assistance_list.html", context)


def _place(report: IncidentReport) -> str:
    record = report.record
    return "" if record.latitude is None or record.longitude is None else f"{record.latitude}, {record.longitude}"


@requires(Permission.INCIDENT_REPORT)
def assistance_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """From any incident: what is needed where, and which desks in reach an article lets be asked."""
    report, by = common.report_or_404(request, pk), by_of(request)
    common.require_own(request, report.record)
    require(report.state != ReportState.WITHDRAWN, "This report is withdrawn.")
    require(by.may(Permission.RECORD_RELEASE), "Your role releases nothing.")
    record = report.record
    initial = {
        "position": _place(report), "tlp": record.tlp, "classification": min(record.classification, by.clearance),
    }  # fmt: skip
    form = AssistanceForm(request.POST or None, by=by, initial=initial)
    found = _offered(form, report, request)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            row = actions.call(report=report, by=by, **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "They are asked. Telephone as well.")
            return redirect(CALL, pk=row.pk)
    disclose(request, [record])
    context = {
        "form": form,
        "report": report,
        "record": record,
        "askable": [item for item in found if item.can_be_asked],
        "others": [item for item in found if not item.can_be_asked],
        "may_cry": by.may(Permission.DISTRESS_SEND),
        "chosen": form.chosen,
        "page_marking": highest([record]),
    }
    return render(request, "response/assistance_form.html", context)


def _offered(form: AssistanceForm, report: IncidentReport, request: HttpRequest) -> list[reach.Candidate]:
    """Who can be asked for what is written so far; the form lets these be chosen."""
    record = report.record
    place = None if record.latitude is None or record.longitude is None else (record.latitude, record.longitude)
    if form.is_bound:
        form.full_clean()
        place = form.cleaned_data.get("position") or place
    found = reach.candidates(by_of(request), form.marking_so_far(), place, now_of(request))
    form.offer(found)
    if form.is_bound:
        form.full_clean()
    return found


@requires(Permission.INCIDENT_VIEW)
@require_GET
def assistance_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = common.call_or_404(request, pk)
    view, operation = call_view(row, access_of(request)), None
    if row.record.operation_id:
        operation = common.operations(request).filter(pk=row.record.operation_id).first()
    shown = [row.record, *([view.incident.record] if view.incident else []), *([operation] if operation else [])]
    disclose(request, shown, opened=row.record)
    context = {
        "row": row,
        "record": row.record,
        "view": view,
        "operation": operation,
        "silent": view.is_own and row.ended_at is None and all(one.state == AskedState.ASKED for one in view.asked),
        "page_marking": highest(shown),
        "as_of": now_of(request),
    }
    return render(request, "response/assistance_detail.html", context)


@requires(Permission.INCIDENT_VIEW)
@require_GET
def assistance_geojson(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where they are needed."""
    row = common.call_or_404(request, pk)
    disclose(request, [row.record])
    record = row.record
    point: dict[str, Any] = {
        "type": "Feature",
        "id": str(row.pk),
        "geometry": {"type": "Point", "coordinates": [record.longitude, record.latitude]},
        "properties": {
            "kind": "incident", "title": record.title, "note": row.needed, "time": times.words(record.occurred_at),
        },
    }  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": [point]}, content_type="application/geo+json")


def _running(request: HttpRequest, pk: uuid.UUID) -> AssistanceCall:
    row = common.call_or_404(request, pk)
    common.require_own(request, row.record)
    require(row.ended_at is None, "It is over.")
    return row


@requires(Permission.INCIDENT_REPORT)
def assistance_more(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = _running(request, pk), by_of(request)
    record = row.record
    place = None if record.latitude is None or record.longitude is None else (record.latitude, record.longitude)
    asked = set(row.asked.values_list("agency", flat=True))
    found = [
        item
        for item in reach.candidates(by, record, place, now_of(request))
        if item.can_be_asked and item.agency.pk not in asked
    ]
    form = MoreForm(request.POST or None, found=found)
    lines = [f"{item.agency.short}: {item.words}" for item in found]
    return common.step_page(
        request,
        record=record,
        form=form,
        act=lambda: actions.ask_more(call=row, by=by, agencies=list(form.cleaned_data["agencies"])),
        said="They are asked. Telephone as well.",
        to=CALL,
        heading="Ask further desks",
        button="Ask them",
        lines=lines or ["Every agency that an article lets be asked was asked."],
    )


@requires(Permission.INCIDENT_REPORT)
def assistance_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _running(request, pk)
    form = EndingForm(request.POST or None)
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.end(call=row, by=by_of(request), **form.cleaned_data),
        said="Over. Whoever was asked is told.",
        to=CALL,
        heading="Assistance is needed no more?",
        button="It is over",
        lines=["Whoever was asked is told at once, and reads how it ended."],
    )


@requires(Permission.DISTRESS_SEND)
def asked_answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The desk answers: with what and when, or why not."""
    row, by = common.asked_or_404(request, pk), by_of(request)
    require(row.agency_id in by.agencies, f"{row.agency.short} answers this.")
    require(row.call.ended_at is None, "It is over: nobody need come.")
    require(row.state != AskedState.ARRIVED, "You are there already.")
    form = ReplyForm(request.POST or None)

    def act() -> None:
        if form.comes:
            actions.accept(asked=row, by=by, **form.promise())
        else:
            actions.decline(asked=row, by=by, reason=form.cleaned_data["reason"])

    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=act,
        said="They read your answer.",
        to=CALL,
        heading=f"Answer to {row.record.owner.short}",
        button="Answer",
        lines=[f"{row.record.owner.short} reads it with your function, and nobody else does."],
    )


@requires(Permission.INCIDENT_VIEW)
@require_POST
def asked_arrive(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = common.asked_or_404(request, pk)
    work = lambda: actions.arrive(asked=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Noted: they are there.", CALL, row.call_id)


@requires(Permission.INCIDENT_VIEW)
def desk_list(request: HttpRequest) -> HttpResponse:
    """The own agency's desks, for its commanders to keep; of partners those of acquainted agencies (R18)."""
    by, keeps = by_of(request), by_of(request).may(Permission.OPERATION_PLAN)
    form = DeskForm(request.POST or None)
    if request.method == "POST":
        require(keeps, "A commander keeps the desks.")
        if form.is_valid():
            try:
                desks.man(by=by, **form.cleaned_data)
            except Refused as refused:
                placed_or_raised(form, refused)
            else:
                messages.success(request, "Kept. Partners that ask for assistance find it.")
                return redirect("response:desk-list")
    rows = list(Desk.objects.visible_to(access_of(request)).manned())
    context = {
        "form": form,
        "own": [row for row in rows if row.agency_id in by.agencies],
        "theirs": [row for row in rows if row.agency_id not in by.agencies],
        "keeps": keeps,
        "as_of": now_of(request),
    }
    return render(request, "response/desk_list.html", context)


@requires(Permission.OPERATION_PLAN)
@require_POST
def desk_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(Desk.objects.visible_to(access_of(request)).manned(), pk=pk)
    work = lambda: desks.close(desk=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Closed.", "response:desk-list")
