"""Photographs, sent as long as they may be seen (R13)."""

import uuid

from django.db.models.fields.files import FieldFile
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing.locking import key_of
from agreements.sharing.policy import access
from operations.patrols.models import Observation
from portal import second_lock
from portal.sending import pieces


def sees_now(by: uuid.UUID, observation: uuid.UUID) -> bool:
    """Whether the appointment sees the entry at this moment, asked anew from the database and behind the lock."""
    appointment = Appointment.objects.select_related("officer", "agency__country", "unit").filter(pk=by).first()
    now = access(appointment, timezone.now())
    with second_lock.fed(lambda: key_of(now)):
        return Observation.objects.visible_to(now).filter(pk=observation).exists()


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
