"""Plan, start, end and cancel a patrol. Its state is its owner's (R23)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.models import Participation, Record
from operations.patrols import alerting, lifecycle, rights
from operations.patrols.actions import times
from operations.patrols.choices import PatrolState
from operations.patrols.models import Leg, Patrol, Team
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "patrol"
LONGEST = timedelta(days=7)
OLDEST = timedelta(days=60)
FURTHEST = timedelta(days=366)


@dataclass(frozen=True)
class TeamPlan:
    """One agency's team as it is planned."""

    agency: Agency
    strength: int = 2
    functions: str = ""
    vehicles: str = ""
    radio_channel: str = ""
    leader: Appointment | None = None


def participants(operation: Record, at: datetime) -> list[Agency]:
    """The agencies that take part in the operation at `at`."""
    rows = Participation.objects.filter(circle__record=operation, accepted_at__lte=at).select_related("agency__country")
    return sorted(
        (row.agency for row in rows if row.ended_at is None or row.ended_at > at),
        key=lambda agency: (agency.country_id, agency.name),
    )


@transaction.atomic
def plan(
    *,
    by: Appointment,
    operation: Record,
    title: str,
    objective: str,
    starts_at: datetime,
    ends_at: datetime,
    teams: Sequence[TeamPlan],
    marking: Marking,
    meeting_point: str = "",
    position: tuple[float, float] | None = None,
    key: uuid.UUID | None = None,
    shown: bool | frozenset[uuid.UUID] = True,
) -> Patrol:
    """Plan a joint patrol in an operation. `position` is (latitude, longitude) of the meeting point.

    Raises Refused for who is not assigned, for times that cannot be, for agencies that do not take part.
    """
    now = timezone.now()
    first = sent_before(Record, key, kind=KIND, author=by)
    if first is not None:
        return first.patrol
    rights.require_role(by, Permission.PATROL_PLAN)
    rights.require_sight(by, operation, now, field="operation")
    rights.require_assignment(by, operation, now)
    if operation.circle.closed_at is not None:
        raise Refused("This operation is closed: no patrol can be planned in it.", field="operation", code="state")
    check_period(starts_at, ends_at, now)
    _check_teams(teams, operation, by, now)
    record = records.create(
        by=by,
        kind=KIND,
        title=title,
        marking=marking,
        key=key,
        occurred_at=starts_at,
        operation=operation,
        host=operation,
        position=position,
        text=f"{objective}\n{meeting_point}",
        shown=shown,
    )
    patrol = Patrol.objects.create(
        record=record, objective=objective, starts_at=starts_at, ends_at=ends_at, meeting_point=meeting_point
    )
    Team.objects.bulk_create([Team(patrol=patrol, **vars(team)) for team in teams])
    return patrol


def check_period(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise Refused for times of a patrol that cannot be."""
    if ends_at <= starts_at:
        raise Refused("The end is not after the start.", field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise Refused(f"A patrol lasts {LONGEST.days} days at most: plan several.", field="ends_at")
    if starts_at < now - OLDEST:
        raise Refused(f"That is more than {OLDEST.days} days ago.", field="starts_at")
    if starts_at > now + FURTHEST:
        raise Refused("That is more than a year ahead.", field="starts_at")


def _check_teams(teams: Sequence[TeamPlan], operation: Record, by: Appointment, now: datetime) -> None:
    named = [team.agency.pk for team in teams]
    if by.agencies.isdisjoint(named):
        raise Refused("Your own agency's team is missing.", field="teams")
    if len(named) != len(set(named)):
        raise Refused("An agency has one team in a patrol.", field="teams")
    taking_part = {agency.pk for agency in participants(operation, now)}
    for team in teams:
        if team.agency.pk not in taking_part:
            raise Refused("Only agencies that take part in the operation send a team.", field="teams")
        if team.leader is not None and team.leader.agency_id != team.agency.pk:
            raise Refused("A team is led by an officer of its own agency.", field="teams")
        if team.leader is not None and team.agency.pk not in by.agencies:
            raise Refused("Each agency names its own team leader.", field="teams")


@transaction.atomic
def start(*, patrol: Patrol, by: Appointment, started_at: datetime | None = None) -> Patrol:
    """Start a planned patrol; `started_at` (default: now) may lie in the past."""
    now = timezone.now()
    row = _own(patrol, by, "starts its patrols")
    rights.require_assignment(by, row.record.operation, now)
    state = lifecycle.after(row.state, "start")
    started_at = started_at or now
    times.not_future(started_at, "started_at")
    if started_at < now - OLDEST:
        raise Refused(f"That is more than {OLDEST.days} days ago.", field="started_at")
    return _step(row, by, "start", state=state, started_at=started_at)


@transaction.atomic
def end(*, patrol: Patrol, by: Appointment, ended_at: datetime | None = None) -> Patrol:
    """End an active patrol, and the own agency's legs that still run. Partners end theirs (R23).

    Works also when the operation is hidden by now: one's own patrol can always be finished.
    """
    row = _own(patrol, by, "ends its patrols")
    state = lifecycle.after(row.state, "end")
    ended_at = ended_at or timezone.now()
    assert row.started_at is not None
    times.not_future(ended_at, "ended_at")
    times.not_before(ended_at, row.started_at, "ended_at", "the patrol's start")
    ended_at = max(ended_at, row.started_at)
    running = list(Leg.objects.filter(record__host=row.record, record__owner__in=by.agencies, ended_at=None))
    for leg in running:
        times.not_before(ended_at, leg.started_at, "ended_at", "the start of your own leg")
        leg.ended_at = max(ended_at, leg.started_at)
        leg.save(update_fields=["ended_at"])
        recording.record(verb="leg.end", by=by, subject_kind="leg", subject_id=leg.pk, data={"ended_at": ended_at})
    return _step(row, by, "end", state=state, ended_at=ended_at)


@transaction.atomic
def cancel(*, patrol: Patrol, by: Appointment, reason: str) -> Patrol:
    """Call off a patrol that has not started."""
    row = _own(patrol, by, "cancels its patrols", Permission.PATROL_PLAN)
    state = lifecycle.after(row.state, "cancel")
    if not reason.strip():
        raise Refused("Say why: the others read it.", field="reason")
    return _step(row, by, "cancel", state=state, cancel_reason=reason.strip())


def _own(patrol: Patrol, by: Appointment, what: str, permission: Permission = Permission.PATROL_RUN) -> Patrol:
    """The patrol, locked, when it is the officer's agency's own."""
    rights.require_role(by, permission)
    row = (
        Patrol.objects.select_for_update(of=("self",))
        .select_related("record__owner", "record__operation")
        .get(pk=patrol.pk)
    )
    rights.require_sight(by, row.record, timezone.now())
    rights.require_own(by, row.record, what)
    return row


def _step(row: Patrol, by: Appointment, step: str, *, state: PatrolState, **values: Any) -> Patrol:
    alerting.settle(row)
    row.state = state
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *values])
    records.touch(record=row.record, by=by)
    recording.record(verb=f"{KIND}.{step}", by=by, subject_kind=KIND, subject_id=row.pk, data=values)
    return row
