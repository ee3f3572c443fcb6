"""How often a team checks in on a patrol. Each team's own agency says so (R23)."""

import uuid

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from operations.field.actions import signals
from operations.field.inputs import SOONEST
from operations.field.models import Signal
from operations.patrols import rights
from operations.patrols.choices import PatrolState
from operations.patrols.models import Patrol
from operations.safety.choices import DESK_AFTER, NEIGHBOURS_AFTER, PARTNERS_AFTER
from operations.safety.models import Timer
from portal.audit import recording
from portal.ui.errors import Refused

LONGEST = 24 * 60
NO_TEAM = "Your agency sends no team on this patrol."


@transaction.atomic
def set_timer(
    *,
    patrol: Patrol,
    by: Appointment,
    every: int | None,
    desk_after: int = DESK_AFTER,
    partners_after: int = PARTNERS_AFTER,
    neighbours_after: int = NEIGHBOURS_AFTER,
) -> Timer:
    """Let the own team check in every so many minutes, from now on, or with None as it likes. Whoever sets it on a
    patrol under way says that the team is well now: it counts from this instant.

    Raises Refused for who is not assigned, a patrol without an own team, and minutes that cannot be.
    """
    rights.require_role(by, Permission.PATROL_RUN)
    now = timezone.now()
    rights.require_sight(by, patrol.record, now)
    rights.require_assignment(by, patrol.record.operation, now)
    if not patrol.teams.filter(agency__in=by.agencies).exists():
        raise Refused(NO_TEAM, code="state")
    _check(every, desk_after, partners_after, neighbours_after)
    row, _ = Timer.objects.update_or_create(
        patrol=patrol.pk,
        agency=by.agency,
        defaults={
            "every": every,
            "desk_after": desk_after,
            "partners_after": partners_after,
            "neighbours_after": neighbours_after,
            "set_by": by,
            "set_at": now,
        },
    )
    minutes = {"desk_after": desk_after, "partners_after": partners_after, "neighbours_after": neighbours_after}
    recording.record(
        verb="timer.set", by=by, subject_kind="patrol", subject_id=patrol.pk, data={"every": every, **minutes}
    )
    if Patrol.objects.get(pk=patrol.pk).state == PatrolState.ACTIVE:
        signals.check_in(patrol=patrol, by=by, at=now, next_minutes=every or 0)
    return row


def _check(every: int | None, desk_after: int, partners_after: int, neighbours_after: int) -> None:
    if every is not None and not SOONEST <= every <= LONGEST:
        raise Refused(f"Between {SOONEST} minutes and a day.", field="every")
    for name, value in (("desk_after", desk_after), ("neighbours_after", neighbours_after)):
        if not 1 <= value <= LONGEST:
            raise Refused("Between one minute and a day.", field=name)
    if not desk_after <= partners_after <= LONGEST:
        raise Refused("Partners are told after the own desk, within a day.", field="partners_after")


def minutes_of(patrol: uuid.UUID, agency: uuid.UUID) -> int | None:
    """The timer's minutes; None where the team has none, 0 where it checks in as it likes."""
    row = Timer.objects.filter(patrol=patrol, agency=agency).first()
    return None if row is None else row.every or 0


def timer_for(patrol: uuid.UUID | None, agency: uuid.UUID) -> Timer:
    """The team's timer, or one as usual that is not stored."""
    found = Timer.objects.filter(patrol=patrol, agency=agency).first() if patrol else None
    if found is not None:
        return found
    return Timer(patrol=patrol, agency_id=agency) if patrol else Timer(agency_id=agency)


@transaction.atomic
def check_in(*, patrol: Patrol, by: Appointment, next_minutes: int | None = None, words: str = "") -> Signal:
    """An officer of the own agency says that its team is well now: on the spot, or at a desk by radio.

    Raises Refused on a patrol that is not under way, or without an own team.
    """
    rights.require_role(by, Permission.PATROL_RUN)
    now = timezone.now()
    rights.require_sight(by, patrol.record, now)
    rights.require_assignment(by, patrol.record.operation, now)
    if not patrol.teams.filter(agency__in=by.agencies).exists():
        raise Refused(NO_TEAM, code="state")
    if Patrol.objects.get(pk=patrol.pk).state != PatrolState.ACTIVE:
        raise Refused("The patrol is not under way.", code="state")
    return signals.check_in(patrol=patrol, by=by, at=now, next_minutes=next_minutes, words=words)
