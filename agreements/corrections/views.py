"""Corrections: those of one record, all that one's agency is a side of, propose, answer, withdraw."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.corrections import actions, lifecycle
from agreements.corrections.forms import AnswerForm, CorrectionFilter, ProposeForm
from agreements.corrections.models import Correction
from agreements.corrections.paging import page_of
from agreements.corrections.querysets import CorrectionQuerySet
from agreements.sharing import kinds
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.views.door import by_of, now_of, record_or_404
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised

PANEL = 5


def _visible(request: HttpRequest) -> CorrectionQuerySet:
    return Correction.objects.visible_to(access_of(request)).with_words()


@require_GET
def correction_list(request: HttpRequest) -> HttpResponse:
    """Those of which the own agency is a side: what waits for its answer first. Filters stand in the address."""
    by = by_of(request)
    form = CorrectionFilter(request.GET)
    page = page_of(form.narrowed(_visible(request), by), by, request.GET.get("before", ""))
    records = list({row.record.pk: row.record for row in page.rows}.values())
    place = _place(request, form)
    records = list({row.pk: row for row in (*records, *([place] if place else []))}.values())
    disclose(request, records)
    context = {
        "form": form,
        "place": place,
        "rows": [(row, kinds.get(row.record.kind), row.record.owner_id in by.agencies) for row in page.rows],
        "older": page.older,
        "as_of": now_of(request),
        "page_marking": highest(records),
    }
    return render(request, "corrections/correction_list.html", context)


def _place(request: HttpRequest, form: CorrectionFilter) -> Record | None:
    """The one record that the list is narrowed to, if it is visible."""
    key = form.cleaned_data["record"] if form.is_valid() else None
    if key is None:
        return None
    return Record.objects.visible_to(access_of(request)).select_related("owner__country").filter(pk=key).first()


@require_GET
def record_corrections(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on a record's page: its corrections as far as the reader may know of them, and the way to propose one."""
    record, by = record_or_404(request, pk), by_of(request)
    rows = list(_visible(request).filter(record=record).waiting_first(by)[: PANEL + 1])
    disclose(request, [record])
    own = record.owner_id in by.agencies
    context = {
        "record": record,
        "own": own,
        "rows": rows[:PANEL],
        "more": len(rows) > PANEL,
        "may_propose": not own and by.may(Permission.RECORD_ANSWER),
        "page_marking": highest([record]),
    }
    return render(request, "corrections/record_corrections.html", context)


@requires(Permission.RECORD_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Propose a correction of another agency's record; who will read it is said before it is sent."""
    record, by = record_or_404(request, pk), by_of(request)
    if record.owner_id in by.agencies:
        raise PermissionDenied("It is your own agency's record: change it yourselves, there is nothing to propose.")
    form = ProposeForm(request.POST or None, initial={"version": record.version})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.propose(record=record, by=by, **form.cleaned_data)
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, f"Sent to {record.owner.short}. You are told when it is answered.")
            return redirect("corrections:correction-detail", pk=row.pk)
    disclose(request, [record])
    context = {"form": form, "record": record, "kind": kinds.get(record.kind), "page_marking": highest([record])}
    return render(request, "corrections/correction_form.html", context)


@require_GET
def correction_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _shown(request, get_object_or_404(_visible(request), pk=pk), AnswerForm())


@requires(Permission.RECORD_ANSWER)
@require_POST
def correction_accept(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Agree; the record itself is changed afterwards, in its room."""
    return _answered(request, pk, actions.accept, "Accepted. Now change the record: this did not.")


@requires(Permission.RECORD_ANSWER)
@require_POST
def correction_decline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hold to the record, with a reason."""
    return _answered(request, pk, actions.decline, "Declined. Those who proposed it read your reason.")


def _answered(request: HttpRequest, pk: uuid.UUID, act: Callable[..., Correction], said: str) -> HttpResponse:
    row = get_object_or_404(_visible(request), pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            act(correction=row, by=by_of(request), answer=form.cleaned_data["answer"])
        except Refused as refused:
            if refused.code == "state":
                messages.error(request, refused.message)
                return redirect("corrections:correction-detail", pk=pk)
            placed_or_raised(form, refused)
        else:
            messages.success(request, said)
            return redirect("corrections:correction-detail", pk=pk)
    return _shown(request, get_object_or_404(_visible(request), pk=pk), form)


@requires(Permission.RECORD_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an own proposal back, once asked whether one is sure."""
    row, by = get_object_or_404(_visible(request), pk=pk), by_of(request)
    if row.proposed_by.agency_id not in by.agencies:
        raise PermissionDenied(f"Only {row.proposed_by.agency.short}, who proposed it, withdraws it.")
    if request.method == "POST":
        try:
            actions.withdraw(correction=row, by=by)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "Withdrawn.")
        return redirect("corrections:correction-detail", pk=pk)
    disclose(request, [row.record])
    context = {
        "title": "Withdraw the proposed correction?",
        "question": f"Of “{row.record.title}”, {row.record.owner.short}.",
        "consequences": [
            f"{row.record.owner.short} need not answer it any more. Its officers go on reading it as withdrawn.",
            "If it still stands, propose it again: a withdrawn one is not opened again.",
        ],
        "action_label": "Withdraw",
        "back_url": reverse("corrections:correction-detail", args=[pk]),
        "page_marking": highest([row.record]),
    }
    return render(request, "ui/confirm.html", context)


def _shown(request: HttpRequest, row: Correction, form: AnswerForm) -> HttpResponse:
    record, by = row.record, by_of(request)
    own, proposer = record.owner_id in by.agencies, row.proposed_by.agency_id in by.agencies
    answers = by.may(Permission.RECORD_ANSWER)
    disclose(request, [record])
    context = {
        "correction": row,
        "record": record,
        "kind": kinds.get(record.kind),
        "own": own,
        "proposer": proposer,
        "form": form if own and answers and lifecycle.may(row.state, "accept") else None,
        "may_withdraw": proposer and answers and lifecycle.may(row.state, "withdraw"),
        "change_url": _change_url(record, by) if own and row.state == lifecycle.CorrectionState.ACCEPTED else "",
        "errors": form.errors,
        "page_marking": highest([record]),
    }
    return render(request, "corrections/correction_detail.html", context)


def _change_url(record: Record, by: Appointment) -> str:
    """Where the owner's officer changes a record of this kind; empty where nothing of it is changed."""
    kind = kinds.get(record.kind)
    if not kind.change_url or (kind.change_permission and not by.may(kind.change_permission)):
        return ""
    try:
        return reverse(kind.change_url, args=[record.pk])
    except NoReverseMatch:
        return ""
