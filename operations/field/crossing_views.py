"""Pages of the crossing log: the list, its export, writing one up, reading one, leaving."""

import csv
import io
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.policy import decide
from operations.field.actions import crossings
from operations.field.forms import CrossingFilter, CrossingForm
from operations.field.models import Crossing
from operations.patrols.views import reach
from operations.patrols.views.reach import by_of, now_of, patrol_or_404
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised
from portal.ui.states import LEVELS, TLP_WORDS

PAGE, MOST_EXPORTED = 50, 5_000
COLUMNS = (
    "Reference", "Agency", "Territory", "Basis", "Entered (UTC)", "Place", "Latitude", "Longitude", "Notified", "Left (UTC)",
    "Left at", "Limit in time (UTC)", "Patrol", "Classification", "TLP", "Handling codes", "Handling note",
)  # fmt: skip
# A cell that begins so would be worked out by a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _rows(request: HttpRequest, form: CrossingFilter) -> Any:
    rows = form.apply(Crossing.objects.visible_to(access_of(request)))
    return rows.select_related("territory").order_by("-entered_at", "-pk")


def _patrols(request: HttpRequest, rows: Iterable[Crossing]) -> dict[uuid.UUID, Record]:
    """The hosts that the reader may see (R23)."""
    keys = {row.record.host_id for row in rows if row.record.host_id}
    seen = Record.objects.visible_to(access_of(request)).select_related("owner__country").filter(pk__in=keys)
    return {row.pk: row for row in seen} if keys else {}


@requires(Permission.PATROL_VIEW)
@require_GET
def crossing_list(request: HttpRequest) -> HttpResponse:
    """Stays on partner territory as far as the reader may see them, the newest first."""
    form = CrossingFilter(request.GET)
    rows = list(_rows(request, form)[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    hosts = _patrols(request, rows)
    records = [row.record for row in rows]
    disclose(request, [*records, *hosts.values()])
    context = {
        "form": form,
        "rows": [(row, hosts.get(row.record.host_id)) for row in rows],
        "more": more,
        "query": request.GET.urlencode(),
        "as_of": now_of(request),
        "page_marking": highest(records),
    }
    return render(request, "field/crossing_list.html", context)


@requires(Permission.PATROL_VIEW)
@require_GET
def crossing_export(request: HttpRequest) -> HttpResponse:
    """The same list as CSV, each row with its marking and handling codes (R10); without what may not be exported (R7)."""
    access = access_of(request)
    found = list(_rows(request, CrossingFilter(request.GET))[:MOST_EXPORTED])
    rows = [row for row in found if not row.record.display_only or decide(access, row.record, "export")]
    hosts = _patrols(request, rows)
    disclose(request, [*(row.record for row in rows), *hosts.values()])
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for row in rows:
        table.writerow([_plain(cell) for cell in _cells(row, hosts.get(row.record.host_id))])
    return HttpResponse(
        out.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="crossings.csv"'},
    )


def _plain(cell: object) -> str:
    """Text that no spreadsheet works out."""
    text = "" if cell is None else str(cell)
    number = isinstance(cell, int | float)
    return f"'{text}" if text.startswith(FORMULA) and not number else text


def _cells(row: Crossing, host: Record | None) -> list[object]:
    record = row.record
    times = [f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else "" for at in (row.entered_at, row.left_at, row.until)]
    return [
        record.reference, record.owner.short, row.territory.name, row.get_basis_display(), times[0], row.place,
        record.latitude, record.longitude, row.notified, times[1], row.left_place, times[2], host.title if host else "",
        LEVELS[record.classification], TLP_WORDS[record.tlp], " ".join(record.handling_codes), record.handling_note,
    ]  # fmt: skip


@requires(Permission.PATROL_RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def crossing_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Log now, or write up, that the own team entered partner territory."""
    patrol, by = patrol_or_404(request, pk), by_of(request)
    own = by.agency.country_id
    form = CrossingForm(request.POST or None, by=by, territories=reach.territories(patrol).exclude(pk=own))
    if request.method == "POST" and form.is_valid():
        try:
            row = crossings.enter(patrol=patrol, by=by, **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Logged, with the limits as they are now.")
            return redirect("field:crossing-detail", row.pk)
    disclose(request, [patrol.record, *reach.operation_of(request, patrol)])
    context = {"patrol": patrol, "form": form, "page_marking": highest([patrol.record])}
    return render(request, "field/crossing_form.html", context)


@requires(Permission.PATROL_VIEW)
@require_GET
def crossing_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A stay on partner territory, with the limits as they were then."""
    access = access_of(request)
    row = get_object_or_404(Crossing.objects.visible_to(access).select_related("territory"), pk=pk)
    host = reach.seen(request, row.record.host_id)
    disclose(request, [row.record, *([host] if host else [])], opened=row.record)
    own, by = access.owns(row.record.owner_id), by_of(request)
    # Between other states than one's own a reader may know less than holds (R23).
    between = {row.record.owner.country_id, row.territory_id}
    is_told = row.left_at is None and by.agency.country_id in between
    limits_now = crossings.limits_now(row, by, access.at) if is_told else row.limits
    context = {
        "row": row,
        "record": row.record,
        "host": host,
        "may_leave": own and row.left_at is None and by.may(Permission.PATROL_RUN),
        "limits_now": limits_now if limits_now != row.limits else None,
        "is_permitted": crossings.is_permitted(limits_now),
        "guidance": reach.guidance(request, row.record.operation_id, access.at)
        if own and row.left_at is None
        else None,
        "page_marking": highest([row.record]),
    }
    return render(request, "field/crossing_detail.html", context)


@requires(Permission.PATROL_RUN)
@require_POST
def crossing_leave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(Crossing.objects.visible_to(access_of(request)), pk=pk)
    work = lambda: crossings.leave(crossing=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Logged: your team has left.", "field:crossing-detail", pk)
