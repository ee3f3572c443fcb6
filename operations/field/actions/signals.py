"""A team checks in, or calls for help. Heard by the own agency; who does not check in is looked for."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import raising
from operations.field.choices import SignalKind
from operations.field.models import Signal
from operations.patrols import rights
from operations.patrols.models import Patrol
from portal.audit import recording
from portal.keys import sent_before, usable
from portal.outbox import due, messages

MISSED, CALLED, WELL = "field.missed", "field.called", "field.well"

# Told by a room above: after how many minutes a team of that agency checks in on that patrol, if it has said so.
_USUAL: list[Callable[[uuid.UUID, uuid.UUID], int | None]] = []


def register_usual(minutes: Callable[[uuid.UUID, uuid.UUID], int | None]) -> None:
    if minutes not in _USUAL:
        _USUAL.append(minutes)


def _usual(patrol: uuid.UUID, agency: uuid.UUID) -> int | None:
    return next((found for ask in _USUAL if (found := ask(patrol, agency)) is not None), None)


@transaction.atomic
def check_in(
    *,
    patrol: Patrol,
    by: Appointment,
    at: datetime,
    position: tuple[float, float] | None = None,
    accuracy_m: int | None = None,
    words: str = "",
    next_minutes: int | None = None,
    key: uuid.UUID | None = None,
) -> Signal:
    """The team is well at `at`. The next one is due `next_minutes` later, or as its timer says; with 0 none is. One
    that is missed raises an alarm.

    An older check-in that comes in late moves no date that a newer one has set.
    """
    first = sent_before(Signal, key, sent_by=by)
    if first is not None:
        return first
    rights.require_role(by, Permission.PATROL_RUN)
    if next_minutes is None:
        next_minutes = _usual(patrol.pk, by.agency_id)
    next_at = at + timedelta(minutes=next_minutes) if next_minutes else None
    row = _signal(SignalKind.CHECK_IN, patrol, by, at, position, accuracy_m, words, key, next_at)
    # Those who look for the team need look no further.
    earlier = Signal.objects.filter(kind=SignalKind.CHECK_IN, patrol=patrol.pk, sent_by__agency=by.agency, at__lt=at)
    for key_of_earlier in earlier.filter(next_at__isnull=False).values_list("pk", flat=True):
        raising.settle(kind=MISSED, key=str(key_of_earlier))
        payload = {"signal": str(key_of_earlier), "well": str(row.pk)}
        messages.emit(kind=WELL, key=f"{WELL}:{key_of_earlier}", payload=payload)
    newer = Signal.objects.filter(kind=SignalKind.CHECK_IN, patrol=patrol.pk, sent_by__agency=by.agency, at__gt=at)
    if not newer.exists():
        arm(row, by)
    return row


def arm(signal: Signal, by: Appointment) -> None:
    """Be woken when the next check-in is due; without one nobody waits for it."""
    place = due_key(signal.patrol, by.agency_id)
    if signal.next_at is None:
        due.cancel(key_prefix=place)
        return
    payload = {"signal": str(signal.pk)}
    due.schedule(kind=MISSED, key=place, fire_at=signal.next_at, payload=payload, zone=by.agency.time_zone)


def due_key(patrol: uuid.UUID | None, agency: uuid.UUID) -> str:
    return f"{MISSED}:{patrol}:{agency}"


@transaction.atomic
def call(
    *,
    by: Appointment,
    at: datetime,
    patrol: Patrol | None = None,
    position: tuple[float, float] | None = None,
    accuracy_m: int | None = None,
    words: str = "",
    neighbours: bool = False,
    key: uuid.UUID | None = None,
) -> Signal:
    """Call the own agency for help, whatever else holds: no patrol, role or assignment is asked for.

    `neighbours`: also the duty desks of neighbours at once, without waiting for an own answer (R24).
    """
    first = sent_before(Signal, key, sent_by=by)
    if first is not None:
        return first
    row = _signal(SignalKind.PANIC, patrol, by, at, position, accuracy_m, words, key, None)
    payload = {"signal": str(row.pk), "neighbours": neighbours}
    messages.emit(kind=CALLED, key=f"{CALLED}:{row.pk}", payload=payload)
    return row


def _signal(
    kind: SignalKind,
    patrol: Patrol | None,
    by: Appointment,
    at: datetime,
    position: tuple[float, float] | None,
    accuracy_m: int | None,
    words: str,
    key: uuid.UUID | None,
    next_at: datetime | None,
) -> Signal:
    latitude, longitude = position or (None, None)
    row = Signal.objects.create(
        id=usable(Signal, key),
        kind=kind,
        patrol=patrol.pk if patrol else None,
        sent_by=by,
        at=at,
        latitude=latitude,
        longitude=longitude,
        accuracy_m=accuracy_m,
        words=words,
        next_at=next_at,
    )
    data = {"patrol": row.patrol, "at": at}
    recording.record(verb=f"field.{kind.value}", by=by, subject_kind="signal", subject_id=row.pk, data=data)
    return row
