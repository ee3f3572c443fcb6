"""Name own officers for a RED or confined record (R8)."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing import kinds
from agreements.sharing.actions import naming
from agreements.sharing.disclosure import disclose
from agreements.sharing.forms import NamingForm
from agreements.sharing.models import Record
from agreements.sharing.views.door import by_of, now_of, own_or_refused, record_or_404
from portal.ui.errors import Refused
from portal.ui.marking import highest


@requires(Permission.RECORD_RELEASE)
def record_name(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who is named for it, one more to be named, and a button to take each back."""
    record, by = record_or_404(request, pk), by_of(request)
    own_or_refused(request, record, "release")
    named = naming.named_for(record)
    offered = _offered(request, record, named)
    form = NamingForm(request.POST or None, officers=offered, named=named)
    if request.method == "POST" and form.is_valid() and _done(request, form, record, by):
        return redirect("sharing:record-name", pk=pk)
    disclose(request, [record])
    context = {
        "record": record,
        "form": form,
        "named": named,
        "nameable": naming.is_nameable(record),
        "page_marking": highest([record]),
    }
    return render(request, "sharing/record_name.html", context)


def _done(request: HttpRequest, form: NamingForm, record: Record, by: Appointment) -> bool:
    try:
        if form.cleaned_data["unname"]:
            naming.unname_officer(record=record, appointment=form.cleaned_data["unname"], by=by)
            messages.success(request, "Taken back: it is closed to that officer from now on.")
        else:
            naming.name_officer(record=record, appointment=form.cleaned_data["appointment"], by=by)
            messages.success(request, "Named: that officer sees it from now on.")
    except Refused as refused:
        form.add_error("appointment" if refused.field else None, refused.message)
        return False
    return True


def _offered(request: HttpRequest, record: Record, named: list[Appointment]) -> list[Appointment]:
    """Own officers who could see it and are not named yet."""
    now, view = now_of(request), kinds.get(record.kind).view_permission
    rows = (
        Appointment.objects.in_effect(now)
        .standing_for([record.owner_id], now)
        .filter(clearance__gte=record.classification)
    )
    rows = rows.exclude(pk__in=[row.pk for row in named]).select_related("officer", "agency")
    return [row for row in rows.order_by("officer__full_name", "pk") if row.may(view) and row.is_in_effect(now)]
