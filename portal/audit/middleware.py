"""Tells the ledger through which door a request comes in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from portal.audit import door


class DoorMiddleware:
    """Sets `request.request_id` and the door; `X-Request-ID` in the answer leads back to the entries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = door.enter(self.side(request))
        request.request_id = door.current().request_id  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            door.leave(before)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        name = match.view_name if match else ""
        # Left again in __call__, which resets to what was before the request.
        door.enter(f"{self.side(request)} {name}".strip(), request.request_id)  # type: ignore[attr-defined]

    @staticmethod
    def side(request: HttpRequest) -> str:
        return "api" if request.path.startswith("/api/") else "page"
