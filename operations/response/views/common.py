"""Fetch through the door. Hidden and unknown are the same 404 (R17)."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts.concerned import roles_with
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.incidents.models import IncidentReport
from operations.incidents.views.common import operations, step_page
from operations.incidents.views.reports import report_or_404
from operations.planning.views.door import by_of, now_of
from operations.response.models import Asked, AssistanceCall, Handover, Procedure, Response, Task
from portal.ui.refusals import require

__all__ = ["operations", "report_or_404", "step_page"]

RESPONSE, CALL = "response:response-detail", "response:assistance-detail"


def response_or_404(request: HttpRequest, pk: uuid.UUID) -> Response:
    rows = Response.objects.visible_to(access_of(request)).select_related(
        "lead__officer", "lead__agency", "closed_by__officer", "closed_by__agency"
    )
    return get_object_or_404(rows, pk=pk)


def task_or_404(request: HttpRequest, pk: uuid.UUID) -> Task:
    return get_object_or_404(Task.objects.visible_to(access_of(request)).with_words(), pk=pk)


def handover_or_404(request: HttpRequest, pk: uuid.UUID) -> Handover:
    return get_object_or_404(Handover.objects.visible_to(access_of(request)).with_words(), pk=pk)


def call_or_404(request: HttpRequest, pk: uuid.UUID) -> AssistanceCall:
    rows = AssistanceCall.objects.visible_to(access_of(request)).select_related(
        "record__author__officer", "record__author__agency", "ended_by__officer", "ended_by__agency", "distress"
    )
    return get_object_or_404(rows, pk=pk)


def asked_or_404(request: HttpRequest, pk: uuid.UUID) -> Asked:
    return get_object_or_404(Asked.objects.visible_to(access_of(request)).with_words(), pk=pk)


def procedure_or_404(request: HttpRequest, pk: uuid.UUID) -> Procedure:
    return get_object_or_404(Procedure.objects.visible_to(access_of(request)), pk=pk)


def require_own(request: HttpRequest, record: Record) -> None:
    require(record.owner_id in by_of(request).agencies, f"Only {record.owner.short} does this (R21).")


def require_running(response: Response) -> None:
    require(response.is_open, "This response is closed: a follow-up begins another.")


def officers(request: HttpRequest, record: Record) -> Any:
    """Own officers to choose from. Whether one sees the incident the action asks: the policy, for one officer."""
    at = now_of(request)
    roles = roles_with(Permission.INCIDENT_REPORT)
    rows = Appointment.objects.in_effect(at).filter(agency__in=by_of(request).agencies, role__in=roles)
    return rows.filter(clearance__gte=record.classification).select_related("officer", "agency")


def incident_of(response: Response) -> IncidentReport:
    return response.record.incident
