"""Pages on which an agency is suspended, let act again, and closed: what it would take away stands there first."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory import succession
from agencies.directory.access import requires
from agencies.directory.actions import may_manage
from agencies.directory.roles import Permission
from agencies.onboarding import foreseeing
from agencies.onboarding.actions import closing, halting
from agencies.onboarding.forms import ClosingForm, SuspendForm, WordsForm
from agencies.onboarding.models import Closing, Halt
from agencies.onboarding.views.parts import agency_or_404, by_of, now_of
from portal.ui.errors import Refused
from portal.ui.refusals import acted, filled, shown_or_raised


@requires(Permission.DIRECTORY_VIEW)
def agency_suspend(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What ends by it, counted; then why, and it ends at once (R13)."""
    agency, by = agency_or_404(pk), by_of(request)
    if not halting.may_suspend(agency, by):
        raise PermissionDenied(
            "A treaty admin of its state or a system admin suspends an agency, and nobody of its own."
        )
    form = SuspendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        work = lambda: halting.suspend(agency=agency, reason=form.cleaned_data["reason"], by=by)  # noqa: E731
        if filled(form, work) is not None:
            messages.success(request, f"{agency.short} is suspended. Nobody acts for it any more.")
            return redirect("directory:agency-detail", pk=pk)
    try:
        foreseen = halting.what_if(agency=agency, by=by)
    except Refused as refused:
        shown_or_raised(request, refused)
        return redirect("directory:agency-detail", pk=pk)
    context = {"agency": agency, "form": form, "foreseen": foreseen}
    return render(request, "onboarding/agency_suspend.html", context)


@requires(Permission.DIRECTORY_VIEW)
def agency_lift(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Why it was suspended, by whom; and why it may act again."""
    agency, by = agency_or_404(pk), by_of(request)
    rows = Halt.objects.visible_to(by).standing().with_words().select_related("halted_by__officer")
    row = get_object_or_404(rows, agency=agency)
    may = halting.may_lift(row, by)
    form = WordsForm(request.POST or None, label="Why it may act again", hint="It stays on record.")
    if request.method == "POST" and form.is_valid():
        work = lambda: halting.lift(halt=row, why=form.cleaned_data["words"], by=by)  # noqa: E731
        if filled(form, work) is not None:
            messages.success(request, f"{agency.short} acts again.")
            return redirect("directory:agency-detail", pk=pk)
    return render(request, "onboarding/agency_lift.html", {"agency": agency, "row": row, "form": form, "may": may})


@requires(Permission.DIRECTORY_VIEW)
def agency_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """From which day on, by which act, and who follows; what it takes away; then the proposal."""
    agency, by = agency_or_404(pk), by_of(request)
    if not closing.may_propose(agency, by):
        raise PermissionDenied("An admin of the agency, a treaty admin of its state or a system admin proposes it.")
    earlier = Closing.objects.filter(agency=agency, dropped_at=None).first()
    if earlier is not None:
        return redirect("onboarding:closing-detail", pk=earlier.pk)
    form = ClosingForm(request.POST or None, agency=agency, follows=may_manage(agency, by))
    foreseen, values = None, {}
    if request.method == "POST" and form.is_valid():
        values = {"successor": None, **form.cleaned_data}
        if "sure" not in request.POST:
            asked = {name: values[name] for name in ("first_day", "successor")}
            foreseen = filled(form, lambda: closing.what_if(agency=agency, by=by, **asked))
        else:
            row = filled(form, lambda: closing.propose(agency=agency, by=by, **values))
            if row is not None:
                messages.success(request, "Proposed. Another person has to agree.")
                return redirect("onboarding:closing-detail", pk=row.pk)
    context: dict[str, Any] = {"agency": agency, "form": form, "foreseen": foreseen, "values": values}
    if foreseen is not None and values.get("successor"):
        context["shares"] = succession.handed_over(agency)
    return render(request, "onboarding/agency_close.html", context)


@requires(Permission.DIRECTORY_VIEW)
def closing_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The second look: what it takes away, and who may agree. Afterwards: what waits for somebody's decision."""
    row, by = _row(request, pk), by_of(request)
    over = row.closes_at is not None and row.closes_at <= now_of(request)
    context: dict[str, Any] = {
        "row": row,
        "agency": row.agency,
        "may_agree": closing.may_agree(row, by),
        "may_drop": closing.may_drop(row, by),
        "over": over,
        "as_of": now_of(request),
    }
    if row.is_open:
        try:
            context["foreseen"] = closing.what_if_agreed(closing=row, by=by)
        except Refused as refused:
            context["cannot"] = refused.message
        if row.succession is not None:
            context["shares"] = succession.handed_over(row.agency)
    elif row.agreed_at is not None and row.succession is None:
        context["waiting"] = foreseeing.waiting(row.agency, by)
        context["may_follow"] = by.may(Permission.AGENCY_MANAGE_ANY)
    return render(request, "onboarding/closing_detail.html", context)


@requires(Permission.DIRECTORY_VIEW)
@require_POST
def closing_agree(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _row(request, pk)
    work = lambda: closing.agree(closing=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Agreed. It is final.", "onboarding:closing-detail", pk)


@requires(Permission.DIRECTORY_VIEW)
@require_POST
def closing_drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _row(request, pk)
    work = lambda: closing.drop(closing=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "The proposal was dropped.", "onboarding:closing-detail", pk)


@requires(Permission.DIRECTORY_VIEW)
def ending_list(request: HttpRequest) -> HttpResponse:
    """Agencies that are suspended, and closings, of which the officer may know."""
    by = by_of(request)
    if not (by.may(Permission.AGENCY_INVITE) or by.may(Permission.AGENCY_MANAGE)):
        raise PermissionDenied("This is for agency admins, treaty admins and system admins.")
    halts = list(Halt.objects.visible_to(by).with_words()[:50])
    closings = list(Closing.objects.visible_to(by).with_words()[:50])
    context = {"halts": halts, "closings": closings, "as_of": now_of(request)}
    return render(request, "onboarding/ending_list.html", context)


def _row(request: HttpRequest, pk: uuid.UUID) -> Closing:
    rows = Closing.objects.visible_to(by_of(request)).with_words().select_related("proposed_by__officer")
    return get_object_or_404(rows, pk=pk)
