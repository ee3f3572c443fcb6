"""The server's half of the key that seals what lies on an officer's device (ADR 32).

Worked out from the portal's own key, so that nothing is stored: `SECRET_KEY`, then each of `SECRET_KEY_FALLBACKS`. A
device wraps its key anew under the first when it was opened by an older one.
"""

import base64
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "operations.device"


@dataclass(frozen=True)
class Secret:
    """`id` tells which key of the portal it was made with, and nothing of that key."""

    id: str
    secret: str


def secrets_of(officer: uuid.UUID) -> list[Secret]:
    """Newest first. 32 bytes each, as base64."""
    return [_made_with(key, officer) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _made_with(key: str, officer: uuid.UUID) -> Secret:
    name = salted_hmac(f"{SALT}.name", "", secret=key, algorithm="sha256").hexdigest()[:12]
    digest = salted_hmac(f"{SALT}.secret", str(officer), secret=key, algorithm="sha256").digest()
    return Secret(name, base64.b64encode(digest).decode())
