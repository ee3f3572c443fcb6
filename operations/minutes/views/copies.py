"""Agreed minutes as each agency keeps them: read, verify, print, download."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from operations.minutes import printing, reading, verifying
from operations.minutes.views.common import copy_or_404
from operations.patrols.views.reach import seen
from operations.planning.views.door import by_of, now_of
from operations.planning.views.powers import require_export
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import shown_or_raised


@requires(Permission.MEETING_VIEW)
@require_GET
def copy_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, pk, None)


@requires(Permission.MEETING_VIEW)
@require_POST
def copy_verify(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Work out every digest again, and ask the ledger."""
    return _page(request, pk, verifying.checks_of(copy_or_404(request, pk)))


def _page(request: HttpRequest, pk: uuid.UUID, checks: list[verifying.Check] | None) -> HttpResponse:
    row, access = copy_or_404(request, pk), access_of(request)
    record = row.record
    host = seen(request, row.minutes)
    disclose(request, [record, *([host] if host else [])], opened=record)
    context = {
        "row": row,
        "record": record,
        "copy": reading.read(row, access),
        "host": host,
        "checks": checks,
        "is_whole": checks is not None and verifying.is_whole(checks),
        "own": access.owns(record.owner_id),
        "page_marking": highest([record]),
    }
    return render(request, "minutes/copy_detail.html", context)


@requires(Permission.MEETING_VIEW)
@require_GET
def copy_print(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The copy as PDF/A, in the languages of all agencies. A printed copy is an export."""
    row = copy_or_404(request, pk)
    require_export(request, row.record)
    try:
        answer = printing.copy_printed(row, by_of(request), now_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
        return redirect("minutes:copy-detail", pk=pk)
    disclose(request, [row.record])
    return answer


@requires(Permission.MEETING_VIEW)
@require_GET
def copy_download(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The sealed text itself, to be verified anywhere: its SHA-256 is the digest."""
    row = copy_or_404(request, pk)
    require_export(request, row.record)
    disclose(request, [row.record])
    response = HttpResponse(row.text.encode("utf-8", "surrogatepass"), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{row.record.reference.lower()}.json"'
    response["Cache-Control"] = "private, no-store"
    return response
