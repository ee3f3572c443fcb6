"""One patrol: plan it, read it, start, end and cancel it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.patrols import journal, rights
from operations.patrols.actions import patrols
from operations.patrols.choices import PatrolState
from operations.patrols.forms import CancelForm, EndForm, PatrolForm, team_forms
from operations.patrols.models import Patrol
from operations.patrols.views import reach
from operations.patrols.views.reach import by_of, now_of, patrol_or_404
from operations.types.presenting import quick_types
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import place, placed_or_raised, shown_or_raised


@requires(Permission.PATROL_VIEW)
def patrol_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Both sides' entries together, as far as the reader may see them."""
    access = access_of(request)
    patrol = patrol_or_404(request, pk)
    log = journal.journal(patrol, access)
    running = log.own_running(access)
    operation = reach.seen(request, patrol.record.operation_id)
    active = patrol.state == PatrolState.ACTIVE
    told = reach.guidance(request, patrol.record.operation_id, now_of(request)) if active else None
    besides = [row for row in (operation, told and told.record) if row]
    disclose(request, [patrol.record, *log.records, *besides], opened=patrol.record)
    steps = reach.steps(request, patrol, running)
    context = {
        "patrol": patrol,
        "record": patrol.record,
        "journal": log,
        "teams": patrol.teams.select_related("agency__country", "leader__officer", "leader__agency"),
        "running": running,
        "operation": operation,
        "guidance": told,
        "steps": steps,
        "quick": quick_types(operation, by_of(request)) if steps["log"] else [],
        "held": log.held(access),
        "may_release": by_of(request).may(Permission.RECORD_RELEASE),
        "as_of": now_of(request),
        "page_marking": highest([patrol.record, *log.records]),
    }
    return render(request, "patrols/patrol_detail.html", context)


@requires(Permission.PATROL_PLAN)
def patrol_create(request: HttpRequest) -> HttpResponse:
    """Plan a patrol: first the operation, unless there is only one to choose from."""
    choices = _operations(request)
    operation = _chosen(choices, request.GET.get("operation", ""))
    if operation is None:
        disclose(request, choices)
        return render(request, "patrols/patrol_operation.html", {"operations": choices})
    by = by_of(request)
    data = request.POST if request.method == "POST" else None
    form = PatrolForm(data, by=by, operation=operation)
    teams = team_forms(data, patrols.participants(operation, now_of(request)), by)
    if data is not None and all([form.is_valid(), *(team.is_valid() for team in teams)]):
        patrol = _planned(request, form, teams)
        if patrol is not None:
            return redirect("patrols:patrol-detail", pk=patrol.pk)
    disclose(request, [operation])
    context = {"form": form, "teams": teams, "operation": operation}
    return render(request, "patrols/patrol_form.html", context)


def _operations(request: HttpRequest) -> list[Record]:
    """The operations in which the officer may plan."""
    rows = Record.objects.visible_to(access_of(request)).of_kind("operation").select_related("owner", "circle")
    return [
        row
        for row in rows.filter(circle__closed_at=None, circle__isnull=False)
        if rights.is_assigned(by_of(request), row, now_of(request))
    ]


def _chosen(choices: list[Record], key: str) -> Record | None:
    if not key:
        return choices[0] if len(choices) == 1 else None
    found = next((row for row in choices if str(row.pk) == key), None)
    if found is None:
        raise Http404
    return found


def _planned(request: HttpRequest, form: PatrolForm, teams: list[Any]) -> Patrol | None:
    plans = [plan for plan in (team.plan() for team in teams) if plan is not None]
    try:
        return patrols.plan(by=by_of(request), teams=plans, **form.values())
    except Refused as refused:
        place(form, refused)
        return None


@requires(Permission.PATROL_RUN)
@require_POST
def patrol_start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Start now: one tap."""
    patrol = patrol_or_404(request, pk)
    try:
        patrols.start(patrol=patrol, by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
    else:
        messages.success(request, "Patrol started. Start your team's leg when it sets off.")
    return redirect("patrols:patrol-detail", pk=pk)


@requires(Permission.PATROL_RUN)
def patrol_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    patrol = patrol_or_404(request, pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            patrols.end(patrol=patrol, by=by_of(request), ended_at=form.cleaned_data["ended_at"])
            return redirect("patrols:patrol-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    running = [leg for leg in reach.own_legs(request, patrol) if leg.ended_at is None]
    disclose(request, [patrol.record, *(leg.record for leg in running)])
    return render(
        request,
        "patrols/patrol_end.html",
        {"patrol": patrol, "form": form, "running": running, "page_marking": highest([patrol.record])},
    )


@requires(Permission.PATROL_PLAN)
def patrol_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    patrol = patrol_or_404(request, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            patrols.cancel(patrol=patrol, by=by_of(request), reason=form.cleaned_data["reason"])
            return redirect("patrols:patrol-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [patrol.record])
    return render(
        request,
        "patrols/patrol_cancel.html",
        {"patrol": patrol, "form": form, "page_marking": highest([patrol.record])},
    )


@requires(Permission.PATROL_VIEW)
@require_GET
def patrol_geojson(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The patrol's tracks and observations as GeoJSON, through the same door."""
    patrol = get_object_or_404(Patrol.objects.visible_to(access_of(request)), pk=pk)
    features, shown = journal.features(patrol, access_of(request))
    disclose(request, [patrol.record, *shown])
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")
