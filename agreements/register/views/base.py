"""Sight of one agreement, for each page of the register."""

import uuid
from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agencies.directory.models import Appointment
from agreements.register.forms import DayForm
from agreements.register.models import Agreement


def acting(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def visible_agreement(request: HttpRequest, pk: uuid.UUID) -> Agreement:
    rows = Agreement.objects.visible_to(acting(request)).select_related("made_under__agreement")
    return get_object_or_404(rows.prefetch_related("parties__country"), pk=pk)


def day_asked(request: HttpRequest) -> tuple[date | None, DayForm]:
    """The day of `?on=`, None for today; and the form with what is wrong about it."""
    form = DayForm(request.GET if "on" in request.GET else None)
    return (form.cleaned_data["on"] if form.is_valid() else None), form
