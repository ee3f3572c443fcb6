"""Fetch through the door. Hidden and unknown are the same 404 (R17)."""

import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.planning.views.door import by_of, now_of
from operations.types import presenting
from operations.types.definitions import Field, Type
from operations.types.models import Catalogue

__all__ = ["by_of", "now_of"]


def operation_or_404(request: HttpRequest, pk: uuid.UUID) -> Record:
    rows = Record.objects.visible_to(access_of(request)).of_kind("operation").select_related("owner__country")
    return get_object_or_404(rows, pk=pk)


def versions_of(request: HttpRequest, operation: Record) -> list[Catalogue]:
    """Every version that the reader may see, the draft first."""
    rows = Catalogue.objects.visible_to(access_of(request)).with_words().filter(record=operation)
    return list(rows)


def chosen(request: HttpRequest, rows: Sequence[Catalogue]) -> Catalogue | None:
    """The published version that the address names, or the one that counts."""
    published = [row for row in rows if not row.is_draft]
    number = request.GET.get("version", "")
    if not number:
        return published[0] if published else None
    row = next((row for row in published if str(row.number) == number), None)
    if row is None:
        raise Http404
    return row


def draft_or_404(request: HttpRequest, pk: uuid.UUID) -> tuple[Record, Catalogue]:
    """The operation and its draft, for officers of its owner. Partners are told that it is the owner's work."""
    operation = operation_or_404(request, pk)
    if operation.owner_id not in by_of(request).agencies:
        raise PermissionDenied(f"Only {operation.owner.short} says what is logged, and with which fields.")
    row = next((row for row in versions_of(request, operation) if row.is_draft), None)
    if row is None:
        raise Http404
    return operation, row


def type_or_404(row: Catalogue, key: str) -> Type:
    found = row.type_of(key)
    if found is None:
        raise Http404
    return found


def field_or_404(made: Type, key: str) -> Field:
    found = made.field(key)
    if found is None:
        raise Http404
    return found


def revision_of(request: HttpRequest) -> int:
    """The revision of the draft that the page showed: 0, which no draft has, where it says none."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def languages_for(request: HttpRequest, operation: Record) -> list[str]:
    return presenting.offered_languages(operation, by_of(request), now_of(request))
