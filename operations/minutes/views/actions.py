"""Action items: the overview, one of them, and what its agency and the chair do with it."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from operations.minutes.actions import doing
from operations.minutes.forms.filters import ActionFilter
from operations.minutes.forms.minutes import CloseForm, NoteForm, OfficerForm, ReopenForm
from operations.minutes.models import ActionItem
from operations.minutes.presenting import action_view, lines_of
from operations.minutes.views import common
from operations.minutes.views.common import item_or_404
from operations.planning.views.door import by_of, now_of
from operations.sealing.views import operations
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised

DETAIL = "minutes:action-detail"
PAGE = 50


@requires(Permission.MEETING_VIEW)
@require_GET
def action_list(request: HttpRequest) -> HttpResponse:
    """The action items that bind, the first to fall due first; filters and page stand in the address."""
    offered, by, now = operations(request), by_of(request), now_of(request)
    form = ActionFilter(request.GET, operations=[(str(row.pk), row.title) for row in offered])
    rows = form.narrowed(common.items(request), by, now).with_words().order_by("due_at", "pk")
    page = _number(request.GET.get("page", ""))
    found = list(rows[page * PAGE : (page + 1) * PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    records = list({item.minutes_id: item.record for item in found}.values())
    disclose(request, [*records, *offered])
    context = {
        "form": form,
        "lines": lines_of(found, access_of(request)),
        "page": page,
        "more": more,
        "page_marking": highest(records),
        "as_of": now,
    }
    return render(request, "minutes/action_list.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


@requires(Permission.MEETING_VIEW)
@require_GET
def action_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, item_or_404(request, pk))


def _page(request: HttpRequest, item: ActionItem, **bound: forms.Form) -> HttpResponse:
    """The item with a form for each step that works; `bound` are those that were sent and refused."""
    access, by = access_of(request), by_of(request)
    view = action_view(item, access)
    disclose(request, [item.record], opened=item.record)
    officers = doing.nameable(item, by) if view.steps["officer"] else []
    context = {
        "item": item,
        "line": view.line,
        "view": view,
        "record": item.record,
        "forms": {
            "officer": OfficerForm(officers=officers, initial={"officer": item.officer_id}),
            "report": NoteForm(auto_id="report_%s"),
            "close": CloseForm(auto_id="close_%s"),
            "reopen": ReopenForm(auto_id="reopen_%s"),
            **bound,
        },
        "form": next(iter(bound.values()), None),
        "page_marking": highest([item.record]),
    }
    return render(request, "minutes/action_detail.html", context)


def _did(
    request: HttpRequest, item: ActionItem, name: str, form: forms.Form, work: Callable[[Any], Any], said: str
) -> HttpResponse:
    if form.is_valid():
        try:
            work(form.cleaned_data)
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, said)
            return redirect(DETAIL, pk=item.pk)
    return _page(request, item, **{name: form})


@requires(Permission.MEETING_CALL)
@require_POST
def action_officer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The agency that undertook it names who sees to it."""
    item, by = item_or_404(request, pk), by_of(request)
    form = OfficerForm(request.POST, officers=doing.nameable(item, by) if item.agency_id in by.agencies else [])
    work = lambda data: doing.name_officer(action=item, by=by, officer=data["officer"])  # noqa: E731
    return _did(request, item, "officer", form, work, "Saved. The officer is told.")


@requires(Permission.MEETING_VIEW)
@require_POST
def action_report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    item, by = item_or_404(request, pk), by_of(request)
    form = NoteForm(request.POST, auto_id="report_%s")
    work = lambda data: doing.report(action=item, by=by, note=data["note"], done=data["done"])  # noqa: E731
    return _did(request, item, "report", form, work, f"Reported to {item.record.owner.short}.")


@requires(Permission.MEETING_CALL)
@require_POST
def action_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    item, by = item_or_404(request, pk), by_of(request)
    form = CloseForm(request.POST, auto_id="close_%s")
    work = lambda data: doing.close(action=item, by=by, **data)  # noqa: E731
    return _did(request, item, "close", form, work, "Closed.")


@requires(Permission.MEETING_CALL)
@require_POST
def action_reopen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    item, by = item_or_404(request, pk), by_of(request)
    form = ReopenForm(request.POST, auto_id="reopen_%s")
    work = lambda data: doing.reopen(action=item, by=by, note=data["note"])  # noqa: E731
    return _did(request, item, "reopen", form, work, "Taken up again.")
