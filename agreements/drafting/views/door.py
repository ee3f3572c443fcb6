"""Drafts that the officer may know of; hidden and unknown are the same 404, and what is put to its parties is no draft."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from agencies.directory.models import Appointment
from agreements.drafting import rights
from agreements.drafting.querysets import drafts_for
from agreements.drafting.statuses import read
from agreements.register.models import Agreement
from portal.ui.errors import Refused
from portal.ui.refusals import shown_or_raised


def by_of(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def draft_of(request: HttpRequest, pk: uuid.UUID) -> Agreement:
    return read(get_object_or_404(drafts_for(by_of(request)), pk=pk))


def begun(request: HttpRequest, pk: uuid.UUID, task: str) -> Agreement:
    """The draft, of which a task is opened: it counts as looked at by who may fill it in."""
    agreement = draft_of(request, pk)
    if rights.may_fill(agreement, by_of(request), task):
        rights.looked_at(agreement, task)
    return agreement


def back_to(request: HttpRequest, pk: uuid.UUID) -> str:
    """Where a saved part leads: the list of tasks, or the page that one came from."""
    name = "check" if request.GET.get("from") == "check" else "draft-detail"
    return reverse(f"drafting:{name}", args=[pk])


def done_if_said(request: HttpRequest, agreement: Agreement, task: str, *, done: bool) -> None:
    """Called done, or not any more; what is missing is said above the next page."""
    try:
        rights.called_done(agreement, task, by_of(request), done=done)
    except Refused as refused:
        messages.warning(request, f"Saved. {refused.message}")


def stepped(request: HttpRequest, work: Callable[[], Any], said: str, to: str) -> HttpResponse:
    """Do what a button asks, say it or why not, and go on to the address."""
    try:
        work()
    except Refused as refused:
        shown_or_raised(request, refused)
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, said)
    return redirect(to)
