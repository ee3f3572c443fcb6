"""Operations: list, read, plan, edit, and the steps of their life."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Participation
from operations.planning import basis, lifecycle, presenting
from operations.planning.actions import operations
from operations.planning.forms.filters import OperationFilter
from operations.planning.forms.operations import OperationForm, ReasonForm, initial_of
from operations.planning.models import Instruction, Operation
from operations.planning.querysets import OperationQuerySet
from operations.planning.views.door import by_of, now_of, operation_or_404
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised, shown_or_raised

PAGE = 25


@requires(Permission.OPERATION_VIEW)
def operation_list(request: HttpRequest) -> HttpResponse:
    """What the officer may see, by state, lead, period and words; open invitations and own instructions first."""
    access, by = access_of(request), by_of(request)
    visible = Operation.objects.visible_to(access)
    leads = Agency.objects.filter(pk__in=access.providers).order_by("country_id", "name", "pk")
    form = OperationFilter(request.GET, agencies=[(str(row.pk), str(row)) for row in leads])
    narrowed = form.narrowed(visible)
    if form.is_valid() and form.cleaned_data["basis"]:
        live = narrowed.live().with_basis()
        narrowed = narrowed.filter(pk__in=presenting.fallen(live, by, now_of(request)))
    rows = _page(narrowed, request.GET.get("before", ""))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    orphans = list(Instruction.objects.visible_to(access).exclude(operation_record__in=visible.values("record")))
    shown = [row.record for row in rows] + [row.record for row in orphans]
    disclose(request, shown)
    pending = Participation.objects.filter(agency__in=by.agencies, ended_at=None, accepted_at=None)
    context = {
        "form": form,
        "rows": rows,
        "orphans": orphans,
        "invitations": pending.filter(circle__record__in=visible.values("record")).count(),
        "older": f"{rows[-1].starts_at.isoformat()}_{rows[-1].pk}" if more else "",
        "may_plan": by.may(Permission.OPERATION_PLAN),
        "page_marking": highest(shown),
        "as_of": now_of(request),
    }
    return render(request, "planning/operation_list.html", context)


def _page(rows: OperationQuerySet, before: str) -> list[Operation]:
    """One page beyond a place, and one row more if there is another page."""
    instant, _, key = before.partition("_")
    try:
        place = (datetime.fromisoformat(instant), uuid.UUID(key)) if before else None
    except ValueError:
        return []
    return list(rows.select_related("host_state", "agreement").newest(PAGE + 1, before=place))


@requires(Permission.OPERATION_VIEW)
def operation_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    operation = operation_or_404(request, pk)
    sheet = presenting.sheet(operation, by_of(request), now_of(request))
    copy = [sheet.instruction.record] if sheet.instruction else []
    disclose(request, [operation.record, *copy], opened=operation.record)
    context = {
        "operation": operation,
        "record": operation.record,
        "sheet": sheet,
        "steps": sheet.steps,
        "page_marking": highest([operation.record]),
        "as_of": now_of(request),
    }
    return render(request, "planning/operation_detail.html", context)


@requires(Permission.OPERATION_VIEW)
@require_GET
def operation_geojson(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The area, through the same door."""
    operation = get_object_or_404(Operation.objects.visible_to(access_of(request)), pk=pk)
    disclose(request, [operation.record])
    return JsonResponse(presenting.area_features(operation), content_type="application/geo+json")


@requires(Permission.OPERATION_PLAN)
def operation_create(request: HttpRequest) -> HttpResponse:
    """Plan an operation on a clause that works today."""
    by = by_of(request)
    usable = basis.usable(by.agency, now_of(request))
    form = OperationForm(request.POST or None, by=by, clauses=usable)
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.plan_operation(by=by, key=form.sent_key, **form.values())
            if row.ends_at < now_of(request):
                messages.warning(request, "Its period is over already: it is kept for the record.")
            return redirect("planning:operation-detail", pk=row.pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    context = {"form": form, "own": by.agency, "usable": usable}
    return render(request, "planning/operation_form.html", context)


@requires(Permission.OPERATION_PLAN)
def operation_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    operation, by = operation_or_404(request, pk), by_of(request)
    clauses = {**dict.fromkeys(operation.clauses.all()), **basis.usable(by.agency, now_of(request))}
    form = OperationForm(request.POST or None, by=by, clauses=clauses, initial=initial_of(operation))
    form.for_edit()
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.values().items() if name != "zone"}
        try:
            operations.edit(operation=operation, by=by, version=form.cleaned_data["version"], **values)
            messages.success(request, "Saved.")
            return redirect("planning:operation-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [operation.record])
    sheet = presenting.sheet(operation, by, now_of(request))
    marking = highest([operation.record])
    context = {"form": form, "operation": operation, "own": by.agency, "sheet": sheet, "page_marking": marking}
    return render(request, "planning/operation_form.html", context)


@requires(Permission.OPERATION_PLAN)
@require_POST
def operation_step(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Open, close or archive: one press."""
    operation = operation_or_404(request, pk)
    actions: dict[str, Any] = {
        "open": operations.open_operation,
        "close": operations.close_operation,
        "archive": operations.archive,
    }
    try:
        actions[name](operation=operation, by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
    else:
        messages.success(request, f"The operation is {lifecycle.STEPS[name].target.label.lower()}.")
    return redirect("planning:operation-detail", pk=pk)


@requires(Permission.OPERATION_PLAN)
def operation_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    operation = operation_or_404(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.cancel(operation=operation, by=by_of(request), reason=form.cleaned_data["reason"])
            return redirect("planning:operation-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [operation.record])
    context = {"form": form, "operation": operation, "page_marking": highest([operation.record])}
    return render(request, "planning/operation_cancel.html", context)
