"""Mark an own record anew; agencies that would lose or gain it are listed before saving (R21)."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from agreements.sharing.disclosure import disclose, openings_by_agency
from agreements.sharing.foresight import foresee_marking
from agreements.sharing.forms import MarkAnewForm, initial_of
from agreements.sharing.models import Record
from agreements.sharing.views.door import by_of, now_of, own_or_refused, record_or_404
from portal.ui.errors import Refused
from portal.ui.marking import highest

STALE = "Somebody changed it since you opened this page. Its present marking is shown; change it again."


@requires(Permission.RECORD_MARK)
def record_mark(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """First what it would change, then the marking."""
    record, by = record_or_404(request, pk), by_of(request)
    own_or_refused(request, record, "mark")
    first = {**initial_of(records.marking_of(record)), "version": record.version}
    form = MarkAnewForm(request.POST or None, clearance=by.clearance, initial=first)
    effect = previewed = None
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["version"] != record.version:
            messages.warning(request, STALE)
            return redirect("sharing:record-mark", pk=pk)
        previewed = _previewed(form)
        if request.POST.get("previewed") == previewed and _marked(request, record, form):
            return _onwards(form, by, pk)
        effect = foresee_marking(record=record, marking=form.marking(), at=now_of(request), by=by)
    disclose(request, [record])
    context = {
        "record": record,
        "form": form,
        "effect": effect,
        "previewed": previewed,
        "opened": [row["agency"] for row in openings_by_agency(record)] if effect else [],
        "page_marking": highest([record]),
    }
    return render(request, "sharing/record_mark.html", context)


def _onwards(form: MarkAnewForm, by: Appointment, pk: uuid.UUID) -> HttpResponse:
    """To the record, unless it is beyond the writer now."""
    if form.marking().classification > by.clearance:
        return redirect("sharing:record-list")
    return redirect("sharing:record-detail", pk=pk)


def _previewed(form: MarkAnewForm) -> str:
    """Names the marking that a preview was of: another one is previewed first."""
    return "|".join(f"{value}" for value in form.marking().values().values())


def _marked(request: HttpRequest, record: Record, form: MarkAnewForm) -> bool:
    """Whether it went through; a refusal is said at its field."""
    try:
        records.mark(record=record, marking=form.marking(), by=by_of(request), reason=form.cleaned_data["reason"])
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    messages.success(request, "Marked anew.")
    return True
