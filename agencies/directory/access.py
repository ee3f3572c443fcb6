"""Guards of pages: who may open one at all. What is on it is the policy's matter."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agencies.directory.roles import ROLES, Permission

View = Callable[..., HttpResponseBase]


def requires(permission: Permission) -> Callable[[View], View]:
    """Refuse with a reason (403) unless the acting appointment's role has the permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            check(request, permission)
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def check(request: HttpRequest, permission: Permission) -> None:
    """Raise PermissionDenied with a sentence that names the roles that could do it."""
    appointment = getattr(request, "appointment", None)
    if appointment is None:
        raise PermissionDenied("You hold no appointment that is in effect today. Ask your agency admin.")
    if not appointment.may(permission):
        holders = ", ".join(sheet.label for sheet in ROLES.values() if permission in sheet.permissions)
        raise PermissionDenied(f"Your role does not permit this. It is for: {holders}.")
