"""Agreements are registered, facts recorded and confirmed; what they would change is said first."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.register import actions, foresight
from agreements.register.choices import NARROWING, ActionKind
from agreements.register.forms import (
    ActionForm,
    AgreementForm,
    ClauseForm,
    ConditionForm,
    DesignationForm,
    RelationForm,
)
from agreements.register.meanings import MEANINGS, SIGNS
from agreements.register.models import Agreement, Clause, Designation, Fact, Relation
from agreements.register.views.base import acting, visible_agreement
from portal.ui.errors import Refused
from portal.ui.refusals import acted, answer, filled

CONDITION = ("consents", "delay", "delay_unit", "later_delay", "later_unit", "article", "source")


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
    form = ActionForm(request.POST or None, agreement=agreement, initial=_initial(request, agreement))
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
        step = lambda: actions.record_action(agreement=agreement, by=by, **values)  # noqa: E731
        narrows = form.cleaned_data["kind"] in NARROWING and form.cleaned_data["rectifies"] is None
        if "sure" not in request.POST and (narrows or "foresee" in request.POST):
            foreseen = _foreseen(form, agreement, by, step, confirmed=not narrows)
            if foreseen is not None:
                word = ActionKind(form.cleaned_data["kind"]).label
                button = f"Record the {word.lower()}"
                return _asked(request, agreement, foreseen, word, form=form, narrows=narrows, button=button)
        elif _saved(request, form, step):
            return redirect("register:agreement-detail", pk=pk)
    context = {
        "form": form,
        "heading": "Record an action",
        "agreement": agreement,
        "foresees": True,
        "meanings": [(kind, SIGNS.get(kind, ""), MEANINGS[kind]) for kind in ActionKind],
    }
    return render(request, "register/form.html", context)


def _initial(request: HttpRequest, agreement: Agreement) -> dict[str, Any]:
    """The kind that a link names; of a correction, what is on record."""
    key = request.GET.get("rectifies", "")
    wrong = next((row for row in agreement.actions.prefetch_related("clauses") if str(row.pk) == key), None)
    if wrong is None:
        return {"kind": request.GET.get("kind", "")} | _lifting(agreement, request.GET.get("lifts", ""))
    names = ("kind", "country", "counterpart", "done_on", "effective_on", "until", "way", "territory", "note", "source")
    kept = {name: getattr(wrong, name) for name in (*names, "excludes", "lowers_ceiling_to", "lifts")}
    return {**kept, "clauses": wrong.clauses.all(), "rectifies": wrong}


def _lifting(agreement: Agreement, key: str) -> dict[str, Any]:
    """Of what a link says is to be lifted: all that is known of its lifting."""
    row = next((row for row in agreement.actions.prefetch_related("clauses") if str(row.pk) == key), None)
    if row is None:
        return {}
    return {"lifts": row, "country": row.country, "clauses": row.clauses.all(), "done_on": timezone.localdate()}


@requires(Permission.AGREEMENT_DRAFT)
def condition_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """On what its entry into force depends; once it has a condition, a correction of that one."""
    agreement, by = visible_agreement(request, pk), acting(request)
    standing = agreement.force_conditions.filter(rectified_by=None).first()
    initial = (
        {}
        if standing is None
        else {name: getattr(standing, name) for name in CONDITION} | {"required": standing.required.all()}
    )
    form = ConditionForm(request.POST or None, agreement=agreement, initial=initial)
    step = lambda: actions.set_condition(  # noqa: E731
        agreement=agreement, by=by, rectifies=standing, **form.cleaned_data
    )
    heading = "Entry into force" if standing is None else "Correct the condition of entry into force"
    return _widening(request, agreement, form, step, heading, "Condition of entry into force")


@requires(Permission.AGREEMENT_DRAFT)
def relation_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the agreement is to another one. It opens nothing."""
    agreement, by = visible_agreement(request, pk), acting(request)
    form = RelationForm(request.POST or None, agreement=agreement, by=by)
    if (
        request.method == "POST"
        and form.is_valid()
        and _saved(request, form, lambda: actions.relate(agreement=agreement, by=by, **form.cleaned_data))
    ):
        return redirect("register:agreement-detail", pk=pk)
    return render(request, "register/form.html", {"form": form, "heading": "Add to the family", "agreement": agreement})


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def relation_delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a relation back that was recorded in error."""
    by = acting(request)
    seen = Agreement.objects.visible_to(by)
    row = get_object_or_404(Relation.objects.filter(agreement__in=seen, other__in=seen), pk=pk)
    work = lambda: actions.unrelate(relation=row, by=by)  # noqa: E731
    return acted(request, work, "Taken back.", "register:agreement-detail", row.agreement_id)


@requires(Permission.AGREEMENT_DRAFT)
def clause_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    agreement, by = visible_agreement(request, pk), acting(request)
    form = ClauseForm(request.POST or None, agreement=agreement, by=by, initial=_initial_clause(request, agreement))
    step = lambda: actions.add_clause(agreement=agreement, by=by, **form.cleaned_data)  # noqa: E731
    corrects = bool(form.initial.get("rectifies") or request.POST.get("rectifies"))
    words = ("Correct an article", "Corrected article") if corrects else ("Add an article", "New article")
    return _widening(request, agreement, form, step, *words)


def _initial_clause(request: HttpRequest, agreement: Agreement) -> dict[str, Any]:
    """Of a correction, the article as it stands."""
    key = request.GET.get("rectifies", "")
    wrong = next((row for row in agreement.clauses.all() if str(row.pk) == key), None)
    names = ("article", "kind", "summary", "categories", "purposes", "direction", "ceiling", "onward", "retention_days")
    kept = {name: getattr(wrong, name) for name in (*names, "starts_on", "ends_on", "survives")} if wrong else {}
    if wrong is None:
        return {}
    links = {name: getattr(wrong, name).all() for name in ("senders", "receivers", "displaced_by")}
    return {**kept, **links, "rectifies": wrong}


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
    made = filled(form, work)
    if made is not None:
        waits = isinstance(made, Fact) and actions.own_to_confirm(made, acting(request))
        later = " It counts once another treaty admin of your country has confirmed it." if waits else ""
        messages.success(request, f"Recorded.{later}")
    return made is not None


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
