"""Photographs, piece by piece: a download that is under way ends with the right to see it (R13)."""

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models.fields.files import FieldFile
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing.locking import key_of
from agreements.sharing.policy import access
from operations.patrols.models import Observation
from portal import second_lock

# Bytes of one piece; after so many seconds the next one is sent only once the policy was asked again.
PIECE = 64 * 1024
ASK_AFTER = 0.5


class Closed(Exception):
    """The right to see it ended while it was sent. The connection breaks off: what came is not the whole file."""


def sees_now(by: uuid.UUID, observation: uuid.UUID) -> bool:
    """Whether the appointment sees the entry at this moment, asked anew from the database and behind the lock."""
    appointment = Appointment.objects.select_related("officer", "agency__country", "unit").filter(pk=by).first()
    now = access(appointment, timezone.now())
    with second_lock.fed(lambda: key_of(now)):
        return Observation.objects.visible_to(now).filter(pk=observation).exists()


def pieces(file: Any, still: Callable[[], bool]) -> Iterator[bytes]:
    """The file, as long as `still` says yes. Raises Closed when it says no."""
    asked = time.monotonic()
    with file:
        while piece := file.read(PIECE):
            if time.monotonic() - asked > ASK_AFTER:
                if not still():
                    raise Closed
                asked = time.monotonic()
            yield piece


def served(stored: FieldFile, *, by: Appointment, observation: uuid.UUID) -> StreamingHttpResponse:
    """A JPEG, which it is; never cached, for the right to see it may end with the next click. Raises Http404."""
    try:
        file = stored.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    key = by.pk
    response = StreamingHttpResponse(pieces(file, lambda: sees_now(key, observation)), content_type="image/jpeg")
    response["Content-Length"] = str(stored.size)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
