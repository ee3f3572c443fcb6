"""The page behind the link of an invitation: for a person without an account.

A link that is unknown, used, too old or withdrawn gets the very same answer, in the same time (R17).
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from rest_framework.throttling import SimpleRateThrottle

from agencies.onboarding.actions import answering
from agencies.onboarding.forms import AcceptForm, WordsForm
from agencies.onboarding.models import Invitation
from portal.ui.errors import Refused
from portal.ui.refusals import place

LONGEST_KEY = 64


class LinkThrottle(SimpleRateThrottle):
    """How often one address may try links, right or wrong."""

    scope = "invitation"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


@login_not_required
@never_cache
def invited(request: HttpRequest, key: str) -> HttpResponse:
    """Who invites and what for; a form to accept with, and one to decline with."""
    if not LinkThrottle().allow_request(request, None):  # type: ignore[arg-type]
        return _quiet(render(request, "onboarding/invited_slow.html", status=429))
    row = answering.find(key[:LONGEST_KEY])
    if row is None:
        return _quiet(render(request, "onboarding/invited_gone.html", status=404))
    answering.open_link(invitation=row)
    declines = request.method == "POST" and "decline" in request.POST
    form = AcceptForm(request.POST if request.method == "POST" and not declines else None, initial=_facts(row))
    words = WordsForm(request.POST if declines else None, required=False, label="Why not (if you like)")
    done = _declined(request, key, words) if declines else _accepted(request, key, form)
    if done is not None:
        return _quiet(done)
    return _quiet(render(request, "onboarding/invited.html", {"row": row, "form": form, "words_form": words}))


def _facts(row: Invitation) -> dict[str, Any]:
    return {name: getattr(row, name) for name in answering.FACTS if name != "time_zone" or row.time_zone != "UTC"}


def _accepted(request: HttpRequest, key: str, form: AcceptForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    values = {name: value for name, value in form.cleaned_data.items() if name != "sure"}
    try:
        answering.accept(key=key, **values)
    except Refused as refused:
        if refused.code == "not_found":
            return render(request, "onboarding/invited_gone.html", status=404)
        place(form, refused)
        return None
    return render(request, "onboarding/invited_thanks.html", {"accepted": True})


def _declined(request: HttpRequest, key: str, form: WordsForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        answering.decline(key=key, words=form.cleaned_data["words"])
    except Refused:
        return render(request, "onboarding/invited_gone.html", status=404)
    return render(request, "onboarding/invited_thanks.html", {"accepted": False})


def _quiet(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no search engine keeps it, no other page is told it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "strict-origin"
    return response
