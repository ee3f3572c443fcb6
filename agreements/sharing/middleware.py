"""Gives every request its access, worked out at first use and forgotten with the request (R13); and the second lock
its key, so that the database shows this request nothing that the access does not cover."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from agreements.sharing.locking import key_of
from agreements.sharing.policy import Access, gradual_access
from portal import second_lock


def access_of(request: HttpRequest) -> Access:
    """The access of the acting appointment. API requests set the appointment while they authenticate."""
    return cast(Access, request.access)  # type: ignore[attr-defined]


def _acting(request: HttpRequest) -> object:
    appointment = access_of(request).appointment
    return appointment and appointment.pk


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: gradual_access(request.appointment, request.now)  # type: ignore[attr-defined]
        )
        with second_lock.fed(lambda: key_of(access_of(request)), lambda: _acting(request)):
            response = self.get_response(request)
        # Neither a browser nor a proxy keeps what was shown: asked again, it is judged again (R13).
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
