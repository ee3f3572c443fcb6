"""Who may take part in a patrol: role, assignment in the operation, sight of the host (R23)."""

from datetime import datetime

from django.db.models import Q
from django.db.models.query import QuerySet

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Assignment, Record
from agreements.sharing.policy import access_to, decide
from portal.ui.errors import Refused

NOT_ASSIGNED = "You are not assigned to this operation. Ask your agency's commander to assign you."


def assignments_of(by: Appointment, at: datetime) -> "QuerySet[Assignment]":
    """The officer's assignments in effect at `at`, in what the officer's agency takes part in."""
    day = at.astimezone(by.agency.zone).date()
    return Assignment.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at),
        Q(ends_on=None) | Q(ends_on__gte=day),
        Q(participation__ended_at=None) | Q(participation__ended_at__gt=at),
        appointment__in=by.chain,
        assigned_at__lte=at,
        participation__agency__in=by.agencies,
        participation__accepted_at__lte=at,
    )


def is_assigned(by: Appointment, operation: Record | None, at: datetime) -> bool:
    """Whether the officer's agency takes part in the operation at `at` and has assigned the officer."""
    if operation is None:
        return False
    return assignments_of(by, at).filter(participation__circle__record=operation).exists()


def require_role(by: Appointment, permission: Permission) -> None:
    if not by.may(permission):
        raise Refused("Your role does not permit this.", code="forbidden")


def require_assignment(by: Appointment, operation: Record | None, at: datetime) -> None:
    if not is_assigned(by, operation, at):
        raise Refused(NOT_ASSIGNED, code="forbidden")


def require_sight(by: Appointment, record: Record, at: datetime, field: str | None = None) -> None:
    """Raises Refused unless the officer may see the record now: what it hangs on may have become hidden."""
    if not decide(access_to(record, by, at), record):
        raise Refused("There is no such record.", field=field, code="not_found")


def require_own(by: Appointment, record: Record, what: str) -> None:
    if record.owner_id not in by.agencies:
        raise Refused(f"Only {record.owner.short} {what}.", code="forbidden")
