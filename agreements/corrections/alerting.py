"""Alerts about corrections: one was proposed, one was answered. Each for those who may know of it now."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, raising
from agreements.alerts.choices import Family, Urgency
from agreements.alerts.kinds import AlertKind
from agreements.alerts.kinds import register as register_kind
from agreements.alerts.models import Alert
from agreements.corrections import causes
from agreements.corrections.lifecycle import CorrectionState
from agreements.corrections.models import Correction
from agreements.sharing import kinds
from agreements.sharing.models import Record
from portal import second_lock
from portal.outbox import handlers

# Who is concerned is asked of the policy, officer by officer.
FAN_OUT = "finding those concerned"
PROPOSED = "corrections.proposed"
ACCEPTED = "corrections.accepted"
DECLINED = "corrections.declined"
ANSWERS = {CorrectionState.ACCEPTED: ACCEPTED, CorrectionState.DECLINED: DECLINED}


def _record(alert: Alert) -> Record:
    assert alert.record is not None
    return alert.record


def _what(alert: Alert) -> str:
    record = _record(alert)
    return f"the {kinds.get(record.kind).label.lower()} “{record.title}”"


def _proposed(alert: Alert) -> str:
    return f"A partner proposes a correction of {_what(alert)}"


def _accepted(alert: Alert) -> str:
    return f"{_record(alert).owner.short} accepted your proposed correction of {_what(alert)}"


def _declined(alert: Alert) -> str:
    return f"{_record(alert).owner.short} declined your proposed correction of {_what(alert)}"


def _page(alert: Alert) -> str:
    return reverse("corrections:correction-detail", args=[alert.subject])


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    for kind in (
        AlertKind(
            PROPOSED,
            "Correction proposed",
            "pencil-square",
            Urgency.EXPECTED,
            False,
            _proposed,
            _page,
            family=Family.ANSWER_DUE,
        ),
        AlertKind(
            ACCEPTED,
            "Correction accepted",
            "check2-circle",
            Urgency.PAST,
            False,
            _accepted,
            _page,
            family=Family.ANSWER_DUE,
        ),
        AlertKind(
            DECLINED, "Correction declined", "x-circle", Urgency.PAST, False, _declined, _page, family=Family.ANSWER_DUE
        ),
    ):
        register_kind(kind)
    handlers.register(causes.PROPOSED, proposed)
    handlers.register(causes.ANSWERED, answered)


@second_lock.opened(FAN_OUT)
def proposed(payload: dict[str, Any]) -> None:
    """Alert the record's author, or else whoever of its owner may answer; each only if the record is visible now."""
    row = _correction(payload)
    if row is None or row.state != CorrectionState.OPEN:
        return
    _raise(PROPOSED, row, concerned.for_owner(row.record, Permission.RECORD_ANSWER, timezone.now()))


@second_lock.opened(FAN_OUT)
def answered(payload: dict[str, Any]) -> None:
    """It waits for nobody any more. Alert who proposed it of the owner's answer, while the record is visible."""
    row = _correction(payload)
    if row is None:
        return
    raising.settle(kind=PROPOSED, key=str(row.pk))
    kind, at = ANSWERS.get(CorrectionState(row.state)), timezone.now()
    if kind is not None and row.proposed_by.is_in_effect(at):
        _raise(kind, row, concerned.who_see(row.record, [row.proposed_by], at))


def _raise(kind: str, row: Correction, recipients: list[Appointment]) -> None:
    raising.raise_alert(kind=kind, key=str(row.pk), recipients=recipients, record=row.record, subject=str(row.pk))


def _correction(payload: dict[str, Any]) -> Correction | None:
    rows = Correction.objects.with_words().select_related("record__author__officer", "record__author__agency__country")
    return rows.filter(pk=payload["correction"]).first()
