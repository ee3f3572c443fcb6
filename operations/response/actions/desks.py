"""Say from where the own agency's people come when they are called, and how far."""

import math

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from operations.planning import rights
from operations.response.models import Desk
from portal.audit import recording
from portal.ui.errors import Refused

NAME_LENGTH, FARTHEST_KM = 80, 2000


@transaction.atomic
def man(
    *, by: Appointment, name: str, position: tuple[float, float] | None, reach_km: int, telephone: str = ""
) -> Desk:
    """Tell of a desk of the own agency; one of that name is replaced. `position` is (latitude, longitude)."""
    rights.require_role(by, Permission.OPERATION_PLAN)
    if not name.strip():
        raise Refused("Give it a name.", field="name")
    if position is None or not all(math.isfinite(part) for part in position):
        raise Refused("Say where it is.", field="position")
    if not 0 < reach_km <= FARTHEST_KM:
        raise Refused(f"From 1 to {FARTHEST_KM} km.", field="reach_km")
    Desk.objects.manned().filter(agency=by.agency, name=name.strip()).update(closed_at=timezone.now())
    row = Desk.objects.create(
        agency=by.agency, name=name.strip(), latitude=position[0], longitude=position[1], reach_km=reach_km,
        telephone=telephone.strip(), set_by=by,
    )  # fmt: skip
    recording.record(verb="desk.man", by=by, subject_kind="desk", subject_id=str(row.pk), data={"reach_km": reach_km})
    return row


@transaction.atomic
def close(*, desk: Desk, by: Appointment) -> Desk:
    """Nobody comes from there any more."""
    rights.require_role(by, Permission.OPERATION_PLAN)
    row = Desk.objects.select_for_update(of=("self",)).select_related("agency").get(pk=desk.pk)
    if row.agency_id not in by.agencies:
        raise Refused(f"Only {row.agency.short} keeps it.", code="forbidden")
    if row.closed_at is None:
        row.closed_at = timezone.now()
        row.save(update_fields=["closed_at"])
        recording.record(verb="desk.close", by=by, subject_kind="desk", subject_id=str(row.pk), data={})
    return row
