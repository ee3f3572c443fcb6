"""Raise an alarm, act on it, close it. Of the own agency alone; what partners are told is a record (notices)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.distress import actions as distress
from agreements.distress.choices import CallState
from operations.field.models import Signal
from operations.patrols import rights
from operations.safety.choices import Cause
from operations.safety.models import Alarm
from portal.audit import recording
from portal.outbox import due, messages
from portal.ui.errors import Refused

ACKNOWLEDGED, CLOSED, STEP = "safety.acknowledged", "safety.closed", "safety.step"
WELL = "The team has checked in."
OVER = "The patrol is over, or the team has ended its leg."


def raise_alarm(*, signal: Signal, cause: Cause, neighbours: bool = False) -> tuple[Alarm, bool]:
    """The alarm of that signal, and whether it is new: one for each."""
    defaults = {"agency": signal.sent_by.agency, "cause": cause, "neighbours_asked": neighbours}
    row, new = Alarm.objects.get_or_create(signal=signal, defaults=defaults)
    if new:
        _note("alarm.raise", row, None, cause=cause.value, signal=signal.pk)
    return row, new


@transaction.atomic
def acknowledge(*, alarm: Alarm, by: Appointment) -> Alarm:
    """An officer of the own agency acts on it: the team reads by whom, by function, and it is told no further."""
    row = _locked(alarm, by)
    if row.signal.sent_by.officer_id == by.officer_id and row.cause == Cause.CALLED:
        raise Refused("You called yourself: somebody else acts on it.", code="state")
    if row.closed_at is not None:
        raise Refused("It is closed already.", code="state")
    if row.acknowledged_by is not None:
        raise Refused(f"Somebody acts on it already: {row.acknowledged_by.function}.", code="state")
    row.acknowledged_by, row.acknowledged_at = by, timezone.now()
    row.save(update_fields=["acknowledged_by", "acknowledged_at"])
    _note("alarm.acknowledge", row, by)
    due.cancel(key_prefix=step_key(row))
    messages.emit(kind=ACKNOWLEDGED, key=f"{ACKNOWLEDGED}:{row.pk}", payload={"alarm": str(row.pk)})
    return row


@transaction.atomic
def close(*, alarm: Alarm, by: Appointment, outcome: str) -> Alarm:
    """It is over: the desks, partners and neighbours that were told are told that too."""
    row = _locked(alarm, by)
    if row.closed_at is not None:
        raise Refused("It is closed already.", code="state")
    if not outcome.strip():
        raise Refused("Say how it ended: it is kept.", field="outcome")
    return end(row, by, outcome.strip())


def end(row: Alarm, by: Appointment | None, outcome: str) -> Alarm:
    """Close a locked alarm: also by the portal, when the team has checked in or its patrol is over."""
    row.closed_by, row.closed_at, row.outcome = by, timezone.now(), outcome
    row.save(update_fields=["closed_by", "closed_at", "outcome"])
    _note("alarm.close", row, by, outcome=outcome)
    due.cancel(key_prefix=step_key(row))
    messages.emit(kind=CLOSED, key=f"{CLOSED}:{row.pk}", payload={"alarm": str(row.pk)})
    call = row.call
    is_live = call is not None and call.state_at(timezone.now()) == CallState.LIVE
    if call is not None and is_live and by is not None and by.may(Permission.DISTRESS_SEND):
        distress.declare_over(call=call, by=by)
    return row


def locked(key: Any) -> Alarm | None:
    rows = Alarm.objects.select_for_update(of=("self",))
    return (
        rows.select_related("agency", "signal__sent_by__officer", "signal__sent_by__agency__country", "call")
        .filter(pk=key)
        .first()
    )


def _locked(alarm: Alarm, by: Appointment) -> Alarm:
    """The row for a change by an officer of the own agency who runs patrols."""
    row = locked(alarm.pk)
    if row is None or row.agency_id not in by.agencies:
        raise Refused("There is no such alarm.", code="not_found")
    rights.require_role(by, Permission.PATROL_RUN)
    return row


def step_key(row: Alarm) -> str:
    return f"{STEP}:{row.pk}:"


def _note(verb: str, row: Alarm, by: Appointment | None, **data: object) -> None:
    """Neither place nor words of the call: the ledger outlives it."""
    recording.record(verb=verb, by=by, subject_kind="alarm", subject_id=row.pk, data=data)
