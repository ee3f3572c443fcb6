"""Procedures: list, read with their versions, write, publish anew, take out of use."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.paging import page_of
from operations.planning.views.door import by_of, now_of
from operations.response.actions import procedures as actions
from operations.response.forms.procedures import ProcedureForm, VersionForm, step_set
from operations.response.models import Procedure
from operations.response.views import common
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised, require

DETAIL = "response:procedure-detail"


@requires(Permission.INCIDENT_VIEW)
@require_GET
def procedure_list(request: HttpRequest) -> HttpResponse:
    """Those in use, of the own agency and of partners that released theirs."""
    visible = Procedure.objects.visible_to(access_of(request))
    visible = visible if "all" in request.GET else visible.in_use()
    rows, older = page_of(visible, request.GET.get("before", ""))
    offered = {row.pk: row for row in common.operations(request)}
    records = [row.record for row in rows]
    used = [offered[row.record.operation_id] for row in rows if row.record.operation_id in offered]
    disclose(request, [*records, *used])
    context = {
        "rows": [(row, offered.get(row.record.operation_id)) for row in rows],
        "older": older,
        "may_keep": by_of(request).may(Permission.OPERATION_PLAN),
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "response/procedure_list.html", context)


@requires(Permission.INCIDENT_VIEW)
@require_GET
def procedure_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = common.procedure_or_404(request, pk), by_of(request)
    own = row.record.owner_id in by.agencies
    key = row.record.operation_id
    operation = common.operations(request).filter(pk=key).first() if key else None
    shown = [row.record, *([operation] if operation else [])]
    disclose(request, shown, opened=row.record)
    versions = row.versions.select_related("published_by__officer", "published_by__agency").prefetch_related("steps")
    context = {
        "row": row,
        "record": row.record,
        "versions": list(versions),
        "operation": operation,
        "own": own,
        "may_keep": own and by.may(Permission.OPERATION_PLAN) and row.retired_at is None,
        "page_marking": highest(shown),
    }
    return render(request, "response/procedure_detail.html", context)


@requires(Permission.OPERATION_PLAN)
def procedure_create(request: HttpRequest) -> HttpResponse:
    by, offered = by_of(request), common.operations(request)
    data = request.POST or None
    form = ProcedureForm(data, by=by, operations=offered, initial={"operation": request.GET.get("operation", "")})
    steps = step_set(data)
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        try:
            row = actions.make(by=by, steps=steps.lines(), **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, f"Kept as {row.record.reference}.")
            return redirect(DETAIL, pk=row.pk)
    disclose(request, offered)
    return render(request, "response/procedure_form.html", {"form": form, "steps": steps})


@requires(Permission.OPERATION_PLAN)
def procedure_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A new version of the steps; the marking has a page of its own."""
    row = common.procedure_or_404(request, pk)
    common.require_own(request, row.record)
    require(row.retired_at is None, "This procedure is out of use.")
    data = request.POST or None
    form = VersionForm(data, initial={"version": row.version})
    steps = step_set(data, row.current.steps.all())
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        try:
            made = actions.publish(procedure=row, by=by_of(request), steps=steps.lines(), **form.cleaned_data)
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, f"Version {made.number} holds from now on.")
            return redirect(DETAIL, pk=pk)
    disclose(request, [row.record])
    context = {
        "form": form, "steps": steps, "row": row, "record": row.record, "page_marking": highest([row.record]),
    }  # fmt: skip
    return render(request, "response/procedure_form.html", context)


@requires(Permission.OPERATION_PLAN)
@require_POST
def procedure_retire(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = common.procedure_or_404(request, pk)
    common.require_own(request, row.record)
    work = lambda: actions.retire(procedure=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Out of use. What was begun with it goes on.", DETAIL, pk)
