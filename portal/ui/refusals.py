"""What a page makes of a refusal: at the field with the input kept, above the page, or 404 and 403 where it is a
matter of rights. Hidden and unknown are the same 404 (R17)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.ui.errors import Refused

OF_RIGHTS = ("not_found", "forbidden")


def require(allowed: bool, reason: str) -> None:
    """403 with the reason for a step that is not the officer's to take, or that the state does not allow."""
    if not allowed:
        raise PermissionDenied(reason)


def answer(refused: Refused) -> Exception:
    """What a refusal becomes when no form can show it: 404, or 403 with the reason."""
    return Http404() if refused.code == "not_found" else PermissionDenied(refused.message)


def place(form: BaseForm, refused: Refused) -> None:
    """Put a refusal at its field, or above the form when it has no such field."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def placed_or_raised(form: BaseForm, refused: Refused) -> None:
    """Show a refusal at the form's field, the input kept; raise what is a matter of rights."""
    if refused.code in OF_RIGHTS:
        raise answer(refused)
    place(form, refused)


def shown_or_raised(request: HttpRequest, refused: Refused) -> None:
    """Say a refusal of the state above the page; raise what is a matter of rights."""
    if refused.code in OF_RIGHTS:
        raise answer(refused)
    messages.error(request, refused.message)


def filled(form: BaseForm, work: Callable[[], Any]) -> Any:
    """What the action gave, or None with its refusal at the field: also of rights, so that the input is kept."""
    try:
        return work()
    except Refused as refused:
        if refused.code == "not_found":
            raise answer(refused) from refused
        place(form, refused)
        return None


def acted(request: HttpRequest, work: Callable[[], Any], said: str, to: str, *keys: Any) -> HttpResponse:
    """Do what a button asks, say it or why not, and go to the page of that name."""
    try:
        work()
    except Refused as refused:
        shown_or_raised(request, refused)
    else:
        messages.success(request, said)
    return redirect(to, *keys)
