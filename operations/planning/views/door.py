"""Fetch through the door. Hidden and unknown are the same 404 (R17)."""

import uuid
from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agencies.directory.models import Appointment
from agreements.sharing.middleware import access_of
from operations.planning.models import Operation


def by_of(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined]


def now_of(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined]


def operation_or_404(request: HttpRequest, pk: uuid.UUID) -> Operation:
    return get_object_or_404(Operation.objects.visible_to(access_of(request)).with_basis(), pk=pk)
