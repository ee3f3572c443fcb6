"""Sets `request.now` and `request.appointment` for every request: nothing about access outlives it (R13)."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from agencies.directory.acting import appointments_in_effect, chosen_of
from agencies.directory.dormancy import is_dormant
from agencies.directory.models import Officer
from portal.positions import notations

SESSION_KEY = "acting_appointment"


def _unwrap(request: HttpRequest) -> Officer | None:
    user = request.user
    return user if getattr(user, "is_authenticated", False) else None  # type: ignore[return-value]


class ActingMiddleware:
    """One instant and one appointment per request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        officer = _unwrap(request)
        if officer and is_dormant(officer, request.now):  # type: ignore[attr-defined]
            logout(request)
            officer = None
        chosen = request.session.get(SESSION_KEY)
        current = appointments_in_effect(officer, request.now) if officer else []  # type: ignore[attr-defined]
        request.appointments = current  # type: ignore[attr-defined]
        request.appointment = chosen_of(current, chosen)  # type: ignore[attr-defined]
        notations.activate(officer.notation if officer else "")
        if officer and officer.time_zone:
            timezone.activate(officer.time_zone)
        elif request.appointment:  # type: ignore[attr-defined]
            timezone.activate(request.appointment.agency.time_zone)  # type: ignore[attr-defined]
        else:
            timezone.deactivate()
        return self.get_response(request)
