"""Names of countries: what an import asks, and what the agency has decided before."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Country
from agencies.directory.roles import Permission
from agreements.importing import actions, reading
from agreements.importing.forms import NameForm
from agreements.importing.models import CountryName
from agreements.importing.views.door import by_of, import_or_404
from portal.ui.errors import Refused
from portal.ui.refusals import acted, shown_or_raised


def _decided(request: HttpRequest) -> None:
    """The decision that a form sent, or the reason why not above the page."""
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a country, or say why the name is left out.")
        return
    try:
        row = actions.decide_name(by=by_of(request), **form.cleaned_data)
    except Refused as refused:
        shown_or_raised(request, refused)
        return
    said = row.country.name if row.country else "left out"
    messages.success(request, f"“{row.name}”: {said}. It is remembered.")


@requires(Permission.AGREEMENT_DRAFT)
def import_names(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Names that rows wait for, with what comes into question; each decided by a person."""
    job = import_or_404(request, pk)
    if request.method == "POST":
        _decided(request)
        return redirect("importing:import-names", pk=pk)
    asked = reading.asked_names(job, by_of(request))
    context = {"job": job, "asked": asked, "countries": Country.objects.all()}
    return render(request, "importing/import_names.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def name_list(request: HttpRequest) -> HttpResponse:
    """What the agency decided; each can be revised."""
    if request.method == "POST":
        _decided(request)
        return redirect("importing:name-list")
    rows = CountryName.objects.visible_to(by_of(request)).select_related("country", "decided_by__officer")
    return render(request, "importing/name_list.html", {"rows": rows, "countries": Country.objects.all()})


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def name_forget(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(CountryName.objects.visible_to(by_of(request)), pk=pk)
    work = lambda: actions.forget_name(name=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Forgotten: it is asked again the next time.", "importing:name-list")
