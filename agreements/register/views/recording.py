"""Agreements are registered, facts recorded and confirmed; what they would change is said first."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.register import actions, foresight
from agreements.register.choices import NARROWING, ActionKind
from agreements.register.forms import ActionForm, AgreementForm, ClauseForm, DesignationForm
from agreements.register.models import Agreement, Clause, Designation
from agreements.register.views.base import acting, visible_agreement
from portal.ui.errors import Refused
from portal.ui.refusals import acted, answer, filled


@requires(Permission.AGREEMENT_DRAFT)
def agreement_create(request: HttpRequest) -> HttpResponse:
    """Register an agreement; its articles and designations follow on its own page."""
    by = acting(request)
    own = Clause.objects.filter(agreement__in=Agreement.objects.visible_to(by)).select_related("agreement")
    form = AgreementForm(request.POST or None, clauses=own, initial={"time_zone": by.agency.time_zone})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.register(by=by, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            said = "Kept as a draft." if row.is_draft else "Registered. Now add its articles and designations."
            messages.success(request, said)
            return redirect("register:agreement-detail", pk=row.pk)
    return render(request, "register/form.html", {"form": form, "heading": "Register an agreement"})


@requires(Permission.AGREEMENT_CONFIRM)
@require_POST
def agreement_confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stand behind the outstanding facts for the own country (R22)."""
    agreement, by = visible_agreement(request, pk), acting(request)
    keys = set(request.POST.getlist("fact"))
    chosen = [fact for fact in actions.outstanding(agreement, by.agency.country) if str(fact.pk) in keys]
    step = lambda: actions.confirm(agreement=agreement, by=by, facts=chosen)  # noqa: E731
    if "foresee" in request.POST and chosen:
        try:
            foreseen = foresight.foresee(agreement=agreement, by=by, step=step)
        except Refused as refused:
            raise answer(refused) from refused
        to = reverse("register:agreement-confirm", args=[pk])
        return _asked(request, agreement, foreseen, "Confirmation", facts=chosen, button="Confirm", to=to)
    return acted(request, step, "Confirmed.", "register:agreement-detail", pk)


@requires(Permission.AGREEMENT_DRAFT)
def action_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record an action; one that narrows is confirmed on a page that says what it does."""
    agreement, by = visible_agreement(request, pk), acting(request)
    form = ActionForm(request.POST or None, agreement=agreement, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
        step = lambda: actions.record_action(agreement=agreement, by=by, **values)  # noqa: E731
        narrows = form.cleaned_data["kind"] in NARROWING
        if "sure" not in request.POST and (narrows or "foresee" in request.POST):
            foreseen = _foreseen(form, agreement, by, step, confirmed=not narrows)
            if foreseen is not None:
                word = ActionKind(form.cleaned_data["kind"]).label
                button = f"Record the {word.lower()}"
                return _asked(request, agreement, foreseen, word, form=form, narrows=narrows, button=button)
        elif _saved(request, form, step):
            return redirect("register:agreement-detail", pk=pk)
    context = {"form": form, "heading": "Record an action", "agreement": agreement, "foresees": True}
    return render(request, "register/form.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def clause_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    agreement, by = visible_agreement(request, pk), acting(request)
    form = ClauseForm(request.POST or None, agreement=agreement, by=by)
    step = lambda: actions.add_clause(agreement=agreement, by=by, **form.cleaned_data)  # noqa: E731
    return _widening(request, agreement, form, step, "Add an article", "New article")


@requires(Permission.AGREEMENT_DRAFT)
def designation_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    agreement, by = visible_agreement(request, pk), acting(request)
    form = DesignationForm(request.POST or None, country=by.agency.country, agreement=agreement)
    step = lambda: actions.designate(agreement=agreement, by=by, **form.cleaned_data)  # noqa: E731
    return _widening(request, agreement, form, step, "Designate", "Designation")


def _widening(
    request: HttpRequest, agreement: Agreement, form: forms.Form, step: Callable[[], Any], heading: str, word: str
) -> HttpResponse:
    """A form for a fact that widens: recorded, or first asked what it would change."""
    if request.method == "POST" and form.is_valid():
        if "foresee" in request.POST and "sure" not in request.POST:
            foreseen = _foreseen(form, agreement, acting(request), step, confirmed=True)
            if foreseen is not None:
                return _asked(request, agreement, foreseen, word, form=form)
        elif _saved(request, form, step):
            return redirect("register:agreement-detail", pk=agreement.pk)
    context = {"form": form, "heading": heading, "agreement": agreement, "foresees": not agreement.is_draft}
    return render(request, "register/form.html", context)


def _foreseen(
    form: forms.Form, agreement: Agreement, by: Appointment, step: Callable[[], Any], *, confirmed: bool
) -> foresight.Foreseen | None:
    """What the step would change; None when it is refused, which is said at its field."""
    found: foresight.Foreseen | None = filled(
        form, lambda: foresight.foresee(agreement=agreement, by=by, step=step, confirmed=confirmed)
    )
    return found


def _asked(
    request: HttpRequest, agreement: Agreement, foreseen: foresight.Foreseen, word: str, **more: Any
) -> HttpResponse:
    """What it changes, and the button that does it."""
    marking = foresight.shown(request, foreseen)
    context = {"agreement": agreement, "word": word, "foreseen": foreseen, "page_marking": marking, **more}
    return render(request, "register/action_confirm.html", context)


def _saved(request: HttpRequest, form: forms.Form, work: Callable[[], Any]) -> bool:
    """Whether it was recorded; a refusal is said at its field."""
    saved = filled(form, work) is not None
    if saved:
        messages.success(request, "Recorded.")
    return saved


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def designation_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Withdraw a designation: access by it ends at once. Of an agreement before its parties, says first what that
    changes."""
    by = acting(request)
    rows = Designation.objects.filter(agreement__in=Agreement.objects.visible_to(by))
    row = get_object_or_404(rows.select_related("agreement", "agency"), pk=pk)
    work = lambda: actions.withdraw_designation(designation=row, by=by)  # noqa: E731
    if "sure" not in request.POST and not row.agreement.is_draft:
        try:
            foreseen = foresight.foresee(agreement=row.agreement, by=by, step=work)
        except Refused as refused:
            raise answer(refused) from refused
        word = f"Withdraw the designation of {row.agency.short}"
        return _asked(request, row.agreement, foreseen, word, narrows=True, button="Withdraw it")
    return acted(request, work, "Withdrawn.", "register:agreement-detail", row.agreement_id)
