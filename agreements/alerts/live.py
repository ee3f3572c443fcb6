"""Open pages learn at once that an officer's alerts changed. Only that: what changed is asked through the door."""

import uuid
from collections.abc import Iterable, Sequence

from django.http import HttpRequest

from agreements.alerts.models import Alert
from portal.live import telling

WORD = "alerts"


def topics(request: HttpRequest) -> list[str]:
    """What the pages of the acting officer listen to: alerts of the appointment, and what its agencies do."""
    by = getattr(request, "appointment", None)
    return [] if by is None else [str(by.pk), *map(str, by.agencies)]


def tell(whom: Iterable[uuid.UUID]) -> None:
    """Their alerts changed: appointments by key."""
    telling.tell(WORD, map(str, whom))


def tell_new(new: Sequence[Alert]) -> None:
    """These alerts came."""
    tell({alert.appointment_id for alert in new})
