"""The second officer whom an agreement needs before it goes to its parties, and a fact that widens (R22, ADR 0023)."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import ROLES, Permission
from agreements.register.actions.rights import stamp
from agreements.register.models import Agreement, Fact
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


def stamp_widening(agreement: Agreement, by: Appointment, recorded_at: datetime | None = None) -> dict[str, Any]:
    """As `stamp`, for a fact that widens: nobody stands behind it yet, until a colleague of the recorder does (R22).

    Of a draft all is approved together; what an older register holds (`recorded_at`) was decided then; and where the
    state has no other treaty admin here, the officer acts alone (ADR 0023).
    """
    found = stamp(by, recorded_at)
    if not agreement.is_draft and recorded_at is None and others(by):
        found["recorded_for"] = None
    return found


def own_to_confirm(fact: Fact, by: Appointment) -> bool:
    """Whether it waits for the colleague of this officer, who recorded it and so does not confirm it."""
    recorder = fact.recorded_by
    return fact.recorded_for_id is None and recorder is not None and recorder.officer_id == by.officer_id


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
