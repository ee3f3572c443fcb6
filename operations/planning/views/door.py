"""Fetch through the door, and turn refusals into answers. Hidden and unknown are the same 404 (R17)."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from agencies.directory.models import Appointment
from agreements.sharing.middleware import access_of
from operations.planning.forms.fields import place
from operations.planning.models import Operation
from portal.ui.errors import Refused

OF_RIGHTS = ("not_found", "forbidden")


def by_of(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined]


def now_of(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined]


def operation_or_404(request: HttpRequest, pk: uuid.UUID) -> Operation:
    return get_object_or_404(Operation.objects.visible_to(access_of(request)).with_basis(), pk=pk)


def answer(refused: Refused) -> Exception:
    """What a refusal becomes when no form can show it: 404, or 403 with the reason."""
    return Http404() if refused.code == "not_found" else PermissionDenied(refused.message)


def shown_or_raised(request: HttpRequest, refused: Refused) -> None:
    """Say a refusal of the state above the page; raise what is a matter of rights."""
    if refused.code in OF_RIGHTS:
        raise answer(refused)
    messages.error(request, refused.message)


def placed_or_raised(form: Any, refused: Refused) -> None:
    """Show a refusal at the form's field, the input kept; raise what is a matter of rights."""
    if refused.code in OF_RIGHTS:
        raise answer(refused)
    place(form, refused)
