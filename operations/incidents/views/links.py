"""What belongs to an incident: a search for it, a button to take it out, and a panel on the other record's page."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing import kinds
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.incidents.actions import links
from operations.incidents.models import IncidentReport, Link
from operations.incidents.views import common
from operations.incidents.views.reports import report_or_404
from operations.planning.views.door import by_of
from portal.ui.marking import highest
from portal.ui.refusals import acted, require

FOUND = 20
DETAIL = "incidents:report-detail"


@requires(Permission.INCIDENT_REPORT)
def report_link(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Search by words; without any, what is newest of the incident's operation."""
    row, by = report_or_404(request, pk), by_of(request)
    require(row.record.owner_id in by.agencies, f"Only {row.record.owner.short} does this (R21).")
    if request.method == "POST":
        record = get_object_or_404(_visible(request), pk=_key(request))
        work = lambda: links.link(report=row, record=record, by=by)  # noqa: E731
        return acted(request, work, f"“{record.title}” belongs to it now.", DETAIL, pk)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = _found(request, row, words)
    disclose(request, [row.record, *found])
    context = {
        "row": row,
        "record": row.record,
        "found": [(record, kinds.get(record.kind)) for record in found],
        "q": words,
        "page_marking": highest([row.record, *found]),
    }
    return render(request, "incidents/report_link.html", context)


def _visible(request: HttpRequest) -> Any:
    return Record.objects.visible_to(access_of(request)).filter(kind__in=links.LINKED)


def _found(request: HttpRequest, row: IncidentReport, words: str) -> list[Record]:
    rows = _visible(request).exclude(pk__in=Link.objects.filter(report=row).values("record"))
    rows = rows.matching(words) if words else rows.filter(operation=row.record.operation_id)
    if not words and row.record.operation_id is None:
        return []
    return list(rows.select_related("owner__country").newest(FOUND))


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("record", ""))
    except ValueError:
        raise Http404 from None


@requires(Permission.INCIDENT_REPORT)
@require_POST
def report_unlink(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = report_or_404(request, pk)
    record = get_object_or_404(_visible(request), pk=_key(request))
    work = lambda: links.unlink(report=row, record=record, by=by_of(request))  # noqa: E731
    return acted(request, work, "Taken out.", DETAIL, pk)


@require_GET
def record_incidents(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on a record's page: the incidents that it belongs to, as far as the reader sees those."""
    record = get_object_or_404(Record.objects.visible_to(access_of(request)), pk=pk)
    named = Link.objects.filter(record=record).values("report")
    rows = list(common.reports(request).filter(pk__in=named).order_by("record__occurred_at", "pk"))
    shown = [record, *(row.record for row in rows)]
    disclose(request, shown)
    context = {"record": record, "rows": rows, "page_marking": highest(shown)}
    return render(request, "incidents/record_incidents.html", context)
