"""Under /api/ every error is a problem, also those that never reach a view of the API; nothing is cached."""

from collections.abc import Callable
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from portal.api.problems import CONTENT_TYPE, NOT_FOUND, UNAVAILABLE, Problem

_DETAIL = {
    400: "The request cannot be read.",
    403: "The request was refused. Sign in again, or send the cross-site token with it.",
    413: "The request is larger than the portal accepts.",
    500: "Something went wrong on our side. Nothing was changed; it has been logged.",
}
# Passed on from the answer that is replaced.
_KEPT = ("Retry-After", "WWW-Authenticate", "Allow", "X-Request-ID")


class ProblemMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/api/"):
            return response
        if response.status_code >= 400 and not response.get("Content-Type", "").startswith(CONTENT_TYPE):
            response = self._as_problem(request, response)
        response["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The database went away before or after the view itself, while its transaction began or ended."""
        if request.path.startswith("/api/") and isinstance(error, OperationalError | InterfaceError):
            return UNAVAILABLE.response(request)
        return None

    @staticmethod
    def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        status = response.status_code
        known = {404: NOT_FOUND, 503: UNAVAILABLE}
        problem = known.get(status) or Problem(status, _DETAIL.get(status, HTTPStatus(status).description))
        answer = problem.response(request)
        for name in _KEPT:
            if name in response:
                answer[name] = response[name]
        return answer
