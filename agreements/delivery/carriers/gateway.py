"""Text messages through the HTTP gateway that an agency has: its templates, our placeholders, no content."""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, quote_plus

from agreements.delivery.carriers import http
from agreements.delivery.carriers.results import Result
from agreements.delivery.models import Outlet
from agreements.delivery.sealing import unseal
from agreements.delivery.wording import Notice
from portal.ui.errors import Refused

PLACEHOLDERS = {
    "number": "the officer's number",
    "text": "one line: that something needs the officer, how urgent, the reference, whom to call",
    "reference": "the alert's reference",
    "urgency": "Immediate, Expected …",
    "severity": "Extreme, Severe …",
    "address": "the portal's address",
    "call_back": "the agency's own duty desk",
    "id": "stays the same when a message is sent again",
}
_PLACE = re.compile(r"\{([^{}\s\"':,]*)\}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}")
MOST_HEADERS = 10
# What we say ourselves, and what belongs to the connection.
OURS = {"host", "content-length", "connection", "transfer-encoding", "te", "upgrade"}


def filled(template: str, values: Mapping[str, str], written: Callable[[str], str]) -> str:
    """A template with its placeholders replaced, each value `written` as the place needs it. What is no placeholder
    of ours stays: JSON has braces too."""
    return _PLACE.sub(lambda found: written(values[found[1]]) if found[1] in values else found[0], template)


def check_template(template: str, field: str) -> None:
    """Raise Refused for a placeholder that is none of ours."""
    unknown = [name for name in _PLACE.findall(template) if name and name not in PLACEHOLDERS]
    if unknown:
        raise Refused(f"There is no placeholder {{{unknown[0]}}}. There are: {', '.join(PLACEHOLDERS)}.", field=field)


def headers_of(text: str, field: str = "headers") -> dict[str, str]:
    """Headers from lines “Name: value”. Raises Refused at the field."""
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or not _HEADER.fullmatch(name) or name.lower() in OURS:
            raise Refused("Write one header a line, such as Authorization: Bearer …", field=field)
        if not value.isascii() or not value.isprintable():
            raise Refused("A header holds printable ASCII alone.", field=field)
        found[name] = value
    if len(found) > MOST_HEADERS:
        raise Refused(f"Give {MOST_HEADERS} headers at most.", field=field)
    return found


def _writer(headers: Mapping[str, str]) -> Callable[[str], str]:
    """How a value is written into the body, by the type that the headers give it."""
    kind = next((value.lower() for name, value in headers.items() if name.lower() == "content-type"), "")
    if "json" in kind:
        return lambda value: json.dumps(value)[1:-1]
    if "x-www-form-urlencoded" in kind:
        return quote_plus
    if "xml" in kind:
        return lambda value: value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return lambda value: value


def request_of(outlet: Outlet, notice: Notice, number: str, key: str) -> tuple[str, dict[str, str], bytes]:
    """Address, headers and body of one text message."""
    values = {
        "number": number,
        "text": notice.text,
        "reference": notice.first.reference,
        "urgency": notice.first.urgency,
        "severity": notice.first.severity,
        "address": notice.address,
        "call_back": notice.call_back,
        "id": key,
    }
    headers = headers_of(unseal(outlet.headers))
    url = filled(outlet.url, values, lambda value: quote(value, safe=""))
    body = filled(outlet.body, values, _writer(headers)).encode()
    plain = {
        name: filled(value, values, lambda text: text.encode("ascii", "ignore").decode())
        for name, value in headers.items()
    }
    return url, plain, body


def send(outlet: Outlet, notice: Notice, number: str, key: str) -> Result:
    """Hand one text message to the gateway."""
    url, headers, body = request_of(outlet, notice, number, key)
    return http.send(outlet.method, url, headers, body)
