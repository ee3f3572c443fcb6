"""Assign own officers to an operation, and end assignments (R23)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.sharing.actions import circles
from agreements.sharing.choices import AssignmentRole
from agreements.sharing.models import Assignment, Participation
from operations.planning import lifecycle, rights
from operations.planning.models import Operation
from portal.ui.errors import Refused


@transaction.atomic
def assign_officer(
    *,
    operation: Operation,
    appointment: Appointment,
    by: Appointment,
    role: str = AssignmentRole.MEMBER.value,
    directs: Sequence[Agency] = (),
    ends_on: date | None = None,
) -> Assignment:
    """Assign an own officer with a role; `directs` are the agencies whose teams the officer may direct.

    Only officers of the lead or of the host state direct teams of other agencies.
    """
    rights.require_sight(by, operation.record, timezone.now())
    lifecycle.require_live(operation.state)
    part = rights.participation_of(by, operation.record, accepted=True)
    _check_directs(operation, directs, by)
    _check_role(operation, role, by)
    if ends_on is not None and ends_on < timezone.now().astimezone(by.agency.zone).date():
        raise Refused("This last day is over.", field="ends_on")
    return circles.assign(
        participation=part,
        appointment=appointment,
        by=by,
        role=AssignmentRole(role),
        directs=directs,
        ends_on=ends_on,
    )


def _is_host_or_lead(operation: Operation, by: Appointment) -> bool:
    return operation.record.owner_id in by.agencies or by.agency.country_id == operation.host_state_id


def _check_directs(operation: Operation, directs: Sequence[Agency], by: Appointment) -> None:
    foreign = [agency for agency in directs if agency.pk not in by.agencies]
    if foreign and not _is_host_or_lead(operation, by):
        raise Refused("Only officers of the lead or of the host state direct others' teams.", field="directs")
    taking_part = set(
        Participation.objects.filter(
            circle__record=operation.record, accepted_at__isnull=False, ended_at=None
        ).values_list("agency", flat=True)
    )
    if any(agency.pk not in taking_part for agency in directs):
        raise Refused("Only teams of agencies that take part are directed.", field="directs")


def _check_role(operation: Operation, role: str, by: Appointment) -> None:
    if role == AssignmentRole.HOST_COMMANDER and by.agency.country_id != operation.host_state_id:
        raise Refused(f"The host commander is of {operation.host_state.name}.", field="role")
    if role == AssignmentRole.COMMANDER and operation.record.owner_id not in by.agencies:
        raise Refused(f"The commander is of {operation.record.owner.short}, which leads.", field="role")


@transaction.atomic
def unassign(*, assignment: Assignment, by: Appointment) -> Assignment:
    """End an own officer's assignment at once."""
    return circles.unassign(assignment=assignment, by=by)
