"""Joint reports: list, read, write, change, put into words, put to the sides, withdraw."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.choices import HandlingCode
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.paging import PAGE, page_of
from operations.joint import lifecycle
from operations.joint.actions import reports as actions
from operations.joint.choices import State
from operations.joint.forms.filters import ReportFilter
from operations.joint.forms.reports import ChangeForm, WithdrawForm, WordsForm, WriteForm, initial_of
from operations.joint.models import JointReport, SealedCopy
from operations.joint.presenting import report_view
from operations.joint.views import common
from operations.joint.views.common import report_or_404
from operations.patrols import rights
from operations.patrols.models import Patrol
from operations.patrols.views.reach import by_of, now_of, seen
from operations.sealing import basis
from operations.sealing.presenting import sides_asked
from operations.sealing.views import operations
from portal.positions.writing import written
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised, require

DETAIL = "joint:report-detail"
PANEL = 5


@requires(Permission.PATROL_VIEW)
@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """What the officer may see, the newest first; filters and place stand in the address."""
    offered, by = operations(request), by_of(request)
    names = {row.pk: row.title for row in offered}
    form = ReportFilter(request.GET, operations=[(str(key), title) for key, title in names.items()])
    visible = common.reports(request).prefetch_related("sides__agency__country", "signatures")
    rows, older = page_of(form.narrowed(visible, by), request.GET.get("before", ""))
    records = [row.record for row in rows]
    disclose(request, [*records, *offered])
    context = {
        "form": form,
        "rows": [(row, names.get(row.record.operation_id, ""), sides_asked(row)) for row in rows],
        "older": older,
        "may_write": by.may(Permission.PATROL_RUN),
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "joint/report_list.html", context)


@requires(Permission.PATROL_VIEW)
@require_GET
def report_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, access = report_or_404(request, pk), access_of(request)
    record, view = row.record, report_view(row, access)
    host, operation = seen(request, record.host_id), seen(request, record.operation_id)
    copy = common.copies(request).filter(report=row.pk).first()
    besides = [item for item in (host, operation, copy and copy.record) if item]
    disclose(request, [record, *view.shown, *besides], opened=record)
    context = {
        "row": row,
        "record": record,
        "view": view,
        "host": host,
        "operation": operation,
        "copy": copy,
        "own": access.owns(record.owner_id),
        "codes": [HandlingCode(code).label for code in record.handling_codes],
        "page_marking": highest([record, *view.shown]),
    }
    return render(request, "joint/report_detail.html", context)


@requires(Permission.PATROL_RUN)
def report_create(request: HttpRequest) -> HttpResponse:
    """Write a draft about the patrol or operation that the address names."""
    host, by = _host(request), by_of(request)
    if host is None:
        choices = _hosts(request)
        disclose(request, choices)
        return render(request, "joint/report_host.html", {"hosts": choices, "page_marking": highest(choices)})
    form = WriteForm(
        request.POST or None, by=by, agencies=actions.candidates(host), initial=_initial(host, request.GET.get("form"))
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.write(host=host, by=by, **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(
                request, f"Kept as {row.record.reference}, a draft: put it to its sides when it is complete."
            )
            return redirect(DETAIL, pk=row.pk)
    disclose(request, [host])
    return render(request, "joint/report_form.html", {"form": form, "host": host, "page_marking": highest([host])})


def _host(request: HttpRequest) -> Record | None:
    key = request.GET.get("host", "")
    if not key:
        return None
    try:
        rows = Record.objects.visible_to(access_of(request)).filter(kind__in=("patrol", "operation"))
        return get_object_or_404(rows.select_related("owner__country"), pk=uuid.UUID(key))
    except ValueError:
        raise Http404 from None


def _hosts(request: HttpRequest) -> list[Record]:
    """Patrols to write about: those of the officer's operations that began, the newest first."""
    mine = rights.assignments_of(by_of(request), now_of(request)).values("participation__circle__record")
    rows = Patrol.objects.visible_to(access_of(request)).filter(
        record__operation__in=mine, state__in=("active", "ended")
    )
    return [row.record for row in rows.newest(PAGE)]


def _initial(host: Record, form: str | None) -> dict[str, Any]:
    patrol = Patrol.objects.filter(pk=host.pk).first()
    found: dict[str, Any] = {"title": f"{'Handover' if form == 'handover' else 'Joint report'}: {host.title}"[:200]}
    if form == "handover":
        found["form"] = form
    if patrol is not None:
        found |= {
            "starts_at": patrol.started_at,
            "ends_at": patrol.ended_at or timezone.now(),
            "place": patrol.meeting_point,
        }
    found["position"] = written(host.latitude, host.longitude) if patrol is not None else ""
    return {**found, "classification": host.classification, "tlp": host.tlp}


@requires(Permission.PATROL_RUN)
def report_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change the text. Once it is with its sides, all sign anew."""
    row = report_or_404(request, pk)
    form = ChangeForm(request.POST or None, initial=initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(report=row, by=by_of(request), version=form.cleaned_data["version"], **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Saved. All sides sign this text anew." if row.state == State.OPEN else "Saved.")
            return redirect(DETAIL, pk=pk)
    _refuse(request, row, "change")
    disclose(request, [row.record])
    context = {"form": form, "row": row, "record": row.record, "page_marking": highest([row.record])}
    return render(request, "joint/report_form.html", context)


def _refuse(request: HttpRequest, row: JointReport, step: str) -> None:
    """403 with the reason, unless the step is one for the owner's officers in this state."""
    own = access_of(request).owns(row.record.owner_id)
    require(own, f"Only {row.record.owner.short} does this; propose a correction instead (R21).")
    require(lifecycle.may(row.state, step), lifecycle.SAYS[State(row.state)])


@requires(Permission.PATROL_RUN)
def report_word(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put the text into another language."""
    row = report_or_404(request, pk)
    _refuse(request, row, "change")
    agencies = [side.agency for side in row.sides.select_related("agency__country")]
    wording = row.wordings.filter(language=request.GET.get("language", "")).first()
    initial = {"language": request.GET.get("language", "")}
    if wording is not None:
        initial |= {"text": wording.text, "open_points": wording.open_points}
    form = WordsForm(request.POST or None, row=row, agencies=agencies, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_into_words(report=row, by=by_of(request), **form.cleaned_data)
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Saved.")
            return redirect(DETAIL, pk=pk)
    disclose(request, [row.record])
    context = {"form": form, "row": row, "record": row.record, "page_marking": highest([row.record])}
    return render(request, "joint/report_word.html", context)


@requires(Permission.PATROL_RUN)
def report_put(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who will read it, and under which article, before it is put to them (R27)."""
    row, by = report_or_404(request, pk), by_of(request)
    if request.method == "POST":
        work = lambda: actions.put_forward(report=row, by=by)  # noqa: E731
        return acted(request, work, "Put to its sides. Each is asked to sign.", DETAIL, pk)
    _refuse(request, row, "put")
    found = basis.footings(row.record, basis.others_of(row, by), by, now_of(request))
    disclose(request, [row.record])
    context = {
        "row": row,
        "record": row.record,
        "footings": found,
        "holds": all(footing.holds for footing in found),
        "page_marking": highest([row.record]),
    }
    return render(request, "joint/report_put.html", context)


@requires(Permission.PATROL_RUN)
def report_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = report_or_404(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(report=row, by=by_of(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Withdrawn.")
            return redirect(DETAIL, pk=pk)
    _refuse(request, row, "withdraw")
    disclose(request, [row.record])
    context = {"form": form, "row": row, "record": row.record, "page_marking": highest([row.record])}
    return render(request, "joint/report_withdraw.html", context)


@requires(Permission.PATROL_VIEW)
@require_GET
def patrol_joint(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the patrol's page."""
    rows = Patrol.objects.visible_to(access_of(request))
    patrol = get_object_or_404(rows, pk=pk)
    is_open = patrol.state in ("active", "ended")
    return _panel(request, patrol.record, common.reports(request).of_host(pk), may_write=is_open)


@requires(Permission.PATROL_VIEW)
@require_GET
def operation_joint(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the operation's page: of its patrols and of its shifts."""
    operations = Record.objects.visible_to(access_of(request)).of_kind("operation").select_related("owner__country")
    operation = get_object_or_404(operations, pk=pk)
    return _panel(request, operation, common.reports(request).filter(record__operation=pk), may_write=True)


def _panel(request: HttpRequest, host: Record, rows: Any, *, may_write: bool) -> HttpResponse:
    by = by_of(request)
    found = list(rows.prefetch_related("sides__agency__country", "signatures").newest(PANEL + 1))
    kept = {copy.report: copy for copy in _copies(request, found)}
    shown = [host, *(row.record for row in found[:PANEL]), *(copy.record for copy in kept.values())]
    disclose(request, shown)
    operation = host.pk if host.kind == "operation" else host.operation_id
    assigned = rights.assignments_of(by, now_of(request)).filter(participation__circle__record=operation).exists()
    context = {
        "host": host,
        "rows": [(row, sides_asked(row), kept.get(row.pk)) for row in found[:PANEL]],
        "more": len(found) > PANEL,
        "operation": operation,
        "may_write": may_write and by.may(Permission.PATROL_RUN) and assigned,
        "page_marking": highest(shown),
    }
    return render(request, "joint/panel.html", context)


def _copies(request: HttpRequest, rows: list[JointReport]) -> list[SealedCopy]:
    return list(common.copies(request).filter(report__in=[row.pk for row in rows])) if rows else []
