"""Pages of agency admins: officers and appointments of an agency, and how its desk is reached."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agencies.directory import actions
from agencies.directory.access import requires
from agencies.directory.forms import AppointmentForm, ContactsForm, OfficerForm, RuleForm, UnitForm
from agencies.directory.home import is_ending
from agencies.directory.invitations import link_for
from agencies.directory.models import Agency, Appointment, Officer, Unit
from agencies.directory.roles import Permission
from portal.ui.errors import Refused
from portal.ui.refusals import acted, filled


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def kept_agency(request: HttpRequest, pk: uuid.UUID) -> Agency:
    agency = get_object_or_404(Agency.objects.kept().select_related("country"), pk=pk)
    if not actions.may_manage(agency, _by(request)):
        raise PermissionDenied("Only an admin of the agency keeps its entry and its officers.")
    return agency


def _officer(agency: Agency, pk: uuid.UUID) -> Officer:
    """One who holds or held a post there. Others are unknown here (R18)."""
    return get_object_or_404(Officer.objects.filter(appointments__agency=agency).distinct(), pk=pk)


@requires(Permission.AGENCY_MANAGE)
def officer_list(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Officers of the agency with all their appointments there, ended ones too; `?ending=on`: those that end soon."""
    agency, now = kept_agency(request, pk), request.now  # type: ignore[attr-defined]
    held = Appointment.objects.filter(agency=agency).select_related("agency", "officer", "unit", "acts_for__officer")
    held = held.order_by("-starts_on", "id")
    officers = Officer.objects.filter(appointments__agency=agency).distinct()
    ending, rows = request.GET.get("ending") == "on", []
    for officer in officers.prefetch_related(Prefetch("appointments", held, to_attr="held")):
        posts = [(post, _state(post, now)) for post in officer.held if not ending or is_ending(post, now)]
        if posts:
            rows.append({"officer": officer, "posts": posts, "is_new": not officer.has_usable_password()})
    context = {"agency": agency, "rows": rows, "ending": ending, "as_of": now}
    return render(request, "directory/officer_list.html", context)


def _state(post: Appointment, now: Any) -> str:
    if post.is_in_effect(now):
        return "active"
    over = post.ended_at or (post.ends_on and post.ends_on < now.astimezone(post.agency.zone).date())
    return "ended" if over else "planned"


@requires(Permission.AGENCY_MANAGE)
@never_cache
def officer_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A new account with its first appointment. The link for the first password is shown here, once."""
    agency, by = kept_agency(request, pk), _by(request)
    today = timezone.now().astimezone(agency.zone).date()
    form = OfficerForm(request.POST or None, by=by, agency=agency, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        row = filled(form, lambda: actions.create_officer(agency=agency, by=by, **form.cleaned_data))
        if row is not None:
            return _link(request, agency, row.officer)
    context = {"form": form, "agency": agency, "heading": "New officer", "word": "Create the account"}
    return render(request, "directory/administration_form.html", context)


@requires(Permission.AGENCY_MANAGE)
@require_POST
@never_cache
def officer_link(request: HttpRequest, pk: uuid.UUID, officer: uuid.UUID) -> HttpResponse:
    """A new link, for an officer who has not set a password yet."""
    agency = kept_agency(request, pk)
    row = _officer(agency, officer)
    try:
        actions.invite_to_sign_in(officer=row, agency=agency, by=_by(request))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("directory:officer-list", pk=pk)
    return _link(request, agency, row)


def _link(request: HttpRequest, agency: Agency, officer: Officer) -> HttpResponse:
    context = {"agency": agency, "officer": officer, "link": link_for(officer)}
    return render(request, "directory/officer_link.html", context)


@requires(Permission.AGENCY_MANAGE)
def appointment_create(request: HttpRequest, pk: uuid.UUID, officer: uuid.UUID) -> HttpResponse:
    """A further appointment: also how a role or a clearance is changed, after the end of the old one."""
    agency, by = kept_agency(request, pk), _by(request)
    row = _officer(agency, officer)
    today = timezone.now().astimezone(agency.zone).date()
    form = AppointmentForm(request.POST or None, by=by, agency=agency, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        work = lambda: actions.give_appointment(officer=row, agency=agency, by=by, **form.cleaned_data)  # noqa: E731
        if filled(form, work) is not None:
            messages.success(request, f"{row} is appointed.")
            return redirect("directory:officer-list", pk=pk)
    context = {"form": form, "agency": agency, "heading": f"New appointment of {row}", "word": "Appoint"}
    return render(request, "directory/administration_form.html", context)


@requires(Permission.AGENCY_MANAGE)
def appointment_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first, then ends it at once (R13)."""
    rows = Appointment.objects.administered_by(_by(request)).select_related("agency__country", "officer")
    row = get_object_or_404(rows, pk=pk)
    if request.method != "POST":
        return render(request, "directory/appointment_end.html", {"row": row, "agency": row.agency})
    try:
        actions.end_appointment(appointment=row, by=_by(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"Ended. {row.officer} acts under it no more.")
    return redirect("directory:officer-list", pk=row.agency_id)


@requires(Permission.AGENCY_MANAGE)
def agency_contacts(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How the duty desk is reached, day and night."""
    agency, by = kept_agency(request, pk), _by(request)
    initial = {"desk_phone": agency.desk_phone, "desk_email": agency.desk_email, "version": agency.version}
    form = ContactsForm(request.POST or None, initial=initial)
    work = lambda: actions.change_contacts(agency=agency, by=by, **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and filled(form, work) is not None:
        messages.success(request, "Saved.")
        return redirect("directory:agency-detail", pk=pk)
    context = {"form": form, "agency": agency, "heading": "Duty desk", "word": "Save"}
    return render(request, "directory/administration_form.html", context)


@requires(Permission.AGENCY_MANAGE)
def unit_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A new unit, to which officers are then posted."""
    agency, by = kept_agency(request, pk), _by(request)
    form = UnitForm(request.POST or None)
    work = lambda: actions.open_unit(agency=agency, by=by, **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and filled(form, work) is not None:
        messages.success(request, "The unit is open. Post officers to it by their appointments.")
        return redirect("directory:agency-detail", pk=pk)
    context = {"form": form, "agency": agency, "heading": "New unit", "word": "Open the unit"}
    return render(request, "directory/administration_form.html", context)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def unit_close(request: HttpRequest, pk: uuid.UUID, unit: uuid.UUID) -> HttpResponse:
    """Close a unit to which nobody is posted any more."""
    agency = kept_agency(request, pk)
    row = get_object_or_404(Unit.objects.open().filter(agency=agency).select_related("agency"), pk=unit)
    work = lambda: actions.close_unit(unit=row, by=_by(request))  # noqa: E731
    return acted(request, work, f"{row} is closed.", "directory:agency-detail", pk)


@requires(Permission.AGENCY_MANAGE)
def agency_rule(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Above which classification a second officer approves each release (R20)."""
    agency, by = kept_agency(request, pk), _by(request)
    form = RuleForm(request.POST or None, initial={"above": agency.second_officer_above, "version": agency.version})
    work = lambda: actions.set_second_officer(agency=agency, by=by, **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and filled(form, work) is not None:
        messages.success(request, "Saved. It holds for every release from now on.")
        return redirect("directory:agency-detail", pk=pk)
    context = {"form": form, "agency": agency, "heading": "Second officer", "word": "Save"}
    return render(request, "directory/administration_form.html", context)
