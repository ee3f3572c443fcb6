"""Pages of successions: proposed by an admin of one agency, read and accepted by an admin of the other (R30)."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory import succession
from agencies.directory.access import requires
from agencies.directory.administration import kept_agency
from agencies.directory.forms import SuccessionForm
from agencies.directory.models import Appointment, Succession
from agencies.directory.roles import Permission
from portal.ui.errors import Refused
from portal.ui.refusals import acted, filled, shown_or_raised


@requires(Permission.AGENCY_MANAGE)
def succession_propose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Name who follows the agency, from which day on, and by which act."""
    agency, by = kept_agency(request, pk), _by(request)
    form = SuccessionForm(request.POST or None, agency=agency)
    if request.method == "POST" and form.is_valid():
        row = filled(form, lambda: succession.propose(predecessor=agency, by=by, **form.cleaned_data))
        if row is not None:
            messages.success(request, f"Proposed. An admin of {row.successor.short} has to accept it.")
            return redirect("directory:succession-detail", pk=row.pk)
    context = {
        "form": form,
        "agency": agency,
        "heading": "Hand over to a successor",
        "word": "Propose it",
        "note": "From that day on whoever acts for the successor acts for this agency too: it takes over records, "
        "designations, releases and duties (R30). The officers go along. Nothing passes over before the other side accepts.",
    }
    return render(request, "directory/administration_form.html", context)


@requires(Permission.AGENCY_MANAGE)
def succession_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What passes over, counted and never named; and the answer to a proposal."""
    row = _kept(request, pk)
    open_ = row.accepted_at is None and row.dropped_at is None
    context = {
        "row": row,
        "open": open_,
        "may_accept": open_ and succession.may_answer(row, _by(request)),
        "shares": succession.handed_over(row.predecessor) if open_ else [],
    }
    return render(request, "directory/succession_detail.html", context)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def succession_accept(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = _kept(request, pk), _by(request)
    try:
        succession.accept(succession=row, by=by)
    except Refused as refused:
        shown_or_raised(request, refused)
        return redirect("directory:succession-detail", pk=pk)
    messages.success(request, f"Accepted: {row.successor.short} stands for {row.predecessor.short}.")
    return redirect("directory:agency-detail", pk=row.successor_id)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def succession_drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = _kept(request, pk), _by(request)
    work = lambda: succession.drop(succession=row, by=by)  # noqa: E731
    return acted(request, work, "The proposal was dropped.", "directory:succession-detail", pk)


def _kept(request: HttpRequest, pk: uuid.UUID) -> Succession:
    """One of an agency that the officer keeps; others are unknown here."""
    rows = Succession.objects.kept_by(_by(request)).select_related(
        "predecessor__country", "successor__country", "proposed_by__agency", "accepted_by__agency"
    )
    return get_object_or_404(rows, pk=pk)


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]
