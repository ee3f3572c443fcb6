"""Pages: an agency's duty chain, who is on duty now, and keeping it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.chains import actions
from agencies.chains.duty import chain_of, gaps_of, is_on, on_duty
from agencies.chains.forms import StepForm
from agencies.chains.models import DutyStep
from agencies.directory.access import requires
from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from portal.ui.refusals import acted, filled

CHAIN = "chains:agency-chain"


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


@requires(Permission.DIRECTORY_VIEW)
def agency_chain(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel and a page: the chain with who is on duty now, for the agency's own officers and its admins alone."""
    agency = get_object_or_404(Agency.objects.known().select_related("country"), pk=pk)
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    manages = may_manage(agency, by)
    context: dict[str, Any] = {"agency": agency, "manages": manages, "as_of": now, "known": False}
    if manages or agency.pk in by.agencies:
        steps = chain_of(agency, now)
        people = {found.position: found for found in on_duty(agency, now)}
        context |= {
            "known": True,
            "rows": [(step, is_on(step, now), people.get(step.position)) for step in steps],
            "implied": None if steps else people[1],
            "gaps": gaps_of(steps),
        }
    return render(request, "chains/agency_chain.html", context)


@requires(Permission.AGENCY_MANAGE)
def step_add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a step at the end of the chain."""
    agency = get_object_or_404(Agency.objects.active().select_related("country"), pk=pk)
    if not may_manage(agency, _by(request)):
        raise PermissionDenied("Only an admin of the agency keeps its duty chain.")
    form = StepForm(request.POST or None, agency=agency)
    work = lambda: actions.add_step(agency=agency, by=_by(request), **form.values())  # noqa: E731
    return _form(request, form, agency, work, "New step of the duty chain", "Add it")


def _step(request: HttpRequest, pk: uuid.UUID) -> DutyStep:
    """One that the officer may know of, and keeps."""
    row = get_object_or_404(DutyStep.objects.visible_to(_by(request)).with_words(), pk=pk)
    if not may_manage(row.agency, _by(request)):
        raise PermissionDenied("Only an admin of the agency keeps its duty chain.")
    return row


@requires(Permission.AGENCY_MANAGE)
def step_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say anew whom it tells and when."""
    row = _step(request, pk)
    form = StepForm(request.POST or None, agency=row.agency, step=row)
    work = lambda: actions.change_step(step=row, by=_by(request), **form.values())  # noqa: E731
    return _form(request, form, row.agency, work, f"Step {row.position} of the duty chain", "Save it")


def _form(request: HttpRequest, form: StepForm, agency: Agency, work: Any, heading: str, word: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and filled(form, work) is not None:
        messages.success(request, "Saved. It holds from now on.")
        return redirect(CHAIN, pk=agency.pk)
    context = {"form": form, "agency": agency, "heading": heading, "word": word}
    return render(request, "chains/step_form.html", context)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def step_remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take it out of the chain."""
    row = _step(request, pk)
    work = lambda: actions.remove_step(step=row, by=_by(request))  # noqa: E731
    return acted(request, work, "Taken out.", CHAIN, row.agency_id)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def step_move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One earlier (`way` is "up"), or one later."""
    row = _step(request, pk)
    work = lambda: actions.move_step(step=row, by=_by(request), up=request.POST.get("way") == "up")  # noqa: E731
    return acted(request, work, "Moved.", CHAIN, row.agency_id)
