"""What pages of this room share."""

import uuid
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment


def by_of(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def now_of(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined, no-any-return]


def agency_or_404(pk: uuid.UUID) -> Agency:
    """One that has a page: its name is public in the installation."""
    return get_object_or_404(Agency.objects.known().select_related("country"), pk=pk)


def kept_or_403(request: HttpRequest, pk: uuid.UUID) -> Agency:
    """One whose contacts and tasks the officer keeps."""
    agency = get_object_or_404(Agency.objects.kept().select_related("country"), pk=pk)
    if not may_manage(agency, by_of(request)):
        raise PermissionDenied("Only an admin of the agency keeps its contacts.")
    return agency
