"""Problem details (RFC 9457): how every error of the API looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

CONTENT_TYPE = "application/problem+json"
# Seconds after which a client may try again when the database was away.
RETRY_AFTER = 5


@dataclass(frozen=True)
class Problem:
    """`code` names the type of the problem; without one, the type says no more than the status does."""

    status: int
    detail: str = ""
    code: str = ""
    errors: tuple[Mapping[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, request: HttpRequest | None = None) -> JsonResponse:
        """The answer. `instance` names the request, as the ledger and the log do; a 404 is the same for all."""
        body: dict[str, Any] = {
            "type": f"urn:entente:problem:{self.code}" if self.code else "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
        }
        request_id = getattr(request, "request_id", "") if self.status != 404 else ""
        members = {
            "detail": self.detail,
            "instance": f"urn:entente:request:{request_id}" if request_id else "",
            "errors": [dict(error) for error in self.errors],
            "reasons": list(self.reasons),
        }
        body.update({name: value for name, value in members.items() if value})
        headers = {"Cache-Control": "no-store", **self.headers}
        return JsonResponse(body, status=self.status, content_type=CONTENT_TYPE, headers=headers)


# The same bytes for what is not there and for what may not be seen: the answer must not tell which.
NOT_FOUND = Problem(404, "There is nothing here that you may see.")
UNAVAILABLE = Problem(
    503,
    "The database does not answer at the moment. Nothing was changed; try again.",
    headers={"Retry-After": str(RETRY_AFTER)},
)
