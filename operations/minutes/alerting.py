"""Alerts of minutes and action items: an agreement is awaited or lapsed, something was undertaken, falls due, is overdue.

Each for those whom it concerns when it is told, and who see the minutes then.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.register.facts import day_words
from agreements.sharing.models import Record
from operations.minutes import carrying
from operations.minutes.choices import ActionState, Decision, State
from operations.minutes.models import ActionItem, Minutes, MinutesCopy, Report
from operations.minutes.querysets import BINDING
from operations.minutes.reminders import OVERDUE, REMIND
from operations.sealing.alerting import Asking, key_of
from portal import second_lock
from portal.outbox import handlers, messages

TOLD, ACTED = "minutes.told", "minutes.acted"
AWAITED, REOPENED, ANNOTATED, AGREED = "minutes.awaited", "minutes.reopened", "minutes.annotated", "minutes.agreed"
GIVEN, DUE_SOON, LATE, REPORTED = "minutes.given", "minutes.due_soon", "minutes.late", "minutes.reported"
OF_ACTION = (GIVEN, DUE_SOON, LATE)
FAN_OUT = "finding those concerned"
ASKING = Asking(TOLD, AWAITED, REOPENED)
ask_sides, reopened, settle = ASKING.ask_sides, ASKING.lapsed, ASKING.settle


def register() -> None:
    """Tell the kinds, and the outbox who handles their causes."""
    for name, label, icon, urgency, mandatory, line in (
        (AWAITED, "Agreement to minutes awaited", "pen", Urgency.EXPECTED, False, _awaited_line),
        (REOPENED, "Agreement to minutes lapsed", "arrow-counterclockwise", Urgency.EXPECTED, False, _reopened_line),
        (ANNOTATED, "Minutes annotated", "chat-left-text", Urgency.EXPECTED, False, _annotated_line),
        (AGREED, "Minutes agreed by all", "patch-check", Urgency.FUTURE, False, _agreed_line),
    ):
        kinds.register(kinds.AlertKind(name, label, icon, urgency, mandatory, line, family=Family.MEETING))
    for name, label, icon, urgency, mandatory, line in (
        (GIVEN, "Action item undertaken", "list-check", Urgency.EXPECTED, False, _given_line),
        (DUE_SOON, "Action item falls due", "hourglass-split", Urgency.EXPECTED, False, _soon_line),
        (LATE, "Action item overdue", "exclamation-triangle", Urgency.IMMEDIATE, True, _late_line),
        (REPORTED, "Action item reported", "chat-left-text", Urgency.EXPECTED, False, _reported_line),
    ):
        kinds.register(kinds.AlertKind(name, label, icon, urgency, mandatory, line, url=_url, family=Family.TASK))
    handlers.register(TOLD, told)
    handlers.register(ACTED, acted)
    handlers.register(REMIND, remind)


# --- Lines: worked out when they are read ---


def _awaited_line(alert: Any) -> str:
    if alert.record.minutes.state != State.PUT:
        return f"“{alert.record.title}” wait for no agreement any more"
    return f"Your agency's agreement to “{alert.record.title}” is awaited"


def _reopened_line(alert: Any) -> str:
    return f"“{alert.record.title}” were changed after your agency had agreed: read them and agree again"


def _annotated_line(alert: Any) -> str:
    return f"An agency annotated “{alert.record.title}”"


def _agreed_line(alert: Any) -> str:
    return f"“{alert.record.title}” are agreed by all: this is your agency's copy"


def _item(alert: Any) -> ActionItem | None:
    return ActionItem.objects.select_related("agency").filter(pk=alert.subject).first() if alert.subject else None


def _url(alert: Any) -> str:
    return reverse("minutes:action-detail", args=[alert.subject])


def _told(alert: Any, words: str) -> str:
    item = _item(alert)
    if item is None:
        return f"An action item of “{alert.record.title}” was taken out"
    return words.format(text=str(item), agency=item.agency.short, day=day_words(item.due_on))


def _given_line(alert: Any) -> str:
    return _told(alert, "{agency} undertook “{text}” by {day}")


def _soon_line(alert: Any) -> str:
    return _told(alert, "“{text}” of {agency} falls due on {day}")


def _late_line(alert: Any) -> str:
    return _told(alert, "“{text}” of {agency} was due on {day}: report it, or say what keeps it")


def _reported_line(alert: Any) -> str:
    return _told(alert, "{agency} reported on “{text}”, due on {day}")


# --- Causes ---


def annotated(row: Minutes, approval: uuid.UUID, agency: uuid.UUID) -> None:
    """The others are told that one annotated them."""
    ASKING.tell_others(ANNOTATED, row, approval, agency)


def agreed(copy: MinutesCopy) -> None:
    ASKING.tell(AGREED, copy.pk, copy.record.owner_id, "")


def given(item: ActionItem, occurrence: str = "") -> None:
    """Its agency is told that it undertook it; a change of it, or of its officer, is another occurrence."""
    _act(GIVEN, item, occurrence)


def reported(row: Report) -> None:
    """The keeper of the minutes is told of a report by another agency."""
    if row.agency_id != row.minutes.record.owner_id:
        _act(REPORTED, row.action, str(row.pk))


def _act(what: str, item: ActionItem, occurrence: str) -> None:
    payload = {"what": what, "action": str(item.pk), "occurrence": occurrence}
    messages.emit(kind=ACTED, key=f"{what}:{item.pk}:{occurrence}", payload=payload)


def settle_action(item: ActionItem) -> None:
    """It is done, dropped or gone: nobody is asked for it any more."""
    for kind in OF_ACTION:
        raising.settle_all(kind=kind, prefix=f"{item.pk}:")


# --- Handlers ---


@second_lock.opened(FAN_OUT)
def told(payload: dict[str, Any]) -> None:
    """Alert those concerned, if it is still so."""
    record = Record.objects.select_related("owner").filter(pk=payload["record"]).first()
    if record is None or not _still(payload, record):
        return
    at = timezone.now()
    recipients = _callers(record, uuid.UUID(payload["agency"]), at)
    key = key_of(record.pk, payload["agency"], payload["occurrence"])
    raising.raise_alert(kind=payload["what"], key=key, recipients=recipients, record=record)


def _still(payload: dict[str, Any], record: Record) -> bool:
    if payload["what"] == AGREED:
        return True
    row = Minutes.objects.filter(pk=record.pk).first()
    if row is None or row.state != State.PUT:
        return False
    if payload["what"] == ANNOTATED:
        rows = row.approvals.standing().filter(pk=payload["occurrence"], decision=Decision.ANNOTATES)
        return rows.exists()
    return not row.approvals.standing().filter(agency=payload["agency"]).exists()


def _callers(record: Record, agency: uuid.UUID, at: datetime) -> list[Appointment]:
    """Officers who answer for an agency in meetings, and see the record now."""
    return concerned.who_see(record, concerned.who_may(Permission.MEETING_CALL, [agency], at), at)


def _binding(key: str) -> ActionItem | None:
    rows = ActionItem.objects.filter(minutes__state__in=BINDING).select_related("minutes__record__owner", "agency")
    return rows.filter(pk=key).first()


@second_lock.opened(FAN_OUT)
def acted(payload: dict[str, Any]) -> None:
    """What was undertaken, or reported, is told."""
    item, at = _binding(payload["action"]), timezone.now()
    if item is None or (payload["what"] == GIVEN and item.state != ActionState.OPEN):
        return
    record = item.minutes.record
    if payload["what"] == REPORTED:
        recipients = concerned.for_owner(record, Permission.MEETING_CALL, at)
    else:
        recipients = _doers(item, at)
    _raise(payload["what"], item, payload["occurrence"], recipients)


@second_lock.opened(FAN_OUT)
def remind(payload: dict[str, Any]) -> None:
    """It falls due soon, or is overdue; not when it is done by now, or another day was agreed on since."""
    item, at = _binding(payload["action"]), timezone.now()
    if item is None or item.state != ActionState.OPEN or item.due_on != date.fromisoformat(payload["due_on"]):
        return
    recipients, late = _doers(item, at), payload["what"] == OVERDUE
    if late:
        carrying.carry_over(at, [item.pk])
        recipients += concerned.for_owner(item.minutes.record, Permission.MEETING_CALL, at)
    _raise(LATE if late else DUE_SOON, item, f"{payload['due_on']}:{payload['offset']}", recipients)


def _doers(item: ActionItem, at: datetime) -> list[Appointment]:
    """The officer named for it, where there is one; whoever answers for the agency in meetings otherwise."""
    record = item.minutes.record
    named = concerned.who_see(record, concerned.holders([item.officer_id], at), at) if item.officer_id else []
    return named or _callers(record, item.agency_id, at)


def _raise(kind: str, item: ActionItem, occurrence: str, recipients: Iterable[Appointment]) -> None:
    raising.raise_alert(
        kind=kind,
        key=f"{item.pk}:{occurrence}",
        recipients=recipients,
        record=item.minutes.record,
        subject=str(item.pk),
    )
