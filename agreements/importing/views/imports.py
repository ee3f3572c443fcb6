"""The list of imports, one import with its rows, files that leave."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.importing import actions, reading
from agreements.importing.choices import WORKING, ImportState, Level
from agreements.importing.exporting.leaving import register_file, rows_file
from agreements.importing.forms import RepairForm, RowFilter, StartForm, UploadForm
from agreements.importing.models import Import
from agreements.importing.views.door import by_of, import_or_404
from portal.ui.errors import Refused
from portal.ui.refusals import answer, filled

NEWEST = 50


@requires(Permission.AGREEMENT_DRAFT)
def import_list(request: HttpRequest) -> HttpResponse:
    """Imports of the own agency, newest first."""
    rows = Import.objects.visible_to(by_of(request)).select_related("uploaded_by__officer")
    context = {"rows": rows[:NEWEST], "more": rows.count() > NEWEST, "as_of": request.now}  # type: ignore[attr-defined]
    return render(request, "importing/import_list.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def import_create(request: HttpRequest) -> HttpResponse:
    """Upload a list; its columns follow."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, key = form.cleaned_data["file"], form.cleaned_data["key"]
        job = filled(form, lambda: actions.upload(file=file, name=file.name, by=by_of(request), key=key))
        if job is not None:
            return redirect("importing:import-detail", pk=job.pk)
    return render(request, "importing/import_form.html", {"form": form})


@requires(Permission.AGREEMENT_DRAFT)
def import_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was found, row by row; filters in the address."""
    job = import_or_404(request, pk)
    if job.state == ImportState.MAPPING:
        return redirect("importing:import-columns", pk=pk)
    return render(request, "importing/import_detail.html", {**_around(request, job), **_listed(request, job)})


def _around(request: HttpRequest, job: Import) -> dict[str, Any]:
    """What stands around the rows: counts, questions, what can be done next."""
    counts = job.rows.counts()
    order = reading.day_order(job) if counts["asking"] or counts["error"] else None
    return {
        "job": job,
        "counts": counts,
        "progress": reading.progress(job, counts),
        "names": reading.asked_names(job, by_of(request), suggest=False) if counts["asking"] or counts["error"] else [],
        "order": order if order and order.rows else None,
        "at_rest": job.state not in WORKING,
        "start": StartForm(initial={"draft": "draft" if job.option("draft", True) else "put"}),
        "repair": RepairForm(),
        "as_of": request.now,  # type: ignore[attr-defined]
    }


def _listed(request: HttpRequest, job: Import) -> dict[str, Any]:
    form = RowFilter(request.GET)
    values = form.cleaned_data if form.is_valid() else {}
    rows = reading.narrowed(job.rows.all(), values)
    after = values.get("after") or 0
    found = list(rows.filter(number__gt=after).order_by("number").select_related("agreement")[: reading.PAGE + 1])
    leaders = {row.group: row for row in job.rows.filter(group__in=[r.group for r in found if not r.leads], leads=True)}
    lines = [(row, leaders.get(row.group)) for row in found[: reading.PAGE]]
    more = found[reading.PAGE - 1].number if len(found) > reading.PAGE else None
    return {"form": form, "lines": lines, "more": more, "after": after, "levels": Level, "matching": rows.count()}


@requires(Permission.AGREEMENT_DRAFT)
def import_progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far it is, asked every second by its page; once it has ended the page is loaded anew."""
    job = import_or_404(request, pk)
    counts = job.rows.counts()
    found = reading.progress(job, counts)
    response = render(request, "importing/_progress.html", {"job": job, "progress": found, "counts": counts})
    if found is None:
        response["HX-Refresh"] = "true"
    return response


@requires(Permission.AGREEMENT_DRAFT)
def import_rows(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Rows as a file, with number and reason."""
    job = import_or_404(request, pk)
    kind, states = request.GET.get("kind", "csv"), request.GET.getlist("state")
    try:
        return rows_file(job=job, kind=kind, by=by_of(request), states=states)
    except Refused as refused:
        raise Http404 from refused


@requires(Permission.AGREEMENT_VIEW)
def register_export(request: HttpRequest) -> HttpResponseBase:
    """The register as the officer may see it (R23), as a file; without a kind, the page that offers it."""
    kind = request.GET.get("kind", "")
    if not kind:
        return render(
            request, "importing/register_export.html", {"may_import": by_of(request).may(Permission.AGREEMENT_DRAFT)}
        )
    try:
        return register_file(kind=kind, by=by_of(request))
    except Refused as refused:
        if refused.code == "forbidden":
            raise answer(refused) from refused
        raise Http404 from refused
