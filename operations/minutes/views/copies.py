"""Agreed minutes as each agency keeps them: read, verify, print, download."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.middleware import access_of
from operations.minutes import printing, reading, verifying
from operations.minutes.views.common import copy_or_404
from operations.planning.views.door import by_of, now_of
from operations.sealing.verifying import Check
from operations.sealing.views import copy_downloaded, copy_page, copy_printed


@requires(Permission.MEETING_VIEW)
@require_GET
def copy_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, pk, None)


@requires(Permission.MEETING_VIEW)
@require_POST
def copy_verify(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Work out every digest again, and ask the ledger."""
    return _page(request, pk, verifying.checks_of(copy_or_404(request, pk)))


def _page(request: HttpRequest, pk: uuid.UUID, checks: list[Check] | None) -> HttpResponse:
    row = copy_or_404(request, pk)
    return copy_page(
        request, "minutes/copy_detail.html", row, reading.read(row, access_of(request)), row.minutes, checks
    )


@requires(Permission.MEETING_VIEW)
@require_GET
def copy_print(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The copy as PDF/A, in the languages of all agencies."""
    row = copy_or_404(request, pk)
    work = lambda: printing.copy_printed(row, by_of(request), now_of(request))  # noqa: E731
    return copy_printed(request, row, work, "minutes:copy-detail")


@requires(Permission.MEETING_VIEW)
@require_GET
def copy_download(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return copy_downloaded(request, copy_or_404(request, pk))
