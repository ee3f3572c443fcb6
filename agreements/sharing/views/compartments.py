"""Compartments: who is inside, and which own records are confined to them (R3)."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import compartments as actions
from agreements.sharing.actions.naming import named_for
from agreements.sharing.compartment_forms import CompartmentForm, ConfineForm, TeamForm
from agreements.sharing.compartments import assigned_to, compartments_of, inside, who_will_see
from agreements.sharing.disclosure import disclose
from agreements.sharing.models import Circle, Record
from agreements.sharing.views.door import by_of, now_of, own_or_refused, record_or_404
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import filled


def compartment_list(request: HttpRequest) -> HttpResponse:
    """Those that the officer is inside of: of others there is nothing (R17)."""
    by, now = by_of(request), now_of(request)
    rows = [(row, len(inside(row, now))) for row in compartments_of(by, now)]
    context = {"rows": rows, "keeps": by.may(Permission.COMPARTMENT_KEEP)}
    return render(request, "sharing/compartment_list.html", context)


@requires(Permission.COMPARTMENT_KEEP)
def compartment_open(request: HttpRequest) -> HttpResponse:
    """A new one; its opener is inside."""
    by = by_of(request)
    form = CompartmentForm(request.POST or None, units=by.agency.units.open())
    if request.method == "POST" and form.is_valid():
        row = filled(form, lambda: actions.open_compartment(by=by, **form.cleaned_data))
        if row is not None:
            messages.success(request, "The compartment is open, and you are inside. Let your colleagues in next.")
            return redirect("sharing:compartment-detail", pk=row.pk)
    return render(request, "sharing/compartment_form.html", {"form": form})


def compartment_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who is inside. Its keepers let officers in and put them out."""
    by, now = by_of(request), now_of(request)
    row = get_object_or_404(compartments_of(by, now), pk=pk)
    team = [item.appointment for item in assigned_to(row, now)]
    everybody = inside(row, now)
    keeps = by.may(Permission.COMPARTMENT_KEEP)
    form = TeamForm(request.POST or None, offered=_offered(by, team, now), team=team)
    if request.method == "POST" and form.is_valid() and _done(request, form, row, by):
        # Whoever put oneself out does not find it any more.
        still = compartments_of(by, now_of(request)).filter(pk=pk).exists()
        return redirect("sharing:compartment-detail", pk=pk) if still else redirect("sharing:compartment-list")
    context = {
        "compartment": row,
        "people": [(person, person in team) for person in everybody],
        "form": form,
        "keeps": keeps,
        "as_of": now,
    }
    return render(request, "sharing/compartment_detail.html", context)


def _offered(by: Appointment, team: list[Appointment], now: Any) -> list[Appointment]:
    rows = Appointment.objects.in_effect(now).filter(agency__in=by.agencies).exclude(pk__in=[row.pk for row in team])
    rows = rows.select_related("officer", "agency").order_by("officer__full_name", "pk")
    return [row for row in rows if row.is_in_effect(now)]


def _done(request: HttpRequest, form: TeamForm, row: Circle, by: Appointment) -> bool:
    try:
        if form.cleaned_data["out"]:
            actions.put_out(compartment=row, appointment=form.cleaned_data["out"], by=by)
            messages.success(request, "Put out: what is confined to it is closed to that officer from now on.")
        else:
            actions.let_in(compartment=row, appointment=form.cleaned_data["appointment"], by=by)
            messages.success(request, "Let in: what is confined to it opens by role and clearance.")
    except Refused as refused:
        form.add_error("appointment", refused.message)
        return False
    return True


@requires(Permission.RECORD_MARK)
def record_confine(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """First who of the own agency will see it, then the change (R3, R21)."""
    record, by = record_or_404(request, pk), by_of(request)
    own_or_refused(request, record, "mark")
    mine = compartments_of(by, now_of(request))
    form = ConfineForm(request.POST or None, compartments=mine, initial={"compartment": record.compartment_id})
    seeing = chosen = None
    if request.method == "POST" and form.is_valid():
        compartment = form.cleaned_data["compartment"]
        chosen = str(compartment.pk) if compartment else "none"
        if request.POST.get("previewed") == chosen and _confined(request, form, record, by):
            return redirect("sharing:record-detail", pk=pk)
        seeing = who_will_see(record, compartment, _by_name(record), now_of(request))
    disclose(request, [record])
    context = {
        "record": record,
        "form": form,
        "seeing": seeing,
        "chosen": chosen,
        "mine": mine,
        "keeps": by.may(Permission.COMPARTMENT_KEEP),
        "page_marking": highest([record]),
    }
    return render(request, "sharing/record_confine.html", context)


def _by_name(record: Record) -> list[Appointment]:
    """Officers named for it, and its author, who is once it is confined."""
    author = Appointment.objects.select_related("officer", "agency").get(pk=record.author_id)
    return [author, *named_for(record)]


def _confined(request: HttpRequest, form: ConfineForm, record: Record, by: Appointment) -> bool:
    if filled(form, lambda: actions.confine(record=record, by=by, **form.cleaned_data)) is None:
        return False
    compartment = form.cleaned_data["compartment"]
    messages.success(request, f"Confined to “{compartment}”." if compartment else "Open to your agency again.")
    return True
