"""Who may act on an operation: role, sight, and whose it is."""

from datetime import datetime

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Participation, Record
from agreements.sharing.policy import access_to, decide
from portal.ui.errors import Refused


def require_role(by: Appointment, permission: Permission) -> None:
    if not by.may(permission):
        raise Refused("Your role does not permit this.", code="forbidden")


def require_sight(by: Appointment, record: Record, at: datetime) -> None:
    """Raises Refused unless the officer may see the record now."""
    if not decide(access_to(record, by, at), record):
        raise Refused("There is no such record.", code="not_found")


def require_lead(by: Appointment, record: Record, what: str) -> None:
    """Raises Refused unless the record is the officer's own agency's."""
    if record.owner_id not in by.agencies:
        raise Refused(f"Only {record.owner.short} {what}.", code="forbidden")


def participation_of(by: Appointment, record: Record, *, accepted: bool | None = None) -> Participation:
    """The officer's agency's part in the circle of the record. Raises Refused when it has none."""
    rows = Participation.objects.filter(circle__record=record, agency__in=by.agencies, ended_at=None)
    if accepted is not None:
        rows = rows.filter(accepted_at__isnull=not accepted)
    row = rows.select_related("agency", "circle__record__owner").first()
    if row is None:
        say = "Your agency does not take part." if accepted else "There is no invitation to your agency."
        raise Refused(say, code="state")
    return row
