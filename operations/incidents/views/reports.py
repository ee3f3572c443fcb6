"""Reports of incidents: list, read, write, change."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.choices import HandlingCode
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.paging import page_of
from operations.incidents import lifecycle, sense
from operations.incidents.actions import reports as actions
from operations.incidents.choices import ReportState
from operations.incidents.forms.filters import ReportFilter
from operations.incidents.forms.reports import ChangeForm, WriteForm, initial_of
from operations.incidents.models import IncidentReport
from operations.incidents.presenting import countdown, report_view
from operations.incidents.views import common
from operations.patrols.actions import times
from operations.planning.views.door import by_of, now_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised, require

PANEL = 5


def report_or_404(request: HttpRequest, pk: uuid.UUID) -> IncidentReport:
    rows = common.reports(request).select_related("record__author__officer", "record__author__agency", "record__host")
    return get_object_or_404(rows, pk=pk)


@requires(Permission.INCIDENT_VIEW)
def report_list(request: HttpRequest) -> HttpResponse:
    """What the officer may see, the newest incident first; filters and place stand in the address."""
    visible, at = common.reports(request), now_of(request)
    offered = list(common.operations(request))
    names = {str(row.pk): row.title for row in offered}
    form = ReportFilter(request.GET, owners=common.owners_of(visible), operations=list(names.items()))
    rows, older = page_of(form.narrowed(visible, by_of(request), at), request.GET.get("before", ""))
    records = [row.record for row in rows]
    disclose(request, [*records, *offered])
    own = by_of(request).agencies
    context = {
        "form": form,
        "rows": [
            (
                row,
                names.get(str(row.record.operation_id), ""),
                countdown(row, at) if row.record.owner_id in own else None,
            )
            for row in rows
        ],
        "older": older,
        "may_report": by_of(request).may(Permission.INCIDENT_REPORT),
        "page_marking": highest(records),
        "as_of": at,
    }
    return render(request, "incidents/report_list.html", context)


@requires(Permission.INCIDENT_VIEW)
def report_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = report_or_404(request, pk), by_of(request)
    record, view = row.record, report_view(row, access_of(request))
    operation = common.operation_of(request, record)
    first = common.reports(request).filter(pk=record.host_id).first() if record.host_id else None
    own = record.owner_id in by.agencies
    shown = [record, *view.shown, *([operation] if operation else []), *([first.record] if first else [])]
    disclose(request, shown, opened=record)
    context = {
        "row": row,
        "record": record,
        "view": view,
        "operation": operation,
        "first": first,
        "involved": list(row.involved.all()),
        "own": own,
        "countdown": countdown(row, now_of(request)) if own else None,
        "question": sense.serious_question(row.account) if own and by.may(Permission.INCIDENT_REPORT) else "",
        "codes": [HandlingCode(code).label for code in record.handling_codes],
        "page_marking": highest(shown),
    }
    return render(request, "incidents/report_detail.html", context)


@requires(Permission.INCIDENT_VIEW)
@require_GET
def report_geojson(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where it happened, through the same door."""
    row = report_or_404(request, pk)
    disclose(request, [row.record])
    features = [_feature(row)] if row.record.latitude is not None else []
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def _feature(row: IncidentReport) -> dict[str, Any]:
    record = row.record
    return {
        "type": "Feature",
        "id": str(row.pk),
        "geometry": {"type": "Point", "coordinates": [record.longitude, record.latitude]},
        "properties": {
            "kind": "incident",
            "title": record.title,
            "note": row.type_words,
            "time": times.words(record.occurred_at),
        },
    }


@requires(Permission.INCIDENT_REPORT)
def report_create(request: HttpRequest) -> HttpResponse:
    """Write a draft, or a follow-up of a first report; who will read it is said before it is saved (R27)."""
    by, follows = by_of(request), _followed(request)
    now = now_of(request).astimezone(by.agency.zone)
    initial = {"operation": request.GET.get("operation", ""), "occurred_at": now, "known_at": now}
    if follows is not None:
        initial |= {"type": follows.type, "impact": follows.impact, "confidence": follows.confidence}
    form = WriteForm(
        request.POST or None,
        by=by,
        operations=common.operations(request),
        follows=follows is not None,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.write(by=by, follows=follows, **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, f"Kept as {row.record.reference}, a draft: report it when it is complete.")
            return redirect("incidents:report-detail", pk=row.pk)
    shown = [*common.operations(request), *([follows.record] if follows else [])]
    disclose(request, shown)
    return render(request, "incidents/report_form.html", {"form": form, "follows": follows})


def _followed(request: HttpRequest) -> IncidentReport | None:
    """The first report that the address names. Hidden or unknown: 404."""
    key = request.GET.get("follows", "")
    if not key:
        return None
    try:
        return report_or_404(request, uuid.UUID(key))
    except ValueError:
        raise Http404 from None


@requires(Permission.INCIDENT_REPORT)
def report_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change what is a draft or was returned; the marking has a page of its own."""
    row, by = report_or_404(request, pk), by_of(request)
    form = ChangeForm(request.POST or None, initial=initial_of(row, ZoneInfo(row.record.zone)))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(report=row, by=by, version=form.cleaned_data["version"], **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Saved.")
            return redirect("incidents:report-detail", pk=pk)
    refuse(request, row, "change")
    disclose(request, [row.record])
    context = {"form": form, "row": row, "record": row.record, "page_marking": highest([row.record])}
    return render(request, "incidents/report_form.html", context)


def refuse(request: HttpRequest, row: IncidentReport, step: str) -> None:
    """403 with the reason, unless the step is one for the owner's officers in this state."""
    own = row.record.owner_id in by_of(request).agencies
    require(own, f"Only {row.record.owner.short} does this (R21).")
    require(lifecycle.may(row.state, step), lifecycle.SAYS[ReportState(row.state)])


@requires(Permission.INCIDENT_VIEW)
@require_GET
def operation_incidents(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the operation's page: its latest reports and open events, as far as the reader may see them."""
    operation = get_object_or_404(common.operations(request), pk=pk)
    rows = list(common.reports(request).filter(record__operation=operation).newest(PANEL + 1))
    open_events = list(common.events(request).filter(record__operation=operation, state="open").newest(PANEL))
    shown = [operation, *(row.record for row in rows[:PANEL]), *(row.record for row in open_events)]
    disclose(request, shown)
    by = by_of(request)
    context = {
        "operation": operation,
        "rows": rows[:PANEL],
        "events": open_events,
        "more": len(rows) > PANEL,
        "may_report": by.may(Permission.INCIDENT_REPORT),
        "may_set": by.may(Permission.OPERATION_PLAN),
        "page_marking": highest(shown),
    }
    return render(request, "incidents/operation_incidents.html", context)
