"""API keys: made once, shown once, kept as a digest."""

import hashlib
import secrets
from datetime import datetime, timedelta

from agencies.directory.models import AccessToken, Appointment

LIFETIME = timedelta(hours=12)


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def issue(appointment: Appointment, at: datetime) -> str:
    """Make a key for the appointment, good for twelve hours, and return it in clear."""
    key = secrets.token_urlsafe(32)
    AccessToken.objects.create(appointment=appointment, digest=digest_of(key), created_at=at, expires_at=at + LIFETIME)
    return key


def find(key: str, at: datetime) -> AccessToken | None:
    """The live token of that key whose appointment is still in effect, or None."""
    token = (
        AccessToken.objects.filter(digest=digest_of(key), revoked_at=None, expires_at__gt=at)
        .select_related("appointment__officer", "appointment__agency__country")
        .first()
    )
    return token if token and token.appointment.is_in_effect(at) else None
