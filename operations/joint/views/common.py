"""Fetch through the door. Hidden and unknown are the same 404 (R17)."""

import uuid
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.joint.models import JointReport, SealedCopy
from operations.joint.querysets import JointReportQuerySet, SealedCopyQuerySet

PAGE = 25


def reports(request: HttpRequest) -> JointReportQuerySet:
    return JointReport.objects.visible_to(access_of(request))


def copies(request: HttpRequest) -> SealedCopyQuerySet:
    return SealedCopy.objects.visible_to(access_of(request))


def report_or_404(request: HttpRequest, pk: uuid.UUID) -> JointReport:
    rows = reports(request).select_related("record__author__officer", "record__author__agency")
    return get_object_or_404(rows, pk=pk)


def copy_or_404(request: HttpRequest, pk: uuid.UUID) -> SealedCopy:
    return get_object_or_404(copies(request), pk=pk)


def operations(request: HttpRequest) -> list[Record]:
    """Those that the reader sees, to narrow a list by."""
    return list(Record.objects.visible_to(access_of(request)).of_kind("operation").newest(200))


def page_of(rows: Any, before: str) -> tuple[list[Any], str]:
    """One page beyond a place, and the place of the next; empty when there is none."""
    instant, _, key = before.partition("_")
    try:
        place = (datetime.fromisoformat(instant), uuid.UUID(key)) if before else None
    except ValueError:
        return [], ""
    found = list(rows.newest(PAGE + 1, before=place))
    more, found = len(found) > PAGE, found[:PAGE]
    return found, f"{found[-1].record.occurred_at.isoformat()}_{found[-1].pk}" if more else ""


def require(allowed: bool, reason: str) -> None:
    """403 with the reason for a step that is not the officer's to take, or that the state does not allow."""
    if not allowed:
        raise PermissionDenied(reason)
