"""Invitations, teams, standing orders and instructions of an operation."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.register.models import Clause
from agreements.sharing import kinds
from agreements.sharing.actions import orders
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Assignment, Record, StandingOrder
from operations.planning import basis, presenting
from operations.planning.actions import invitations, team
from operations.planning.forms.operations import AssignForm, InviteForm, OrderForm
from operations.planning.models import Instruction, Operation
from operations.planning.views.door import by_of, now_of, operation_or_404
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised, shown_or_raised

# Kinds that are no entries of the log: a standing order does not name them.
NO_ENTRIES = frozenset({"operation", "instruction", "meeting"})


@requires(Permission.OPERATION_VIEW)
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Invitations to the officer's agency that wait for an answer."""
    by = by_of(request)
    found = presenting.invitations(by, Operation.objects.visible_to(access_of(request)), now_of(request))
    records = [item.operation.record for item in found]
    disclose(request, records)
    context = {
        "rows": [(item.operation, item.part, item.basis) for item in found],
        "may_join": by.may(Permission.OPERATION_JOIN),
        "page_marking": highest(records),
    }
    return render(request, "planning/invitation_list.html", context)


@requires(Permission.OPERATION_PLAN)
def invitation_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Invite: only agencies that the basis reaches are offered, each with its article (R27)."""
    operation, by = operation_or_404(request, pk), by_of(request)
    form = InviteForm(request.POST or None, reach=presenting.invitable(operation, by, now_of(request)))
    if request.method == "POST" and form.is_valid():
        item = form.chosen
        try:
            invitations.invite_agency(operation=operation, agency=item.agency, clause=item.clause, by=by)
            messages.success(request, f"{item.agency.short} is invited: it can read the operation now.")
            return redirect("planning:operation-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [operation.record])
    context = {"form": form, "operation": operation, "page_marking": highest([operation.record])}
    return render(request, "planning/invitation_form.html", context)


@requires(Permission.OPERATION_JOIN)
@require_POST
def invitation_accept(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    operation = operation_or_404(request, pk)
    try:
        invitations.accept_invitation(operation=operation, by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
    else:
        messages.success(request, "Your agency takes part. Assign your officers next.")
    return redirect("planning:operation-detail", pk=pk)


@requires(Permission.OPERATION_JOIN)
@require_POST
def participation_end(request: HttpRequest, pk: uuid.UUID, agency: uuid.UUID) -> HttpResponse:
    """Decline, leave, withdraw an invitation or end a partner's part. Of a part that was taken, says first what that
    closes (R28)."""
    operation, by = operation_or_404(request, pk), by_of(request)
    other = get_object_or_404(Agency, pk=agency)
    try:
        taken = invitations.own_or_led(operation, other, by).accepted_at is not None
        if taken and "sure" not in request.POST:
            effects = invitations.foresee_end(operation=operation, agency=other, by=by)
            disclose(request, [operation.record])
            context = {"operation": operation, "other": other, "own": other.pk in by.agencies, "effects": effects}
            return render(
                request, "planning/participation_end.html", {**context, "page_marking": highest([operation.record])}
            )
        invitations.end_participation(operation=operation, agency=other, by=by)
    except Refused as refused:
        shown_or_raised(request, refused)
    else:
        messages.success(request, f"{other.short} no longer takes part: “{operation.record.title}” is closed to it.")
    return redirect("planning:operation-list")


@requires(Permission.OPERATION_JOIN)
def assignment_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Assign an own officer."""
    operation, by = operation_or_404(request, pk), by_of(request)
    parts = presenting.participations(operation.record, by, now_of(request))
    agencies = Agency.objects.filter(pk__in=[part.agency_id for part in parts if part.accepted_at])
    officers = presenting.assignable(operation, by, now_of(request))
    form = AssignForm(request.POST or None, officers=officers, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        try:
            team.assign_officer(operation=operation, by=by, **form.cleaned_data)
            return redirect("planning:operation-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [operation.record])
    context = {"form": form, "operation": operation, "page_marking": highest([operation.record])}
    return render(request, "planning/assignment_form.html", context)


@requires(Permission.OPERATION_JOIN)
@require_POST
def assignment_end(request: HttpRequest, pk: uuid.UUID, assignment: uuid.UUID) -> HttpResponse:
    operation = operation_or_404(request, pk)
    rows = Assignment.objects.filter(participation__circle__record=operation.record, ended_at=None)
    own = rows.filter(participation__agency__in=by_of(request).agencies)
    row = get_object_or_404(own.select_related("participation__circle"), pk=assignment)
    try:
        team.unassign(assignment=row, by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
    return redirect("planning:operation-detail", pk=pk)


@requires(Permission.STANDING_ORDER_ISSUE)
def order_issue(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Issue the agency's standing order for the operation (R6)."""
    operation, by = operation_or_404(request, pk), by_of(request)
    own = presenting.participations(operation.record, by, now_of(request))
    if not any(part.agency_id in by.agencies and part.accepted_at for part in own):
        raise Http404
    offered = [clause.pk for clause in basis.usable(by.agency, now_of(request))]
    names = [(kind.name, kind.plural) for kind in kinds.all_kinds() if kind.name not in NO_ENTRIES]
    own_basis = operation.clauses.filter(pk__in=offered).first()
    form = OrderForm(
        request.POST or None,
        clauses=Clause.objects.select_related("agreement").filter(pk__in=offered),
        kinds=names,
        initial={"clause": own_basis, "purpose": operation.purpose},
    )
    if request.method == "POST" and form.is_valid():
        try:
            orders.issue(circle=operation.circle, by=by, **form.cleaned_data)
            messages.success(request, "The standing order works from now on.")
            return redirect("planning:operation-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [operation.record])
    context = {"form": form, "operation": operation, "page_marking": highest([operation.record])}
    return render(request, "planning/order_form.html", context)


@requires(Permission.STANDING_ORDER_ISSUE)
@require_POST
def order_revoke(request: HttpRequest, pk: uuid.UUID, order: uuid.UUID) -> HttpResponse:
    operation = operation_or_404(request, pk)
    rows = StandingOrder.objects.filter(circle__record=operation.record, agency__in=by_of(request).agencies)
    try:
        orders.revoke(order=get_object_or_404(rows, pk=order), by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
    return redirect("planning:operation-detail", pk=pk)


@requires(Permission.OPERATION_VIEW)
def instruction_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The agency's own copy; the operation beside it only while it is visible (R23)."""
    access = access_of(request)
    row = get_object_or_404(Instruction.objects.visible_to(access), pk=pk)
    operation = Record.objects.visible_to(access).filter(pk=row.operation_record_id).first()
    shown = [row.record, *([operation] if operation else [])]
    disclose(request, shown, opened=row.record)
    context = {"row": row, "record": row.record, "operation": operation, "page_marking": highest(shown)}
    return render(request, "planning/instruction_detail.html", context)


@requires(Permission.OPERATION_JOIN)
@require_POST
def instruction_take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    operation = operation_or_404(request, pk)
    try:
        invitations.take_instructions(operation=operation, by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
    return redirect("planning:operation-detail", pk=pk)
