"""Alerts of bulletins: sent, not acknowledged yet, escalated, acknowledged, cancelled, updated. Each for those who see
the bulletin at that moment; rights are asked again whenever somebody is told (R13)."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.alerts.models import Alert
from agreements.bulletins.choices import BulletinEnd
from agreements.bulletins.models import Bulletin, Receipt
from agreements.bulletins.scopes import people
from portal import second_lock
from portal.live import telling
from portal.outbox import handlers, messages

# What open tables of receipts listen for.
RECEIPTS = "receipts"
FAN_OUT = "finding those concerned"
SENT, REMINDED, ESCALATED = "bulletins.sent", "bulletins.reminded", "bulletins.escalated"
ACKNOWLEDGED, SILENT, ENDED = "bulletins.acknowledged", "bulletins.silent", "bulletins.ended"
# What nobody need do any more once the agency has acknowledged, or the bulletin is over.
ASKING = (SENT, REMINDED, ESCALATED)


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    for name, label, icon, urgency, mandatory, line in (
        (SENT, "Bulletin", "megaphone", Urgency.IMMEDIATE, True, _sent_line),
        (REMINDED, "Bulletin not acknowledged", "alarm", Urgency.IMMEDIATE, True, _reminded_line),
        (ESCALATED, "Bulletin escalated to you", "arrow-up-circle", Urgency.IMMEDIATE, True, _escalated_line),
        (ACKNOWLEDGED, "Bulletin acknowledged", "check2-circle", Urgency.PAST, False, _acknowledged_line),
        (SILENT, "Nobody acknowledges a bulletin", "telephone", Urgency.IMMEDIATE, True, _silent_line),
        (ENDED, "Bulletin stands no more", "slash-circle", Urgency.EXPECTED, True, _ended_line),
    ):
        kinds.register(kinds.AlertKind(name, label, icon, urgency, mandatory, line, family=Family.BULLETIN))
    handlers.register(SENT, sent)
    handlers.register(ACKNOWLEDGED, acknowledged)
    handlers.register(ENDED, ended)


def _sent_line(alert: Any) -> str:
    anew = "updates an alert" if alert.record.bulletin.supersedes_id else "alerts you"
    return f"{alert.record.owner.short} {anew}: “{alert.record.title}”"


def _reminded_line(alert: Any) -> str:
    return f"Nobody of your agency has acknowledged “{alert.record.title}” yet"


def _escalated_line(alert: Any) -> str:
    return f"Your agency has not acknowledged “{alert.record.title}” in time: you are next on duty"


def _acknowledged_line(alert: Any) -> str:
    return f"An agency acknowledged “{alert.record.title}”"


def _silent_line(alert: Any) -> str:
    return f"An agency's duty chain was told to the end and nobody acknowledged “{alert.record.title}”: telephone"


def _ended_line(alert: Any) -> str:
    row = alert.record.bulletin
    how = "was updated: read the new one" if row.ending == BulletinEnd.UPDATED else "was cancelled"
    return f"“{alert.record.title}” of {alert.record.owner.short} {how}"


def tell(kind: str, row: Bulletin, key: str, recipients: Iterable[Appointment], **values: Any) -> int:
    """Raise an alert of the bulletin, as grave as it says itself, marked where it is an exercise."""
    return raising.raise_alert(
        kind=kind,
        key=key,
        recipients=recipients,
        record=row.record,
        severity=row.severity,  # type: ignore[arg-type]
        certainty=row.certainty,  # type: ignore[arg-type]
        exercise=row.exercise,
        **values,
    )


def tell_sent(row: Bulletin) -> None:
    messages.emit(kind=SENT, key=f"{SENT}:{row.pk}", payload={"bulletin": str(row.pk)})


def tell_acknowledged(row: Receipt) -> None:
    messages.emit(kind=ACKNOWLEDGED, key=f"{ACKNOWLEDGED}:{row.pk}", payload={"receipt": str(row.pk)})


def tell_ended(row: Bulletin) -> None:
    messages.emit(kind=ENDED, key=f"{ENDED}:{row.pk}", payload={"bulletin": str(row.pk)})


def tell_tables(row: Bulletin) -> None:
    """Open tables of receipts are asked for again: at the sender's, and at each agency that was alerted."""
    agencies = {row.record.owner_id, *row.receipts.values_list("agency", flat=True)}
    telling.tell(RECEIPTS, map(str, agencies))


def settle(row: Receipt) -> None:
    """Nobody else of that agency need acknowledge."""
    people = Appointment.objects.standing_for([row.agency_id], timezone.now())
    raising.settle_these(
        Alert.objects.filter(kind__in=ASKING, record=row.bulletin_id, appointment__in=people, done_at=None)
    )


def supersede(row: Bulletin) -> None:
    raising.supersede(names=(*ASKING, ACKNOWLEDGED, SILENT), record=row.record)


def senders(row: Bulletin) -> list[Appointment]:
    """Who sent it, if that officer still sees it; else who of the sender's agency may send such."""
    at = timezone.now()
    found = concerned.who_see(row.record, concerned.holders([row.record.author_id], at), at)
    return found or concerned.for_owner(row.record, Permission.BULLETIN_SEND, at)


def _bulletin(payload: dict[str, Any]) -> Bulletin | None:
    rows = Bulletin.objects.select_related("record__owner__country", "record__operation")
    return rows.filter(pk=payload["bulletin"]).first()


@second_lock.opened(FAN_OUT)
def sent(payload: dict[str, Any]) -> None:
    """Alert whom it is addressed to, of those who see it now."""
    row = _bulletin(payload)
    if row is None or not row.is_open:
        return
    targets = list(
        row.targets.select_related("agency__country", "appointment__officer", "appointment__agency__country")
    )
    tell(SENT, row, str(row.pk), people(targets, row.record, timezone.now()), urgency=row.urgency)


@second_lock.opened(FAN_OUT)
def acknowledged(payload: dict[str, Any]) -> None:
    """Who sent it is told that an agency acknowledged."""
    row = Receipt.objects.select_related("bulletin__record__owner").filter(pk=payload["receipt"]).first()
    if row is None or row.acknowledged_by_id is None:
        return
    found = [person for person in senders(row.bulletin) if row.acknowledged_by_id not in person.chain]
    tell(ACKNOWLEDGED, row.bulletin, str(row.pk), found)


@second_lock.opened(FAN_OUT)
def ended(payload: dict[str, Any]) -> None:
    """Whoever was told of it and still sees it; of an update, who is not told of the new one."""
    row = _bulletin(payload)
    if row is None or row.is_open:
        return
    at = timezone.now()
    told = Alert.objects.filter(kind__in=ASKING, record=row.record).values("appointment")
    found = concerned.who_see(row.record, concerned.holders(told, at), at)
    if row.ending == BulletinEnd.UPDATED:
        newer = Bulletin.objects.filter(supersedes=row).select_related("record").first()
        seeing = {person.pk for person in concerned.who_see(newer.record, found, at)} if newer else set()
        found = [person for person in found if person.pk not in seeing]
    tell(ENDED, row, str(row.pk), [person for person in found if row.ended_by_id not in person.chain])
