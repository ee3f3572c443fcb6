"""Panels: operations in common with an agency or a country, and who can talk to whom in an operation."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.channels.matrix import interoperability
from agencies.directory.access import requires
from agencies.directory.models import Agency, Country
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from operations.planning.common import in_common
from operations.planning.presenting import participations
from operations.planning.views.door import by_of, now_of, operation_or_404
from portal.ui.marking import highest

PAGE = 10


@requires(Permission.DIRECTORY_VIEW)
def agency_operations(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Operations in which the agency leads or takes part, of those that the reader sees."""
    agency = get_object_or_404(Agency.objects.known(), pk=pk)
    return _listed(request, {agency.pk} - by_of(request).agencies)


@requires(Permission.DIRECTORY_VIEW)
def country_operations(request: HttpRequest, code: str) -> HttpResponse:
    """The same of all agencies of a country."""
    country = get_object_or_404(Country, pk=code.replace("\x00", ""))
    return _listed(request, set(country.agencies.values_list("pk", flat=True)) - by_of(request).agencies)


def _listed(request: HttpRequest, others: set[uuid.UUID]) -> HttpResponse:
    found = in_common(access_of(request), others)
    shown = [row.record for row in found[:PAGE]]
    disclose(request, shown)
    context = {
        "rows": found[:PAGE],
        "more": len(found) - PAGE,
        "page_marking": highest(shown),
        "as_of": now_of(request),
    }
    return render(request, "planning/operations_in_common.html", context)


@requires(Permission.OPERATION_VIEW)
def operation_channels(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who of those that take part, as far as the reader may know them, can talk to whom now."""
    operation, by, now = operation_or_404(request, pk), by_of(request), now_of(request)
    disclose(request, [operation.record])
    agencies = [part.agency_id for part in participations(operation.record, by, now)]
    context = {
        "operation": operation,
        "found": interoperability(by, now, agencies),
        "page_marking": highest([operation.record]),
        "as_of": now,
    }
    return render(request, "planning/operation_channels.html", context)
