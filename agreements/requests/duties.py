"""Access requests that an officer sent and nobody has answered: whoever asks reads the answer, so another must ask."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agencies.postings.duties import Duty, Words, register
from agreements.requests.choices import State
from agreements.requests.models import AccessRequest
from agreements.sharing.duties import of_table
from portal.ui.errors import Refused


def _sent() -> "QuerySet[AccessRequest]":
    return AccessRequest.objects.filter(state=State.SENT, lapses_at__gt=timezone.now())


def _read(keys: Collection[str], reader: Appointment, at: datetime) -> dict[str, Words]:
    """The own ones: an officer's references are not the colleagues' to read."""
    rows = AccessRequest.objects.filter(pk__in=keys, asked_by__in=reader.chain)
    return {str(row.pk): Words(row.reference, reverse("requests:request-detail", args=[row.pk])) for row in rows}


def _move(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    row = AccessRequest.objects.select_for_update().get(pk=key)
    if not taker.may(Permission.ACCESS_REQUEST):
        raise Refused("The successor's role asks for no access.", code="forbidden")
    same = AccessRequest.objects.filter(agency=row.agency_id, reference=row.reference, asked_by=taker, state=State.SENT)
    if same.exists():
        raise Refused("The successor has asked for the same already.", code="conflict")
    row.asked_by = taker
    row.save(update_fields=["asked_by"])


def register_all() -> None:
    register(
        Duty(
            "access_requests",
            "access requests without an answer",
            "access request without an answer",
            of_table(_sent, "asked_by"),
            _read,
            _move,
            order=60,
            reserved=True,
        )
    )
