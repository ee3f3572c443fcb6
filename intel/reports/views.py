"""Reports: list, read, write, change, withdraw."""

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.choices import HandlingCode
from agreements.sharing.compartments import compartments_of
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from intel.reports import actions, lifecycle
from intel.reports.forms.filters import ReportFilter
from intel.reports.forms.reports import ChangeForm, WithdrawForm, WriteForm, initial_of
from intel.reports.grading import SchemeName
from intel.reports.models import Report
from intel.reports.querysets import ReportQuerySet
from operations.patrols.actions import times
from operations.planning.views.door import by_of, now_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised

PAGE, PANEL = 25, 5


def _visible(request: HttpRequest) -> ReportQuerySet:
    return Report.objects.visible_to(access_of(request))


def _operations(request: HttpRequest) -> QuerySet[Record]:
    return Record.objects.visible_to(access_of(request)).of_kind("operation").order_by("title", "pk")


@requires(Permission.REPORT_VIEW)
def report_list(request: HttpRequest) -> HttpResponse:
    """What the officer may see, newest information first; filters and place stand in the address."""
    visible = _visible(request)
    offered = list(_operations(request))
    operations = {str(row.pk): row.title for row in offered}
    form = ReportFilter(request.GET, owners=_owners(visible), operations=list(operations.items()))
    rows = _page(form.narrowed(visible, by_of(request)), request.GET.get("before", ""))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    records = [row.record for row in rows]
    disclose(request, [*records, *offered])
    context = {
        "form": form,
        "rows": [(row, operations.get(str(row.record.operation_id), "")) for row in rows],
        "older": f"{rows[-1].record.occurred_at.isoformat()}_{rows[-1].pk}" if more else "",
        "may_write": by_of(request).may(Permission.REPORT_WRITE),
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "reports/report_list.html", context)


def _owners(visible: ReportQuerySet) -> list[tuple[str, str]]:
    """Agencies of which the officer sees a report: no other is named (R17)."""
    rows = visible.order_by().values_list("record__owner", "record__owner__acronym", "record__owner__name").distinct()
    return sorted(((str(pk), acronym or name) for pk, acronym, name in rows), key=lambda pair: pair[1])


def _page(rows: ReportQuerySet, before: str) -> list[Report]:
    """One page beyond a place, and one row more if there is another page."""
    instant, _, key = before.partition("_")
    try:
        place = (datetime.fromisoformat(instant), uuid.UUID(key)) if before else None
    except ValueError:
        return []
    return list(rows.with_reach().newest(PAGE + 1, before=place))


def _report(request: HttpRequest, pk: uuid.UUID) -> Report:
    return get_object_or_404(_visible(request).with_reach().select_related("record__author__officer"), pk=pk)


@requires(Permission.REPORT_VIEW)
def report_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    report, by = _report(request, pk), by_of(request)
    record = report.record
    operation = _operations(request).filter(pk=record.operation_id).first() if record.operation_id else None
    own = record.owner_id in by.agencies
    writes = own and by.may(Permission.REPORT_WRITE)
    shown = [record, *([operation] if operation else [])]
    disclose(request, shown, opened=record)
    context = {
        "report": report,
        "record": record,
        "operation": operation,
        "own": own,
        "codes": [HandlingCode(code).label for code in record.handling_codes],
        "steps": {name: writes and lifecycle.may(report.state, name) for name in ("change", "withdraw")},
        "page_marking": highest(shown),
    }
    return render(request, "reports/report_detail.html", context)


@requires(Permission.REPORT_VIEW)
@require_GET
def report_geojson(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where the information is about, through the same door."""
    report = _report(request, pk)
    disclose(request, [report.record])
    features = [_feature(report)] if report.record.latitude is not None else []
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def _feature(report: Report) -> dict[str, Any]:
    record = report.record
    point = {"type": "Point", "coordinates": [record.longitude, record.latitude]}
    properties = {
        "kind": "report",
        "title": record.title,
        "note": report.grade,
        "time": times.words(record.occurred_at),
    }
    return {"type": "Feature", "id": str(report.pk), "geometry": point, "properties": properties}


@requires(Permission.REPORT_WRITE)
def report_create(request: HttpRequest) -> HttpResponse:
    """Write a report; who will read it is said before it is saved (R27)."""
    by = by_of(request)
    initial = {"operation": request.GET.get("operation", ""), "occurred_at": now_of(request).astimezone(by.agency.zone)}
    form = WriteForm(
        request.POST or None,
        by=by,
        operations=_operations(request),
        compartments=compartments_of(by, now_of(request)),
        scheme=_usual_scheme(request),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.write(by=by, **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, f"Saved as {row.record.reference}. It is held until somebody releases it.")
            return redirect("reports:report-detail", pk=row.pk)
    disclose(request, _operations(request))
    return render(request, "reports/report_form.html", {"form": form})


def _usual_scheme(request: HttpRequest) -> str:
    """The scheme of the officer's latest report."""
    rows = _visible(request).filter(record__author=by_of(request)).order_by("-record__recorded_at", "-record_id")
    return rows.values_list("scheme", flat=True).first() or SchemeName.NATO.value


@requires(Permission.REPORT_WRITE)
def report_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change text, grade, time or place of an own report; who reads the change is listed beside it."""
    report, by = _report(request, pk), by_of(request)
    form = ChangeForm(request.POST or None, initial=initial_of(report, ZoneInfo(report.record.zone)))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(report=report, by=by, version=form.cleaned_data["version"], **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Saved.")
            return redirect("reports:report-detail", pk=pk)
    _refuse(request, report, "change")
    disclose(request, [report.record])
    context = {"form": form, "report": report, "record": report.record, "page_marking": highest([report.record])}
    return render(request, "reports/report_form.html", context)


def _refuse(request: HttpRequest, report: Report, step: str) -> None:
    """403 with the reason for a step that is not the officer's to take, or that the state does not allow."""
    by = by_of(request)
    try:
        if report.record.owner_id not in by.agencies:
            raise Refused(f"Only {report.record.owner.short} changes or withdraws its reports (R21).", code="forbidden")
        lifecycle.after(report.state, step)
    except Refused as refused:
        raise PermissionDenied(refused.message) from None


@requires(Permission.REPORT_WRITE)
def report_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take it back for good, with a reason."""
    report, by = _report(request, pk), by_of(request)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(report=report, by=by, reason=form.cleaned_data["reason"])
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Withdrawn. No other agency can open it any more.")
            return redirect("reports:report-detail", pk=pk)
    _refuse(request, report, "withdraw")
    disclose(request, [report.record])
    context = {"form": form, "report": report, "record": report.record, "page_marking": highest([report.record])}
    return render(request, "reports/report_withdraw.html", context)


@requires(Permission.REPORT_VIEW)
@require_GET
def operation_reports(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the operation's page: its latest reports, as far as the reader may see them."""
    operation = get_object_or_404(_operations(request), pk=pk)
    rows = list(_visible(request).filter(record__operation=operation).newest(PANEL + 1))
    shown = [operation, *(row.record for row in rows[:PANEL])]
    disclose(request, shown)
    context = {
        "operation": operation,
        "rows": rows[:PANEL],
        "more": len(rows) > PANEL,
        "may_write": by_of(request).may(Permission.REPORT_WRITE),
        "page_marking": highest(shown),
    }
    return render(request, "reports/operation_reports.html", context)
