"""Fetch through the door; hidden and unknown are the same 404 (R17)."""

import uuid
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from agencies.directory.models import Appointment
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.policy import decide
from agreements.sharing.querysets import RecordQuerySet


def by_of(request: HttpRequest) -> Appointment:
    """The acting appointment. Where no guard has asked before, without one there is nothing to find."""
    if request.appointment is None:  # type: ignore[attr-defined]
        raise Http404
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def now_of(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined, no-any-return]


def visible(request: HttpRequest) -> RecordQuerySet:
    return Record.objects.visible_to(access_of(request))


def record_or_404(request: HttpRequest, pk: uuid.UUID) -> Record:
    return get_object_or_404(visible(request).select_related("owner__country", "operation", "author__agency"), pk=pk)


def own_or_refused(request: HttpRequest, record: Record, verb: str) -> None:
    """403 with the reason when the record is visible but the step is not the officer's."""
    decision = decide(access_of(request), record, verb)
    if not decision:
        raise PermissionDenied(decision.missing[0] if decision.missing else "")
