"""Compelled disclosure: the panel on a record's page, and the form that records one (R25)."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.compelled import actions, doors
from agreements.compelled.forms import CompelledForm
from agreements.compelled.models import CompelledDisclosure
from agreements.sharing import kinds
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.views.door import by_of, record_or_404
from portal.ui.marking import highest
from portal.ui.refusals import filled

PANEL = 20


@require_GET
def record_compelled(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on a record's page: what is compelled of it as far as the reader may know, newest first."""
    record, by = record_or_404(request, pk), by_of(request)
    rows = CompelledDisclosure.objects.visible_to(access_of(request)).filter(record=record).with_words()[:PANEL]
    disclose(request, [record])
    own = record.owner_id in by.agencies
    context = {
        "record": record,
        "own": own,
        "rows": [(row, row.recorded_by.agency_id in by.agencies) for row in rows],
        "may_record": not own and by.may(Permission.COMPELLED_RECORD),
        "page_marking": highest([record]),
    }
    return render(request, "compelled/record_compelled.html", context)


@requires(Permission.COMPELLED_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def compelled_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record one; who is told of it is said before it is saved."""
    record, by = record_or_404(request, pk), by_of(request)
    if record.owner_id in by.agencies:
        raise PermissionDenied("It is your own agency's record: there is no originator to tell.")
    form, page = CompelledForm(request.POST or None), reverse(kinds.get(record.kind).detail_url, args=[pk])
    if request.method == "POST" and form.is_valid():
        row = filled(form, lambda: actions.record_compelled(record=record, by=by, **form.cleaned_data))
        if row is not None:
            told = "Nobody outside is told." if row.telling_forbidden else f"{record.owner.short} is told now."
            messages.success(request, f"Recorded. {told}")
            return redirect(page)
    with doors.plain():
        disclose(request, [record])
    context = {"form": form, "record": record, "record_url": page, "page_marking": highest([record])}
    return render(request, "compelled/compelled_form.html", context)
