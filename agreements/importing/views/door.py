"""The import or row of a page, if it is the officer's agency's; hidden and unknown are the same 404 (R17)."""

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agencies.directory.models import Appointment
from agreements.importing.models import Import, ImportRow


def by_of(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def import_or_404(request: HttpRequest, pk: uuid.UUID) -> Import:
    rows = Import.objects.visible_to(by_of(request)).select_related("uploaded_by__officer", "worked_by__officer")
    return get_object_or_404(rows, pk=pk)


def row_or_404(request: HttpRequest, pk: uuid.UUID) -> ImportRow:
    rows = ImportRow.objects.visible_to(by_of(request)).select_related("of", "agreement", "attach_to")
    return get_object_or_404(rows, pk=pk)
