"""ETag and If-Match: an edit names the version it was made from, so nobody overwrites what they have not read."""

import re
from typing import Any

from rest_framework.exceptions import APIException
from rest_framework.request import Request


class PreconditionRequired(APIException):
    status_code = 428
    default_detail = "Send the ETag of the version you read as If-Match."
    default_code = "precondition_required"


class PreconditionFailed(APIException):
    status_code = 412
    default_detail = "This was changed since you read it. Read it again, then repeat your change."
    default_code = "stale"


def etag_of(row: Any) -> str:
    """`"3"` for a row of version 3; empty for what has no version."""
    version = getattr(row, "version", None)
    return "" if version is None else f'"{version}"'


def expected_version(request: Request) -> int:
    """The version the client read. Raise 428 when If-Match is missing, 412 when it is not one of ours."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired
    match = re.fullmatch(r'(?:W/)?"([0-9]{1,18})"', header)
    if match is None:
        raise PreconditionFailed
    return int(match[1])


def check_version(request: Request, row: Any) -> int:
    """Raise 412 unless the client read the row's present version; the version otherwise."""
    version = expected_version(request)
    if version != row.version:
        raise PreconditionFailed
    return version
