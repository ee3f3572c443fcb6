"""A leg rests and goes on. Each team does so for its own (R23)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from operations.field.models import Pause
from operations.patrols import rights
from operations.patrols.actions import times
from operations.patrols.models import Leg
from portal.audit import recording
from portal.ui.errors import Refused


@transaction.atomic
def pause(*, leg: Leg, by: Appointment, at: datetime) -> Pause:
    """The leg rests from `at` on. Raises Refused when it rests already, or is over."""
    row = _own(leg, by)
    if row.ended_at is not None and at > row.ended_at:
        raise Refused("This leg has ended already.", code="state")
    times.not_future(at, "happened_at")
    times.not_before(at, row.started_at, "happened_at", "the start of this leg")
    if Pause.objects.running().filter(leg=row).exists():
        raise Refused("This leg rests already.", code="already")
    found = Pause.objects.create(leg=row, started_at=max(at, row.started_at))
    recording.record(verb="leg.pause", by=by, subject_kind="leg", subject_id=row.pk, data={"at": found.started_at})
    return found


@transaction.atomic
def resume(*, leg: Leg, by: Appointment, at: datetime) -> Pause:
    """The leg goes on from `at`. Raises Refused when it does not rest."""
    row = _own(leg, by)
    found = Pause.objects.running().filter(leg=row).first()
    if found is None:
        raise Refused("This leg does not rest.", code="already")
    times.not_future(at, "happened_at")
    times.not_before(at, found.started_at, "happened_at", "the beginning of the pause")
    found.ended_at = max(at, found.started_at)
    found.save(update_fields=["ended_at"])
    recording.record(verb="leg.resume", by=by, subject_kind="leg", subject_id=row.pk, data={"at": found.ended_at})
    return found


def _own(leg: Leg, by: Appointment) -> Leg:
    rights.require_role(by, Permission.PATROL_RUN)
    row = Leg.objects.select_for_update(of=("self",)).select_related("record__owner").get(pk=leg.pk)
    rights.require_sight(by, row.record, timezone.now())
    rights.require_own(by, row.record, "lets its legs rest")
    return row
