"""Alerts of joint reports: a signature is awaited, was reopened, a side disagrees, all have signed. Each for the
officers of a side who are assigned there and see the record now."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.sharing.models import Assignment, Record
from operations.joint.choices import Decision, State
from operations.joint.models import JointReport, SealedCopy
from operations.sealing.alerting import Asking, key_of
from portal import second_lock
from portal.outbox import handlers

TOLD = "joint.told"
AWAITED, REOPENED, DISAGREED, SEALED = "joint.awaited", "joint.reopened", "joint.disagreed", "joint.sealed"
ASKING = Asking(TOLD, AWAITED, REOPENED)
ask_sides, reopened, settle = ASKING.ask_sides, ASKING.lapsed, ASKING.settle


def register() -> None:
    """Tell the kinds, and the outbox who handles their cause."""
    for kind in (
        kinds.AlertKind(
            AWAITED, "Signature awaited", "pen", Urgency.EXPECTED, False, _awaited_line, family=Family.ANSWER_DUE
        ),
        kinds.AlertKind(
            REOPENED,
            "Signature reopened",
            "arrow-counterclockwise",
            Urgency.EXPECTED,
            False,
            _reopened_line,
            family=Family.ANSWER_DUE,
        ),
        kinds.AlertKind(
            DISAGREED,
            "A side disagrees",
            "chat-left-text",
            Urgency.EXPECTED,
            False,
            _disagreed_line,
            family=Family.ANSWER_DUE,
        ),
        kinds.AlertKind(
            SEALED,
            "Joint report signed by all",
            "patch-check",
            Urgency.FUTURE,
            False,
            _sealed_line,
            family=Family.ANSWER_DUE,
        ),
    ):
        kinds.register(kind)
    handlers.register(TOLD, told)


def _awaited_line(alert: Any) -> str:
    if alert.record.joint_report.state != State.OPEN:
        return f"“{alert.record.title}” waits for no signature any more"
    return f"Your side's signature is awaited on “{alert.record.title}”"


def _reopened_line(alert: Any) -> str:
    return f"“{alert.record.title}” was changed after your side had signed it: read it and sign again"


def _disagreed_line(alert: Any) -> str:
    return f"A side signed “{alert.record.title}” with a statement of its own"


def _sealed_line(alert: Any) -> str:
    return f"“{alert.record.title}” is signed by all: this is your agency's copy"


def disagreed(row: JointReport, signature: uuid.UUID, agency: uuid.UUID) -> None:
    """The other sides are told that one signed with a statement of its own."""
    ASKING.tell_others(DISAGREED, row, signature, agency)


def sealed(copy: SealedCopy) -> None:
    ASKING.tell(SEALED, copy.pk, copy.record.owner_id, "")


@second_lock.opened("finding those concerned")
def told(payload: dict[str, Any]) -> None:
    """Alert those concerned, if it is still so."""
    record = Record.objects.select_related("owner").filter(pk=payload["record"]).first()
    if record is None or not _still(payload, record):
        return
    at = timezone.now()
    agency = uuid.UUID(payload["agency"])
    recipients = concerned.who_see(record, _assigned(record, agency, at), at)
    key = key_of(record.pk, payload["agency"], payload["occurrence"])
    raising.raise_alert(kind=payload["what"], key=key, recipients=recipients, record=record)


def _still(payload: dict[str, Any], record: Record) -> bool:
    if payload["what"] == SEALED:
        return True
    row = JointReport.objects.filter(pk=record.pk).first()
    if row is None or row.state != State.OPEN:
        return False
    signed = row.signatures.standing().filter(agency=payload["agency"])
    if payload["what"] == DISAGREED:
        return row.signatures.standing().filter(pk=payload["occurrence"], decision=Decision.DISAGREES).exists()
    return not signed.exists()


def _assigned(record: Record, agency: uuid.UUID, at: datetime) -> list[Appointment]:
    """The officers of the agency who are assigned in the operation and run patrols; whoever else does, where none is."""
    day = at.date()
    rows = Assignment.objects.filter(
        Q(ended_at=None) & (Q(ends_on=None) | Q(ends_on__gte=day)),
        participation__circle__record=record.operation_id,
        participation__agency=agency,
        participation__ended_at=None,
        participation__accepted_at__isnull=False,
    )
    able = concerned.who_may(Permission.PATROL_RUN, [agency], at)
    named = set(rows.values_list("appointment", flat=True))
    return [person for person in able if person.pk in named] or able
