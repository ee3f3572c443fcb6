"""Pages of the tasks that are one form: name and kind, dates; and what is kept elsewhere and looked at here."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.drafting import actions, rights
from agreements.drafting.conflicts import differences, kept
from agreements.drafting.forms import AreaForm, DatesForm, NameForm
from agreements.drafting.looking.people import authorities
from agreements.drafting.models import Draft
from agreements.drafting.statuses import read, step_of
from agreements.drafting.timing import follows
from agreements.drafting.views.door import back_to, begun, by_of, done_if_said, draft_of
from agreements.register.models import Agreement
from portal.ui.errors import Refused
from portal.ui.refusals import placed_or_raised


def _part(
    request: HttpRequest,
    agreement: Agreement,
    task: str,
    make: Callable[..., Any],
    save: Callable[[Any], Any],
    template: str,
    **more: Any,
) -> HttpResponse:
    """One form of a task: saved with its version, given back filled in when a colleague was first."""
    step = step_of(agreement, task)
    may = rights.may_fill(agreement, by_of(request), task)
    initial = {"version": step.version, "done": step.status == "done"}
    form = make(request.POST or None, initial=initial)
    conflict: list[Any] = []
    if request.method == "POST":
        if not may:
            raise PermissionDenied("Your agency was not let fill in this part of the draft.")
        if form.is_valid():
            try:
                save(form)
            except Refused as refused:
                placed_or_raised(form, refused)
                if refused.code == rights.STALE:
                    fresh = read(agreement)
                    conflict = differences(form, make(None, agreement=fresh))
                    kept(form, step_of(fresh, task).version)
            else:
                done_if_said(request, agreement, task, done=form.cleaned_data["done"])
                if form.cleaned_data["done"] is False:
                    messages.success(request, "Saved.")
                return redirect(back_to(request, agreement.pk))
    context = {
        "form": form,
        "agreement": agreement,
        "step": step,
        "may_fill": may,
        "conflict": conflict,
        "changed": Draft.objects.filter(agreement=agreement).select_related("changed_by__agency").first(),
        "back": back_to(request, agreement.pk),
        "asked": agreement.submissions.filter(state__in=["waiting", "approved"]).exists(),
        **more,
    }
    return render(request, template, context)


@requires(Permission.AGREEMENT_DRAFT)
def name(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    agreement, by = begun(request, pk, "name"), by_of(request)

    def make(data: Any, agreement: Agreement = agreement, **options: Any) -> NameForm:
        return NameForm(data, by=by, agreement=agreement, **options)

    def save(form: NameForm) -> Any:
        return actions.save_name(agreement=agreement, by=by, version=form.cleaned_data["version"], **form.values())

    return _part(request, agreement, "name", make, save, "drafting/part.html")


@requires(Permission.AGREEMENT_DRAFT)
def area(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    agreement, by = begun(request, pk, "area"), by_of(request)

    def make(data: Any, agreement: Agreement = agreement, **options: Any) -> AreaForm:
        return AreaForm(data, agreement=agreement, **options)

    def save(form: AreaForm) -> Any:
        return actions.save_area(agreement=agreement, by=by, version=form.cleaned_data["version"], **form.values())

    return _part(request, agreement, "area", make, save, "drafting/part.html")


@requires(Permission.AGREEMENT_DRAFT)
def dates(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    agreement, by = begun(request, pk, "dates"), by_of(request)

    def make(data: Any, agreement: Agreement = agreement, **options: Any) -> DatesForm:
        return DatesForm(data, agreement=agreement, **options)

    def save(form: DatesForm) -> Any:
        return actions.save_dates(agreement=agreement, by=by, version=form.cleaned_data["version"], days=form.days())

    now = request.now  # type: ignore[attr-defined]
    return _part(request, agreement, "dates", make, save, "drafting/dates.html", follows=follows(agreement, now))


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def dates_preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What would follow from the days as they are being filled in. Nothing is saved."""
    agreement, by = draft_of(request, pk), by_of(request)
    if not rights.may_fill(agreement, by, "dates"):
        raise PermissionDenied("Your agency was not let fill in this part of the draft.")
    form = DatesForm(request.POST, agreement=agreement)
    found, words = None, "Some of these days cannot be read yet."
    if form.is_valid():
        try:
            found = follows(agreement, request.now, days=form.days(), by=by)  # type: ignore[attr-defined]
        except Refused as refused:
            words = refused.message
    return render(request, "drafting/_follows.html", {"follows": found, "words": words})


@requires(Permission.AGREEMENT_DRAFT)
def contacts(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The duty desks of the authorities named. Each agency keeps its own."""
    agreement = begun(request, pk, "contacts")
    context = {
        "agreement": agreement,
        "step": step_of(agreement, "contacts"),
        "agencies": authorities(agreement),
        "may_fill": rights.may_fill(agreement, by_of(request), "contacts"),
        "back": back_to(request, pk),
    }
    return render(request, "drafting/contacts.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def powers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What officers may do under each article: kept by the room of powers."""
    return _beside(request, pk, "powers")


@requires(Permission.AGREEMENT_DRAFT)
def documents(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The texts: kept by the room of documents."""
    return _beside(request, pk, "documents")


def _beside(request: HttpRequest, pk: uuid.UUID, task: str) -> HttpResponse:
    agreement = begun(request, pk, task)
    context = {
        "agreement": agreement,
        "step": step_of(agreement, task),
        "slot": f"drafting.{task}",
        "may_fill": rights.may_fill(agreement, by_of(request), task),
        "back": back_to(request, pk),
    }
    return render(request, "drafting/beside.html", context)
