"""Sealed copies: list, read, verify, print, download."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.paging import page_of
from operations.joint import printing, reading, verifying
from operations.joint.forms.filters import CopyFilter
from operations.joint.views import common
from operations.joint.views.common import copy_or_404
from operations.patrols.views.reach import by_of, now_of
from operations.sealing.verifying import Check
from operations.sealing.views import copy_downloaded, copy_page, copy_printed, operations
from portal.ui.marking import highest


@requires(Permission.PATROL_VIEW)
@require_GET
def copy_list(request: HttpRequest) -> HttpResponse:
    """The copies that the officer may see: the own agency's, and what others released of theirs."""
    offered = operations(request)
    names = {row.pk: row.title for row in offered}
    form = CopyFilter(request.GET, operations=[(str(key), title) for key, title in names.items()])
    rows, older = page_of(form.narrowed(common.copies(request)), request.GET.get("before", ""))
    records = [row.record for row in rows]
    disclose(request, [*records, *offered])
    context = {
        "form": form,
        "rows": [(row, names.get(row.record.operation_id, "")) for row in rows],
        "older": older,
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "joint/copy_list.html", context)


@requires(Permission.PATROL_VIEW)
@require_GET
def copy_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, pk, None)


@requires(Permission.PATROL_VIEW)
@require_POST
def copy_verify(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Work out every digest again, and ask the ledger."""
    return _page(request, pk, verifying.checks_of(copy_or_404(request, pk)))


def _page(request: HttpRequest, pk: uuid.UUID, checks: list[Check] | None) -> HttpResponse:
    row = copy_or_404(request, pk)
    return copy_page(request, "joint/copy_detail.html", row, reading.read(row, access_of(request)), row.report, checks)


@requires(Permission.PATROL_VIEW)
@require_GET
def copy_print(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The copy as PDF/A, in the languages of all sides."""
    row = copy_or_404(request, pk)
    work = lambda: printing.printed(row, by_of(request), now_of(request))  # noqa: E731
    return copy_printed(request, row, work, "joint:copy-detail")


@requires(Permission.PATROL_VIEW)
@require_GET
def copy_download(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return copy_downloaded(request, copy_or_404(request, pk))
