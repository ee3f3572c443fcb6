"""Pages: agencies, roles, the officer's own account and appointment."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory import actions, links
from agencies.directory.access import requires
from agencies.directory.acquaintance import known_to
from agencies.directory.acting import appointments_in_effect
from agencies.directory.forms import AccountForm
from agencies.directory.middleware import SESSION_KEY
from agencies.directory.models import Agency, Officer, Succession
from agencies.directory.roles import ROLES, Permission


@requires(Permission.DIRECTORY_VIEW)
def agency_list(request: HttpRequest) -> HttpResponse:
    """Agencies of the installation: name, country and kind are public facts of it."""
    words, country = (request.GET.get(name, "").replace("\x00", "").strip() for name in ("q", "country"))
    rows = Agency.objects.active().select_related("country")
    countries = sorted({(row.country_id, row.country.name) for row in rows}, key=lambda pair: pair[1])
    if words:
        rows = rows.filter(name__icontains=words) | rows.filter(acronym__icontains=words)
    if country:
        rows = rows.filter(country=country)
    desk = request.GET.get("desk") == "open" and request.appointment.may(Permission.AGENCY_MANAGE_ANY)  # type: ignore[attr-defined]
    if desk:
        rows = rows.without_desk()
    context = {"rows": rows, "countries": countries, "q": words, "country": country, "desk": desk}
    return render(request, "directory/agency_list.html", context)


@requires(Permission.DIRECTORY_VIEW)
def agency_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One agency: officers only to themselves; its desk, units and the functions there to agencies that share an
    agreement or an operation with it, never how many officers have one (R18, R26)."""
    agency = get_object_or_404(Agency.objects.known().select_related("country", "parent"), pk=pk)
    by, now = request.appointment, request.now  # type: ignore[attr-defined]
    own, manages = agency.pk in by.agencies, actions.may_manage(agency, by)
    known = own or manages or agency.pk in known_to(by, now)
    staff = (
        agency.appointments.in_effect(now).select_related("officer", "agency", "unit", "acts_for__officer")
        if known
        else []
    )
    shown = [row for row in staff if row.is_in_effect(now)]
    context = {
        "agency": agency,
        "own": own,
        "known": known,
        "manages": manages,
        "keeps": manages and Agency.objects.kept().filter(pk=agency.pk).exists(),
        "links": links.of(agency, by),
        "staff": shown if own else [],
        "functions": sorted({row.function for row in shown}),
        "units": agency.units.open() if known else [],
        "successor": Succession.objects.successor_of(agency.pk, now),
        "follows": Succession.objects.in_effect(now).filter(successor=agency).select_related("predecessor__country"),
        "successions": Succession.objects.kept_by(by).on_agenda(agency, now),
    }
    return render(request, "directory/agency_detail.html", context)


@requires(Permission.DIRECTORY_VIEW)
def role_list(request: HttpRequest) -> HttpResponse:
    """The one table of roles and permissions."""
    return render(request, "directory/role_list.html", {"sheets": ROLES.values()})


def my_account(request: HttpRequest) -> HttpResponse:
    """Own settings, and the appointment one acts under."""
    officer = _officer(request)
    form = AccountForm(request.POST or None, instance=officer)
    if request.method == "POST" and form.is_valid():
        actions.change_account(officer=officer, by=request.appointment, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, "Saved.")
        return redirect("directory:my-account")
    current = appointments_in_effect(officer, request.now)  # type: ignore[attr-defined]
    return render(request, "directory/my_account.html", {"form": form, "appointments": current})


@require_POST
def acting_choose(request: HttpRequest) -> HttpResponse:
    """Act under another of one's appointments (R1)."""
    chosen = request.POST.get("appointment", "")
    current = appointments_in_effect(_officer(request), request.now)  # type: ignore[attr-defined]
    if chosen not in {str(row.pk) for row in current}:
        raise Http404
    request.session[SESSION_KEY] = chosen
    return redirect("/")


def _officer(request: HttpRequest) -> Officer:
    assert isinstance(request.user, Officer)
    return request.user
