"""Serious incidents: told outside the chain of command; and whom an operation names for them."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agencies.directory.access import requires
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import ROLES, Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.models import Participation, Record
from agreements.sharing.paging import page_of
from operations.incidents.actions import chain
from operations.incidents.actions import serious as actions
from operations.incidents.choices import ChainStep
from operations.incidents.forms.events import ChainForm, FindingForm, RecipientForm, SeriousForm
from operations.incidents.models import ChainLink, Recipient, SeriousIncident
from operations.incidents.views import common
from operations.planning.views.door import by_of, now_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import place, placed_or_raised, require

DETAIL = "incidents:serious-detail"
READERS = [role.value for role, sheet in ROLES.items() if Permission.INCIDENT_VIEW in sheet.permissions]


def serious_or_404(request: HttpRequest, pk: uuid.UUID) -> SeriousIncident:
    rows = common.serious_incidents(request).select_related(
        "record__author__officer", "record__author__agency", "taken_by__officer", "taken_by__agency"
    )
    return get_object_or_404(rows, pk=pk)


def colleagues(request: HttpRequest) -> QuerySet[Appointment]:
    rows = Appointment.objects.in_effect(now_of(request)).filter(agency__in=by_of(request).agencies)
    return rows.select_related("officer", "agency").order_by("officer__full_name", "pk")


@requires(Permission.INCIDENT_VIEW)
def serious_list(request: HttpRequest) -> HttpResponse:
    """Those that the officer told, or was named for: there are no others here."""
    rows, older = page_of(common.serious_incidents(request), request.GET.get("before", ""))
    records = [row.record for row in rows]
    disclose(request, records)
    context = {
        "rows": rows,
        "older": older,
        "may_tell": by_of(request).may(Permission.INCIDENT_REPORT),
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "incidents/serious_list.html", context)


@requires(Permission.INCIDENT_REPORT)
def serious_create(request: HttpRequest) -> HttpResponse:
    by = by_of(request)
    initial = {
        "occurred_at": now_of(request).astimezone(by.agency.zone),
        "operation": request.GET.get("operation", ""),
    }
    form = SeriousForm(
        request.POST or None,
        by=by,
        operations=common.operations(request),
        colleagues=colleagues(request).exclude(officer=by.officer_id),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.tell(by=by, **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, f"Told as {row.record.reference}, outside the chain of command.")
            return redirect(DETAIL, pk=row.pk)
    disclose(request, common.operations(request))
    return render(request, "incidents/serious_form.html", {"form": form, "asks": bool(form.errors.get("sure"))})


@requires(Permission.INCIDENT_VIEW)
def serious_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = serious_or_404(request, pk), by_of(request)
    record = row.record
    operation = common.operation_of(request, record)
    shown = [record, *([operation] if operation else [])]
    disclose(request, shown, opened=record)
    free = not actions.may_handle(row, by)
    context = {
        "row": row,
        "record": record,
        "operation": operation,
        "concerned": list(row.concerned.select_related("appointment__officer", "appointment__agency")),
        "steps": {"take": free and row.taken_by_id is None, "close": free and row.taken_by_id in by.chain},
        "page_marking": highest(shown),
    }
    return render(request, "incidents/serious_detail.html", context)


@requires(Permission.INCIDENT_VIEW)
def serious_take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = serious_or_404(request, pk), by_of(request)
    missing = actions.may_handle(row, by)
    require(not missing, missing)
    return common.step_page(
        request,
        record=row.record,
        form=forms.Form(request.POST if request.method == "POST" else None),
        act=lambda: actions.take(serious=row, by=by),
        said="You took it up.",
        to=DETAIL,
        heading=f"Take up “{row.record.title}”?",
        button="Take it up",
        lines=["Whoever told it reads that you look into it.", "You close it with what was found."],
    )


@requires(Permission.INCIDENT_VIEW)
def serious_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = serious_or_404(request, pk), by_of(request)
    missing = actions.may_handle(row, by)
    require(not missing, missing)
    require(row.taken_by_id in by.chain, "Whoever took it up closes it.")
    form = FindingForm(request.POST or None)
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.close(serious=row, by=by, **form.cleaned_data),
        said="Closed.",
        to=DETAIL,
        heading=f"Close “{row.record.title}”?",
        button="Close it",
        lines=["It cannot be opened again."],
    )


@requires(Permission.OPERATION_PLAN)
def operation_chain(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who validates reports of the operation, and whom the own agency names for serious incidents."""
    operation, by = get_object_or_404(common.operations(request).select_related("owner"), pk=pk), by_of(request)
    own = operation.owner_id in by.agencies
    parts = Participation.objects.filter(circle__record=operation, ended_at=None, accepted_at__isnull=False)
    agencies = Agency.objects.filter(pk__in=[operation.owner_id, *parts.values_list("agency", flat=True)])
    links = {link.step: link for link in ChainLink.objects.filter(operation=operation).select_related("agency")}
    posted = request.POST if request.method == "POST" else None
    chain_forms = [_chain_form(step, links.get(step), posted, agencies) for step in ChainStep.values]
    able = colleagues(request).filter(role__in=READERS).exclude(officer=by.officer_id)
    naming = RecipientForm(posted if posted is not None and "step" not in posted else None, officers=able)
    if posted is not None:
        sent: Any = next((form for form in chain_forms if form.is_bound), naming)
        if sent.is_valid() and _done(request, operation, sent):
            messages.success(request, "Saved.")
            return redirect("incidents:operation-chain", pk=pk)
    recipients = Recipient.objects.filter(operation=operation, appointment__agency__in=by.agencies)
    disclose(request, [operation])
    context = {
        "operation": operation,
        "chain_forms": list(zip(ChainStep, chain_forms, [links.get(step) for step in ChainStep.values], strict=True)),
        "naming": naming,
        "recipients": list(recipients.select_related("appointment__officer", "appointment__agency")),
        "own": own,
        "page_marking": highest([operation]),
    }
    return render(request, "incidents/operation_chain.html", context)


def _chain_form(step: str, link: ChainLink | None, posted: Any, agencies: QuerySet[Agency]) -> ChainForm:
    mine = posted if posted is not None and posted.get("step") == step else None
    first = {"step": step, "agency": link.agency_id if link else None, "role": link.role if link else "commander"}
    return ChainForm(mine, agencies=agencies, initial=first, auto_id=f"id_{step}_%s")


def _done(request: HttpRequest, operation: Record, form: Any) -> bool:
    """Whether what the form asks was done; if not, the form says why."""
    by, data = by_of(request), form.cleaned_data
    try:
        if "step" in data:
            chain.set_link(operation=operation, by=by, **data)
        elif data.get("appointment"):
            actions.name_recipient(operation=operation, appointment=data["appointment"], by=by)
        else:
            actions.unname_recipient(operation=operation, appointment=data["unname"], by=by)
    except Refused as refused:
        if refused.code == "forbidden":
            placed_or_raised(form, refused)
        place(form, refused)
        return False
    return True
