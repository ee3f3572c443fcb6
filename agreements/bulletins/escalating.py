"""Until an agency acknowledges: one reminder at half of the time, and then its duty chain, one step after the other.

Each is a due row of its own, and each effect has a unique key: swept twice, told once. A step whose people are not
there, or may not see it, is passed over at once.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from agencies.chains.duty import OnDuty, on_duty
from agreements.alerts import concerned
from agreements.bulletins import alerting
from agreements.bulletins.models import Escalation, Receipt
from agreements.bulletins.scopes import people
from portal import second_lock
from portal.outbox import due, handlers

REMIND, ESCALATE = "bulletins.remind", "bulletins.escalate"


def register() -> None:
    """Tell the outbox who handles what falls due."""
    handlers.register(REMIND, remind)
    handlers.register(ESCALATE, escalate)


def _key(row: Receipt) -> str:
    return f"bulletin:{row.pk}:"


def arm(row: Receipt) -> None:
    """Arm the reminder and the first step, where the agency is asked to acknowledge."""
    bulletin = row.bulletin
    if bulletin.minutes is None or bulletin.deadline_at is None:
        return
    zone = row.agency.time_zone
    payload = {"receipt": str(row.pk)}
    half = bulletin.sent_at + timedelta(minutes=bulletin.minutes) / 2
    due.schedule(kind=REMIND, key=f"{_key(row)}remind", fire_at=half, payload=payload, zone=zone)
    _arm_step(row, 1, bulletin.deadline_at)


def _arm_step(row: Receipt, number: int, at: datetime) -> None:
    payload = {"receipt": str(row.pk), "number": number}
    due.schedule(kind=ESCALATE, key=f"{_key(row)}step:{number}", fire_at=at, payload=payload, zone=row.agency.time_zone)


def disarm(row: Receipt) -> None:
    due.cancel(key_prefix=_key(row))


def _waiting(payload: dict[str, Any]) -> Receipt | None:
    """The receipt, locked, if it is still asked for."""
    rows = Receipt.objects.select_for_update(of=("self",)).unanswered()
    return (
        rows.select_related("agency__country", "bulletin__record__owner__country", "bulletin__record__operation")
        .filter(pk=payload["receipt"])
        .first()
    )


@second_lock.opened(alerting.FAN_OUT)
def remind(payload: dict[str, Any]) -> None:
    """Tell once more whom it is addressed to there, of those who see it now."""
    row = _waiting(payload)
    if row is None or row.reminded_at is not None:
        return
    now = timezone.now()
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    alerting.tell_tables(row.bulletin)
    targets = list(
        row.bulletin.targets.filter(agency=row.agency_id).select_related(
            "agency__country", "appointment__officer", "appointment__agency__country"
        )
    )
    alerting.tell(alerting.REMINDED, row.bulletin, str(row.pk), people(targets, row.record, now))


@second_lock.opened(alerting.FAN_OUT)
def escalate(payload: dict[str, Any]) -> None:
    """Tell the next step that is on duty, and arm the one after it; at the end of the chain tell who sent it."""
    row, number = _waiting(payload), payload["number"]
    if row is None or row.escalations.filter(number=number).exists() or row.exhausted_at is not None:
        return
    now = timezone.now()
    alerting.tell_tables(row.bulletin)
    step = _next(row, now)
    if step is None:
        row.exhausted_at = now
        row.save(update_fields=["exhausted_at"])
        alerting.tell(alerting.SILENT, row.bulletin, str(row.pk), alerting.senders(row.bulletin))
        return
    found = concerned.who_see(row.record, step.people, now)
    Escalation.objects.create(
        bulletin=row.bulletin,
        receipt=row,
        number=number,
        position=step.position,
        words=step.words,
        reached=bool(found),
        at=now,
    )
    alerting.tell(alerting.ESCALATED, row.bulletin, f"{row.pk}:{number}", found)
    wait = timedelta(minutes=step.wait) if found else timedelta()
    _arm_step(row, number + 1, now + wait)


def _next(row: Receipt, at: datetime) -> OnDuty | None:
    """The first step on duty after the one that was told last."""
    last = row.escalations.order_by("-number").values_list("position", flat=True).first() or 0
    return next((step for step in on_duty(row.agency, at) if step.position > last), None)
