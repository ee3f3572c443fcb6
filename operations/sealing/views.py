"""What the pages of both rooms do alike: above all, what a sealed copy's page shows and hands out."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.patrols.views.reach import seen
from operations.planning.views.powers import require_export
from operations.sealing.models import SealedText
from operations.sealing.reading import SealedContent
from operations.sealing.verifying import Check, is_whole
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import shown_or_raised


def operations(request: HttpRequest) -> list[Record]:
    """Those that the reader sees, to narrow a list by."""
    return list(Record.objects.visible_to(access_of(request)).of_kind("operation").newest(200))


def copy_page(
    request: HttpRequest, template: str, row: SealedText, copy: SealedContent, of: uuid.UUID, checks: list[Check] | None
) -> HttpResponse:
    """The copy, with what was found where it was verified. It works alone when what it is a copy `of` is hidden (R23)."""
    record, host = row.record, seen(request, of)
    disclose(request, [record, *([host] if host else [])], opened=record)
    context = {
        "row": row,
        "record": record,
        "copy": copy,
        "host": host,
        "checks": checks,
        "is_whole": checks is not None and is_whole(checks),
        "own": access_of(request).owns(record.owner_id),
        "page_marking": highest([record]),
    }
    return render(request, template, context)


def copy_printed(request: HttpRequest, row: SealedText, work: Callable[[], HttpResponse], back: str) -> HttpResponse:
    """On paper. A printed copy is an export."""
    require_export(request, row.record)
    try:
        answer = work()
    except Refused as refused:
        shown_or_raised(request, refused)
        return redirect(back, pk=row.pk)
    disclose(request, [row.record])
    return answer


def copy_downloaded(request: HttpRequest, row: SealedText) -> HttpResponse:
    """The sealed text itself, to be verified anywhere: its SHA-256 is the digest."""
    require_export(request, row.record)
    disclose(request, [row.record])
    response = HttpResponse(row.text.encode("utf-8", "surrogatepass"), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{row.record.reference.lower()}.json"'
    response["Cache-Control"] = "private, no-store"
    return response
