"""Sight of one agreement, for each page of the register."""

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agencies.directory.models import Appointment
from agreements.register.models import Agreement


def acting(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def visible_agreement(request: HttpRequest, pk: uuid.UUID) -> Agreement:
    rows = Agreement.objects.visible_to(acting(request)).select_related("made_under__agreement")
    return get_object_or_404(rows.prefetch_related("parties__country"), pk=pk)
