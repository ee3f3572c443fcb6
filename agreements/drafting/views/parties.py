"""Parties and their agencies: picked and added on one page, each saved at once."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.drafting import actions, rights
from agreements.drafting.forms import AuthorityForm, PartyForm
from agreements.drafting.looking.dates import in_force_on
from agreements.drafting.looking.people import named_for
from agreements.drafting.statuses import step_of
from agreements.drafting.views.door import back_to, begun, by_of, stepped
from agreements.register.models import Agreement
from portal.ui.refusals import filled


@requires(Permission.AGREEMENT_DRAFT)
def parties(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add or take out a party, name an authority or take it back; then back to where one came from."""
    agreement, by = begun(request, pk, "parties"), by_of(request)
    may = rights.may_fill(agreement, by, "parties")
    if request.method == "POST" and not may:
        raise PermissionDenied("Your agency was not let fill in this part of the draft.")
    sent = request.POST.get("do", "")
    here = reverse("drafting:parties", args=[pk]) + (f"?{request.GET.urlencode()}" if request.GET else "")
    if sent == "remove":
        country = get_object_or_404(
            agreement.parties.select_related("country"), country=request.POST.get("country")
        ).country
        work = lambda: actions.remove_party(agreement=agreement, by=by, country=country)  # noqa: E731
        return stepped(request, work, f"{country.name} is no party any more.", here)
    if sent == "unname":
        row = get_object_or_404(agreement.designations.select_related("agreement", "agency"), pk=_key(request))
        unname = lambda: actions.unname_agency(designation=row, by=by)  # noqa: E731
        return stepped(request, unname, f"{row.agency.short} is named no more.", here)
    party_form = PartyForm(request.POST if sent == "add" else None, agreement=agreement)
    starts = {"starts_on": in_force_on(agreement), "agency": request.GET.get("agency", "")}
    agency_form = AuthorityForm(request.POST if sent == "name" else None, agreement=agreement, initial=starts)
    if sent == "add" and _saved(
        party_form, lambda: actions.add_party(agreement=agreement, by=by, **party_form.cleaned_data)
    ):
        messages.success(request, f"{party_form.cleaned_data['country'].name} is a party.")
        return redirect(here)
    if sent == "name" and _saved(
        agency_form, lambda: actions.name_agency(agreement=agreement, by=by, **agency_form.cleaned_data)
    ):
        messages.success(request, f"{agency_form.cleaned_data['agency'].short} is named.")
        return redirect(here)
    return render(request, "drafting/parties.html", _context(request, agreement, may, party_form, agency_form))


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("designation", ""))
    except ValueError:
        return None


def _saved(form: forms.Form, work: Any) -> bool:
    return form.is_valid() and filled(form, work) is not None


def _context(
    request: HttpRequest, agreement: Agreement, may: bool, party_form: PartyForm, agency_form: AuthorityForm
) -> dict[str, Any]:
    countries = [party.country for party in agreement.parties.all()]
    return {
        "agreement": agreement,
        "step": step_of(agreement, "parties"),
        "parties": [(country, named_for(agreement, country)) for country in countries],
        "own": agreement.drafted_by.country_id,
        "may_fill": may,
        "party_form": party_form,
        "agency_form": agency_form,
        "forms": [party_form, agency_form],
        "back": back_to(request, agreement.pk),
    }
