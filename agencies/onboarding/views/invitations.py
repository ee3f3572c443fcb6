"""Pages of invitations, as treaty admins and system admins see them."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agencies.onboarding.actions import inviting
from agencies.onboarding.choices import State
from agencies.onboarding.forms import InvitationForm, StateForm, WordsForm
from agencies.onboarding.mailing import reference
from agencies.onboarding.models import Invitation
from agencies.onboarding.views.parts import by_of, now_of
from portal.ui.refusals import acted, filled

MOST = 100
WORDS = {"name": "Name", "native_name": "Own name", "acronym": "Acronym", "kind": "Kind"}


@requires(Permission.AGENCY_INVITE)
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Invitations of the own state and of agencies of it, newest first; `?state=`: those alone."""
    form, now = StateForm(request.GET or None), now_of(request)
    rows = Invitation.objects.visible_to(by_of(request)).with_words()
    chosen = form.cleaned_data["state"] if form.is_bound and form.is_valid() else ""
    found = list((rows.in_state(chosen, now) if chosen else rows)[: MOST + 1])
    context = {"form": form, "rows": found[:MOST], "more": len(found) > MOST, "as_of": now}
    return render(request, "onboarding/invitation_list.html", context)


@requires(Permission.AGENCY_INVITE)
def invitation_create(request: HttpRequest) -> HttpResponse:
    """Invite an agency."""
    by = by_of(request)
    form = InvitationForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        row = filled(form, lambda: inviting.invite(by=by, **form.cleaned_data))
        if row is not None:
            messages.success(request, f"The invitation of {row} is on its way. It opens nothing.")
            return redirect("onboarding:invitation-detail", pk=row.pk)
    context = {"form": form, "days": settings.INVITATION_DAYS}
    return render(request, "onboarding/invitation_create.html", context)


@requires(Permission.AGENCY_INVITE)
def invitation_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far it has come, what was corrected, who shall be its admin, and what comes next."""
    row, by = _row(request, pk), by_of(request)
    state = row.state
    fresh = state in (State.SENT, State.OPENED, State.EXPIRED)
    context = {
        "row": row,
        "state": state,
        "reference": reference(row),
        "corrected": _corrected(row),
        "may_send": fresh and inviting.may_send(row, by),
        "may_withdraw": (fresh or state == State.ACCEPTED) and inviting.may_send(row, by),
        "may_release": state == State.ACCEPTED and inviting.may_release(row, by),
        "waits": state == State.ACCEPTED,
        "words_form": WordsForm(label="Why not", hint="The inviting side reads it."),
        "as_of": now_of(request),
    }
    return render(request, "onboarding/invitation_detail.html", context)


def _corrected(row: Invitation) -> list[tuple[str, str, str]]:
    """(what, as invited, as confirmed)"""
    kinds: dict[str, str] = {value: str(label) for value, label in Agency.Kind.choices}
    found = []
    for name, before in row.as_invited.items():
        after = getattr(row, name)
        pair = (kinds.get(before, before), kinds.get(after, after)) if name == "kind" else (before, after)
        found.append((WORDS.get(name, name), *pair))
    return found


@requires(Permission.AGENCY_INVITE)
@require_POST
def invitation_resend(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _row(request, pk)
    work = lambda: inviting.resend(invitation=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Sent again. The earlier link works no more.", "onboarding:invitation-detail", pk)


@requires(Permission.AGENCY_INVITE)
@require_POST
def invitation_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _row(request, pk)
    work = lambda: inviting.withdraw(invitation=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Withdrawn. Its link works no more.", "onboarding:invitation-detail", pk)


@requires(Permission.AGENCY_INVITE)
@require_POST
def invitation_release(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _row(request, pk)
    said = f"{row} is let in. Its admin gets the link for the first password by mail."
    return acted(
        request, lambda: inviting.release(invitation=row, by=by_of(request)), said, "onboarding:invitation-detail", pk
    )


@requires(Permission.AGENCY_INVITE)
@require_POST
def invitation_refuse(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, words = _row(request, pk), request.POST.get("words", "").replace("\x00", "")[:500]
    work: Any = lambda: inviting.refuse(invitation=row, words=words, by=by_of(request))  # noqa: E731
    return acted(request, work, "It is not let in. The inviting side reads why.", "onboarding:invitation-detail", pk)


def _row(request: HttpRequest, pk: uuid.UUID) -> Invitation:
    rows = Invitation.objects.visible_to(by_of(request)).with_words().select_related("invited_by__officer")
    return get_object_or_404(rows, pk=pk)
