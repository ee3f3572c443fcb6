"""Fetch through the door. Hidden and unknown are the same 404 (R17)."""

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agreements.sharing.middleware import access_of
from operations.joint.models import JointReport, SealedCopy
from operations.joint.querysets import JointReportQuerySet, SealedCopyQuerySet


def reports(request: HttpRequest) -> JointReportQuerySet:
    return JointReport.objects.visible_to(access_of(request))


def copies(request: HttpRequest) -> SealedCopyQuerySet:
    return SealedCopy.objects.visible_to(access_of(request))


def report_or_404(request: HttpRequest, pk: uuid.UUID) -> JointReport:
    rows = reports(request).select_related("record__author__officer", "record__author__agency")
    return get_object_or_404(rows, pk=pk)


def copy_or_404(request: HttpRequest, pk: uuid.UUID) -> SealedCopy:
    return get_object_or_404(copies(request), pk=pk)
