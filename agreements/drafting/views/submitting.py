"""Check your answers, what it would change, who works on it; the second officer; and the day on which it goes out."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.drafting import actions, presenting, previewing, rights
from agreements.drafting.choices import State
from agreements.drafting.forms import AskForm, DayForm, ShareForm, WordsForm
from agreements.drafting.looking.people import authorities
from agreements.drafting.models import Submission
from agreements.drafting.querysets import drafts_for
from agreements.drafting.views.door import by_of, draft_of, stepped
from agreements.register import foresight
from agreements.register.actions.second import others
from agreements.register.models import Agreement
from portal.ui.errors import Refused
from portal.ui.refusals import answer, filled, placed_or_raised


@requires(Permission.AGREEMENT_DRAFT)
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything on one page, with what is missing and what looks odd; and the next step."""
    draft_of(request, pk)
    return _check(request, pk, AskForm(), WordsForm(), DayForm())


def _check(request: HttpRequest, pk: uuid.UUID, ask_form: Any, words_form: Any, day_form: Any) -> HttpResponse:
    found = presenting.sheet(pk, by_of(request))
    context = {
        "sheet": found,
        "agreement": found.agreement,
        "ask_form": ask_form,
        "words_form": words_form,
        "day_form": day_form,
        "forms": [ask_form, words_form, day_form],
        "agencies": authorities(found.agreement),
        "by": by_of(request),
    }
    return render(request, "drafting/check.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def what_if(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What bringing it into force would open and close, in articles and in records (R28)."""
    agreement, by = draft_of(request, pk), by_of(request)
    try:
        foreseen = previewing.foresee(agreement, by)
    except Refused as refused:
        raise answer(refused) from refused
    marking = foresight.shown(request, foreseen)
    context = {"agreement": agreement, "foreseen": foreseen, "page_marking": marking}
    return render(request, "drafting/what_if.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What may flow to and from one agency, as that agency would have it."""
    agreement, by = draft_of(request, pk), by_of(request)
    agencies = authorities(agreement)
    wanted = request.GET.get("agency", "")
    chosen = next((row for row in agencies if str(row.pk) == wanted), None)
    if wanted and chosen is None:
        raise Http404
    try:
        sight = previewing.as_agency(agreement, chosen, by) if chosen else None
    except Refused as refused:
        raise answer(refused) from refused
    context = {"agreement": agreement, "agencies": agencies, "chosen": chosen, "sight": sight}
    return render(request, "drafting/preview.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who works on it too."""
    agreement, by = draft_of(request, pk), by_of(request)
    if not rights.leads(agreement, by):
        raise PermissionDenied("Only the agency that drafts it shares it.")
    if request.POST.get("do") == "unshare":
        row = next((each for each in agreement.draft_shares.all() if str(each.pk) == request.POST.get("share")), None)
        if row is None:
            raise Http404
        here = reverse("drafting:share", args=[pk])
        return stepped(request, lambda: actions.unshare(share=row, by=by), "Shared no more.", here)
    form = ShareForm(request.POST or None, officers=_colleagues(agreement, by), agencies=_partners(agreement))
    work = lambda: actions.share(agreement=agreement, by=by, **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and filled(form, work) is not None:
        messages.success(request, "Shared. They are told.")
        return redirect("drafting:share", pk)
    found = presenting.sheet(pk, by)
    return render(request, "drafting/share.html", {"form": form, "agreement": agreement, "sheet": found})


def _colleagues(agreement: Agreement, by: Appointment) -> Any:
    keys = [row.pk for row in others(by) if agreement.drafted_by_id in row.agencies]
    return Appointment.objects.filter(pk__in=keys).select_related("officer", "agency")


def _partners(agreement: Agreement) -> Any:
    rows = Agency.objects.active().filter(country__in=agreement.parties.values("country"))
    return rows.exclude(pk=agreement.drafted_by_id).select_related("country")


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for a second officer, for the draft as it is."""
    agreement, by, form = draft_of(request, pk), by_of(request), AskForm(request.POST)
    if form.is_valid():
        try:
            row = actions.ask(agreement=agreement, by=by, **form.cleaned_data)
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, _said(row))
            return redirect("drafting:draft-detail", pk)
    return _check(request, pk, form, WordsForm(), DayForm())


def _said(row: Submission) -> str:
    row.refresh_from_db()
    if row.state == State.WAITING:
        return "Asked. A colleague is told; the draft may be read meanwhile, and every change makes the request void."
    return _went(row)


def _went(row: Submission) -> str:
    if row.state == State.PUT:
        return "Put to the parties. Each of them confirms it now."
    if row.state == State.VOID:
        return f"Nothing went out. {row.words}"
    return f"It goes to the parties on {row.put_on:%-d %B %Y} at 00:00, {row.agreement.time_zone}."


def submission_of(request: HttpRequest, pk: uuid.UUID) -> Submission:
    rows = Submission.objects.filter(agreement__in=drafts_for(by_of(request)))
    return get_object_or_404(rows.select_related("agreement"), pk=pk)


def _decided(request: HttpRequest, row: Submission, work: Any) -> HttpResponse:
    """Do what the button asks; the list of tasks leads on to the agreement once it is put to its parties."""
    to = reverse("drafting:draft-detail", args=[row.agreement_id])
    try:
        found = work()
    except Refused as refused:
        raise_or_say(request, refused)
    else:
        tone = messages.warning if found.state == State.VOID else messages.success
        tone(request, _went(found) if found.state in (State.PUT, State.VOID, State.APPROVED) else _SAID[found.state])
    return redirect(to)


_SAID = {
    State.SENT_BACK: "Sent back. Your colleague is told why.",
    State.WITHDRAWN: "Taken back.",
    State.CANCELLED: "Stopped: it does not go out.",
}


def raise_or_say(request: HttpRequest, refused: Refused) -> None:
    if refused.code in ("not_found", "forbidden"):
        raise answer(refused) from refused
    messages.error(request, refused.message)


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def submission_approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = submission_of(request, pk)
    return _decided(request, row, lambda: actions.approve(submission=row, by=by_of(request)))


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def submission_send_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, form = submission_of(request, pk), WordsForm(request.POST)
    if not form.is_valid():
        return _check(request, row.agreement_id, AskForm(), form, DayForm())
    return _decided(request, row, lambda: actions.send_back(submission=row, by=by_of(request), **form.cleaned_data))


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def submission_take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = submission_of(request, pk)
    return _decided(request, row, lambda: actions.take_back(submission=row, by=by_of(request)))


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def submission_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = submission_of(request, pk)
    return _decided(request, row, lambda: actions.cancel(submission=row, by=by_of(request)))


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def submission_schedule(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Another day, or now."""
    row, form = submission_of(request, pk), DayForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["put_on"]
        try:
            found = actions.schedule(submission=row, by=by_of(request), put_on=day)
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, _went(found))
            return redirect("drafting:draft-detail", row.agreement_id)
    return _check(request, row.agreement_id, AskForm(), WordsForm(), form)
