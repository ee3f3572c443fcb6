"""What is logged in an operation: the version that counts, earlier ones, a panel, a file."""

import json
import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.policy import decide
from operations.types import presenting
from operations.types.models import Catalogue
from operations.types.views.door import by_of, chosen, now_of, operation_or_404, versions_of
from portal.ui.marking import highest


def _may_set(request: HttpRequest, operation: Record) -> bool:
    by = by_of(request)
    return operation.owner_id in by.agencies and by.may(Permission.OPERATION_PLAN)


@requires(Permission.OPERATION_VIEW)
@require_GET
def operation_types(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the operation's page."""
    operation = operation_or_404(request, pk)
    row = presenting.current(operation)
    disclose(request, [operation])
    context = {
        "operation": operation,
        "row": row,
        "previews": presenting.previews(row.read if row else (), presenting.languages_of(by_of(request))),
        "may_set": _may_set(request, operation),
        "page_marking": highest([operation]),
    }
    return render(request, "types/operation_types.html", context)


@requires(Permission.OPERATION_VIEW)
@require_GET
def catalogue(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The types with their fields, as on the phone; earlier versions at their number."""
    operation = operation_or_404(request, pk)
    rows = versions_of(request, operation)
    row = chosen(request, rows)
    disclose(request, [operation])
    published = [each for each in rows if not each.is_draft]
    context = {
        "operation": operation,
        "row": row,
        "is_current": row is not None and row is published[0],
        "versions": published,
        "draft": next((each for each in rows if each.is_draft), None),
        "previews": presenting.previews(row.read if row else (), presenting.languages_of(by_of(request))),
        "may_set": _may_set(request, operation),
        "page_marking": highest([operation]),
        "as_of": now_of(request),
    }
    return render(request, "types/catalogue.html", context)


@requires(Permission.OPERATION_VIEW)
@require_GET
def schema_export(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A version as a file: JSON Schema 2020-12."""
    operation = operation_or_404(request, pk)
    row = chosen(request, versions_of(request, operation))
    if row is None:
        raise Http404
    decision = decide(access_of(request), operation, "export")
    if not decision:
        raise PermissionDenied(decision.missing[0])
    disclose(request, [operation])
    return schema_file(row, f"observation-types-{slugify(operation.reference)}-{row.number}.schema.json")


def schema_file(row: Catalogue, name: str) -> HttpResponse:
    text = json.dumps(row.schema, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/schema+json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
