"""Invite agencies; accept, decline and end. Accepting brings the agency its own copy of the instructions (R24)."""

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.register.foresight import Effect
from agreements.register.models import Clause
from agreements.sharing.actions import circles, records
from agreements.sharing.models import Participation
from agreements.sharing.whatif import leaving
from operations.planning import lifecycle, rights
from operations.planning.models import Instruction, Operation
from portal.ui.errors import Refused

KIND = "instruction"


@transaction.atomic
def invite_agency(*, operation: Operation, agency: Agency, clause: Clause, by: Appointment) -> Participation:
    """Invite an agency under a clause of the basis: the operation is released to it (R23).

    Raises Refused when the clause opens no channel to it, with the reason.
    """
    rights.require_role(by, Permission.OPERATION_PLAN)
    rights.require_lead(by, operation.record, "invites others")
    lifecycle.require_live(operation.state)
    if not operation.clauses.filter(pk=clause.pk).exists():
        raise Refused("Invite under a clause on which the operation stands.", field="clause")
    if agency.pk in by.agencies:
        raise Refused("Your own agency leads it.", field="agency")
    return circles.invite(circle=operation.circle, agency=agency, clause=clause, purpose=operation.purpose, by=by)


@transaction.atomic
def accept_invitation(*, operation: Operation, by: Appointment) -> Participation:
    """Take part. The officer's agency receives its own copy of the instructions."""
    lifecycle.require_live(operation.state)
    pending = rights.participation_of(by, operation.record)
    row = circles.accept(participation=pending, by=by)
    _copy_instructions(operation, by)
    return row


@transaction.atomic
def take_instructions(*, operation: Operation, by: Appointment) -> Instruction:
    """Receive the instructions anew after the lead changed them. The earlier copy stays."""
    rights.require_role(by, Permission.OPERATION_JOIN)
    rights.require_sight(by, operation.record, timezone.now())
    rights.participation_of(by, operation.record, accepted=True)
    return _copy_instructions(operation, by)


def _copy_instructions(operation: Operation, by: Appointment) -> Instruction:
    """The agency's own record with the present text; the one it has when the text is the same."""
    latest = own_instruction(operation, by.agency)
    if latest is not None and latest.text == operation.instructions:
        return latest
    record = records.create(
        by=by,
        kind=KIND,
        title=_title(operation, by),
        marking=records.marking_of(operation.record),
        operation=operation.record,
        text=operation.instructions,
        shown=False,
    )
    return Instruction.objects.create(record=record, operation_record=operation.record, text=operation.instructions)


def _title(operation: Operation, by: Appointment) -> str:
    """Told apart by sender and day: the operation's name would outlive the right to see it (R23)."""
    day = timezone.localtime(timezone.now(), by.agency.zone)
    return f"Instructions from {operation.record.owner.short}, {day.day} {day:%B %Y %H:%M}"


def own_instruction(operation: Operation, agency: Agency) -> Instruction | None:
    """The newest copy that the agency holds, or one for which it stands."""
    held = agency.stands_for(timezone.now())
    rows = Instruction.objects.filter(operation_record=operation.record, record__owner__in=held)
    return rows.select_related("record").order_by("-record__recorded_at", "-pk").first()


@transaction.atomic
def end_participation(*, operation: Operation, agency: Agency, by: Appointment) -> Participation:
    """Either side ends it at once; an unanswered invitation is withdrawn or declined."""
    return circles.end(participation=own_or_led(operation, agency, by), by=by)


def own_or_led(operation: Operation, agency: Agency, by: Appointment) -> Participation:
    """The agency's standing part, as its own officers and those of the lead know it. Raises Refused for others."""
    row = (
        operation.circle.participations.filter(agency=agency, ended_at=None).select_related("agency", "circle").first()
    )
    if row is None or not by.agencies & {agency.pk, operation.record.owner_id}:
        raise Refused("There is no such participation.", code="not_found")
    return row


def foresee_end(*, operation: Operation, agency: Agency, by: Appointment) -> list[Effect]:
    """What the agency would lose by the end of its part, counted by kind (R28). Raises Refused as the end does."""
    row = own_or_led(operation, agency, by)
    return leaving(participation=row, by=by, step=lambda: circles.end(participation=row, by=by))
