"""The second officer whom an agreement needs before it goes to its parties (R22, ADR 0023)."""

from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import ROLES, Permission
from portal.ui.errors import Refused

# Of a refusal that another officer can lift.
SECOND = "second_officer"


def others(by: Appointment) -> list[Appointment]:
    """Treaty admins of the same state who hold their post now, but for this officer under whatever appointment."""
    now = timezone.now()
    roles = [role.value for role, sheet in ROLES.items() if Permission.AGREEMENT_DRAFT in sheet.permissions]
    rows = Appointment.objects.in_effect(now).filter(role__in=roles, agency__country=by.agency.country_id)
    rows = rows.exclude(officer=by.officer_id).select_related("officer", "agency__country").order_by("id")
    return [row for row in rows if row.is_in_effect(now)]


def is_second(by: Appointment, other: Appointment) -> bool:
    """Whether the other may approve what this officer asks for."""
    same_state = other.agency.country_id == by.agency.country_id
    return same_state and other.officer_id != by.officer_id and other.may(Permission.AGREEMENT_DRAFT)


def check_second(by: Appointment, second: Appointment | None) -> None:
    """Raises Refused unless another officer stands behind it too. A state with a single treaty admin here has nobody
    to ask: that one officer acts alone, and the other parties' confirmation is the second pair of eyes."""
    if second is not None:
        if not is_second(by, second):
            raise Refused("Another treaty admin of your state approves it.", code=SECOND)
    elif others(by):
        raise Refused(
            "It goes to the parties once a second officer of your state has approved it: keep it as a draft and ask.",
            code=SECOND,
        )
