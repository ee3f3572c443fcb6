"""What the answer to a request of ours means, for webhooks and gateways alike."""

import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPException

from agreements.delivery.carriers import outbound
from agreements.delivery.carriers.results import Result
from agreements.delivery.choices import Outcome
from portal.ui.errors import Refused

GONE = 410
# What an agency's admin reads; the first that fits.
WORDS: list[tuple[type[Exception], str]] = [
    (socket.gaierror, "no such host"),
    (ssl.SSLCertVerificationError, "certificate not trusted"),
    (ssl.SSLError, "no TLS"),
    (TimeoutError, "no answer in time"),
    (ConnectionRefusedError, "connection refused"),
    (ConnectionError, "connection lost"),
]


def send(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Result:
    """2xx is taken. A redirect is followed nowhere and refused, as is what is gone; all else is tried again."""
    try:
        status = outbound.ask(method, url, headers, body)
    except (outbound.Forbidden, Refused):
        return Result(Outcome.REFUSED, "private address")
    except (OSError, HTTPException, ValueError) as error:
        return Result(Outcome.LATER, _words(error))
    if 200 <= status < 300:
        return Result(Outcome.ACCEPTED, str(status))
    refused = 300 <= status < 400 or status == GONE
    return Result(Outcome.REFUSED if refused else Outcome.LATER, str(status))


def _words(error: Exception) -> str:
    return next((words for kind, words in WORDS if isinstance(error, kind)), type(error).__name__)
