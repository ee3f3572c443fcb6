"""Every exception a view lets out, as problem details. `problem_response` is DRF's exception handler."""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    ValidationError,
)
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from portal.api.problems import NOT_FOUND, UNAVAILABLE, Problem
from portal.ui.errors import Refused

logger = logging.getLogger(__name__)

# Codes of Refused with a status of their own. Otherwise: 422 when a field is to blame, else 409.
REFUSED_STATUS = {
    "forbidden": 403,
    "permission": 403,
    "not_found": 404,
    "invalid": 422,
    "conflict": 409,
    "too_many": 429,
    "stale": 412,
}


def problem_response(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The problem for `error`, or None for what is a bug: that becomes a 500 and is logged with its trace."""
    for kinds, answer in _ANSWERS:
        if isinstance(error, kinds):
            set_rollback()
            return answer(error).response(getattr(context.get("request"), "_request", None))
    return None


def _refused(error: Exception) -> Problem:
    refusal = cast(Refused, error)
    status = REFUSED_STATUS.get(refusal.code, 422 if refusal.field else 409)
    if status == 404:
        return NOT_FOUND
    errors = tuple({"field": field, "message": message} for field, message in refusal.faults)
    return Problem(status, refusal.message, code=refusal.code, errors=errors, reasons=tuple(refusal.reasons))


def _invalid(error: Exception) -> Problem:
    detail = cast(exceptions.ValidationError, error).detail
    return Problem(400, "The request is not valid. Nothing was changed.", code="invalid", errors=flat(detail))


def _model_invalid(error: Exception) -> Problem:
    invalid = cast(ValidationError, error)
    messages: Any = invalid.message_dict if hasattr(invalid, "error_dict") else invalid.messages
    return Problem(400, "The request is not valid. Nothing was changed.", code="invalid", errors=flat(messages))


def _denied(error: Exception) -> Problem:
    return Problem(403, str(error) or "Your role does not permit this.", code="forbidden")


def _of_framework(error: Exception) -> Problem:
    failure = cast(exceptions.APIException, error)
    headers = {}
    if header := getattr(failure, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(failure, "wait", None):
        headers["Retry-After"] = f"{max(int(wait), 1)}"
    detail = failure.detail
    code = getattr(detail, "code", "") if isinstance(detail, str) else ""
    if isinstance(detail, str):
        return Problem(failure.status_code, detail, code=code, headers=headers)
    return Problem(failure.status_code, code=code, errors=flat(detail), headers=headers)


def _missing(error: Exception) -> Problem:
    return NOT_FOUND


def _away(error: Exception) -> Problem:
    logger.error("The database does not answer: %s", type(error).__name__)
    return UNAVAILABLE


def _conflict(error: Exception) -> Problem:
    # The database's own words would name keys and values of rows the reader may not see.
    logger.exception("A constraint refused a write that no action had refused.", exc_info=error)
    return Problem(409, "This conflicts with what is stored. Read it again, then repeat the change.", code="conflict")


def _unstorable(error: Exception) -> Problem:
    return Problem(400, "The request holds a value that cannot be stored. Nothing was changed.", code="invalid")


def _too_big(error: Exception) -> Problem:
    return Problem(413, "The request is larger than the portal accepts.")


def _suspicious(error: Exception) -> Problem:
    return Problem(400, "The request cannot be read.")


# The first kind that fits answers.
_ANSWERS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Exception], Problem]], ...] = (
    (Refused, _refused),
    ((Http404, exceptions.NotFound), _missing),
    (PermissionDenied, _denied),
    (exceptions.ValidationError, _invalid),
    (exceptions.APIException, _of_framework),
    (ValidationError, _model_invalid),
    ((RequestDataTooBig, TooManyFieldsSent), _too_big),
    (SuspiciousOperation, _suspicious),
    ((OperationalError, InterfaceError), _away),
    (IntegrityError, _conflict),
    (DataError, _unstorable),
)


def flat(detail: Any, path: str = "") -> tuple[dict[str, str], ...]:
    """DRF's nested messages as {field, message} each; a field inside a list is `clauses[0].article`."""
    return tuple(_flat(detail, path))


def _flat(detail: Any, path: str) -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _flat(inner, _below(path, name))
    elif isinstance(detail, list | tuple):
        for number, inner in enumerate(detail):
            yield from _flat(inner, path if isinstance(inner, str) else f"{path}[{number}]")
    else:
        yield {"field": path, "message": str(detail)}


def _below(path: str, name: Any) -> str:
    if name in ("non_field_errors", "__all__"):
        return path
    if isinstance(name, int):
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else str(name)
