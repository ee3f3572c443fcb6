"""Pages of the register: read agreements, register them, record and confirm facts."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.register import actions, foresight
from agreements.register.choices import NARROWING, ActionKind
from agreements.register.forms import ActionForm, AgreementFilter, AgreementForm, ClauseForm, DesignationForm
from agreements.register.home import waiting_for
from agreements.register.models import Agreement, Clause, Designation
from agreements.register.presenting import Shown, shown, works_here
from agreements.register.timeline import picture
from portal.ui.errors import Refused
from portal.ui.refusals import acted, answer, filled


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def _agreement(request: HttpRequest, pk: uuid.UUID) -> Agreement:
    rows = Agreement.objects.visible_to(_by(request)).select_related("made_under__agreement")
    return get_object_or_404(rows.prefetch_related("parties__country"), pk=pk)


@requires(Permission.AGREEMENT_VIEW)
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Agreements that the officer's country is party to, with state and days left; filters in the address."""
    form = AgreementFilter(request.GET)
    rows = _narrowed(Agreement.objects.visible_to(_by(request)), form.cleaned_data if form.is_valid() else {})
    found = shown(rows.prefetch_related("parties__country"), request.now)  # type: ignore[attr-defined]
    found = _worked_out(found, form.cleaned_data if form.is_valid() else {}, _by(request))
    context = {
        "form": form,
        "rows": found,
        "may_draft": _by(request).may(Permission.AGREEMENT_DRAFT),
        "as_of": request.now,  # type: ignore[attr-defined]
    }
    return render(request, "register/agreement_list.html", context)


def _narrowed(rows: Any, values: dict[str, Any]) -> Any:
    if values.get("q"):
        rows = rows.filter(Q(title__icontains=values["q"]) | Q(short_name__icontains=values["q"]))
    if values.get("party"):
        rows = rows.filter(parties__country=values["party"].upper())
    if values.get("kind"):
        rows = rows.filter(kind=values["kind"])
    if values.get("clause"):
        rows = rows.filter(pk__in=Agreement.objects.filter(clauses__kind=values["clause"]).values("pk"))
    return rows


def _worked_out(rows: list[Shown], values: dict[str, Any], by: Appointment) -> list[Shown]:
    """Narrowed by what no column holds: the state, the days left, what waits for the own country."""
    if values.get("state"):
        rows = [row for row in rows if row.state == values["state"]]
    if values.get("ending"):
        rows = [row for row in rows if row.is_ending_soon]
    if values.get("waiting"):
        waiting = waiting_for([row.agreement for row in rows], by)
        rows = [row for row in rows if row.agreement.pk in waiting]
    return rows


@requires(Permission.AGREEMENT_VIEW)
def agreement_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One agreement: state of each party, articles, designations, and its actions in order of time."""
    agreement, by, now = _agreement(request, pk), _by(request), request.now  # type: ignore[attr-defined]
    own = by.agency.country_id
    is_party = any(party.country_id == own for party in agreement.parties.all())
    acts = agreement.actions.select_related("country", "counterpart", "recorded_for")
    context = {
        "agreement": agreement,
        "parent": _parent(request, agreement),
        "shown": shown([agreement], now)[0],
        "between": works_here(agreement, own, now) if is_party and not agreement.is_draft else [],
        "clauses": agreement.clauses.select_related("continues__agreement"),
        "earlier": set(Agreement.objects.visible_to(_by(request)).filter(clauses__continued_by__agreement=agreement)),
        "actions": acts,
        "picture": picture(agreement, acts, now),
        "designations": agreement.designations.select_related("agency", "country").filter(withdrawn_at=None),
        "outstanding": actions.outstanding(agreement, own) if is_party else [],
        "may_confirm": is_party and by.may(Permission.AGREEMENT_CONFIRM),
        "is_admin": actions.is_keeper(agreement, by),
        "own_country": own,
        "as_of": now,
    }
    return render(request, "register/agreement_detail.html", context)


def _parent(request: HttpRequest, agreement: Agreement) -> Clause | None:
    """The article it was made under, if the reader may see that agreement too."""
    above = agreement.made_under
    seen = above and Agreement.objects.visible_to(_by(request)).filter(pk=above.agreement_id).exists()
    return above if seen else None


@requires(Permission.AGREEMENT_DRAFT)
def agreement_create(request: HttpRequest) -> HttpResponse:
    """Register an agreement; its articles and designations follow on its own page."""
    by = _by(request)
    own = Clause.objects.filter(agreement__in=Agreement.objects.visible_to(by)).select_related("agreement")
    form = AgreementForm(request.POST or None, clauses=own, initial={"time_zone": by.agency.time_zone})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.register(by=by, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, "Registered. Now add its articles and designations.")
            return redirect("register:agreement-detail", pk=row.pk)
    return render(request, "register/form.html", {"form": form, "heading": "Register an agreement"})


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def agreement_put(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End a draft."""
    agreement = _agreement(request, pk)
    work = lambda: actions.put_to_parties(agreement=agreement, by=_by(request))  # noqa: E731
    return acted(request, work, "Put to the parties.", "register:agreement-detail", pk)


@requires(Permission.AGREEMENT_CONFIRM)
@require_POST
def agreement_confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stand behind the outstanding facts for the own country (R22)."""
    agreement, by = _agreement(request, pk), _by(request)
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
    agreement, by = _agreement(request, pk), _by(request)
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
    agreement, by = _agreement(request, pk), _by(request)
    form = ClauseForm(request.POST or None, agreement=agreement, by=by)
    step = lambda: actions.add_clause(agreement=agreement, by=by, **form.cleaned_data)  # noqa: E731
    return _widening(request, agreement, form, step, "Add an article", "New article")


@requires(Permission.AGREEMENT_DRAFT)
def designation_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    agreement, by = _agreement(request, pk), _by(request)
    form = DesignationForm(request.POST or None, country=by.agency.country, agreement=agreement)
    step = lambda: actions.designate(agreement=agreement, by=by, **form.cleaned_data)  # noqa: E731
    return _widening(request, agreement, form, step, "Designate", "Designation")


def _widening(
    request: HttpRequest, agreement: Agreement, form: forms.Form, step: Callable[[], Any], heading: str, word: str
) -> HttpResponse:
    """A form for a fact that widens: recorded, or first asked what it would change."""
    if request.method == "POST" and form.is_valid():
        if "foresee" in request.POST and "sure" not in request.POST:
            foreseen = _foreseen(form, agreement, _by(request), step, confirmed=True)
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
    by = _by(request)
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
