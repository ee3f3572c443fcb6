"""Alerts of alarms: to the own officers, the own desk, partners who read the notice, and back to the team."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Certainty, Family, Severity, Urgency
from agreements.sharing.models import Assignment
from operations.field.actions.signals import CALLED, MISSED, WELL
from operations.field.choices import SignalKind
from operations.field.models import Signal
from operations.patrols.choices import PatrolState
from operations.patrols.models import Leg, Patrol
from operations.safety.actions import alarms, escalation, notices
from operations.safety.actions.alarms import ACKNOWLEDGED, CLOSED, STEP
from operations.safety.actions.notices import ANSWERED, NOTICED
from operations.safety.choices import Cause, Result, Step
from operations.safety.models import Alarm, Answer, Notice
from portal import second_lock
from portal.outbox import handlers

DESK, OVER = "safety.desk", "safety.over"
# The recipients are of the agency that it is about, and asked for again when it is sent.
_ALONE: dict[str, Any] = {"standalone": True}


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    now, immediate = "exclamation-octagon", Urgency.IMMEDIATE
    for kind in (
        kinds.AlertKind(
            MISSED,
            "Check-in missed",
            "person-exclamation",
            immediate,
            True,
            _missed,
            _page,
            family=Family.PATROL,
            severity=Severity.SEVERE,
            certainty=Certainty.POSSIBLE,
            **_ALONE,
        ),
        kinds.AlertKind(
            DESK,
            "Nobody acts on an alarm",
            "person-exclamation",
            immediate,
            True,
            _desk,
            _page,
            family=Family.PATROL,
            severity=Severity.EXTREME,
            **_ALONE,
        ),
        kinds.AlertKind(
            CALLED,
            "Call for help",
            now,
            immediate,
            True,
            _called,
            _page,
            family=Family.PATROL,
            severity=Severity.EXTREME,
            **_ALONE,
        ),
        kinds.AlertKind(
            ACKNOWLEDGED,
            "Somebody acts on it",
            "check2-circle",
            immediate,
            True,
            _heard,
            _page,
            family=Family.PATROL,
            severity=Severity.SEVERE,
            **_ALONE,
        ),
        kinds.AlertKind(
            ANSWERED,
            "A partner answers",
            "reply",
            immediate,
            True,
            _answered,
            _page,
            family=Family.PATROL,
            severity=Severity.SEVERE,
            **_ALONE,
        ),
        kinds.AlertKind(
            NOTICED,
            "Alarm of a partner",
            now,
            immediate,
            True,
            _noticed,
            family=Family.PATROL,
            severity=Severity.EXTREME,
        ),
        kinds.AlertKind(
            OVER,
            "Alarm of a partner is over",
            "check2-circle",
            Urgency.EXPECTED,
            True,
            _over,
            family=Family.PATROL,
            severity=Severity.MINOR,
        ),
    ):
        kinds.register(kind)
    handlers.register(MISSED, missed)
    handlers.register(CALLED, called)
    handlers.register(WELL, well)
    handlers.register(STEP, step)
    handlers.register(ACKNOWLEDGED, acknowledged)
    handlers.register(CLOSED, closed)
    handlers.register(NOTICED, noticed)
    handlers.register(ANSWERED, answered)


def _page(alert: Any) -> str:
    return reverse("safety:alarm-of-signal", args=[alert.subject])


def _missed(alert: Any) -> str:
    return "A team of your agency has not checked in"


def _desk(alert: Any) -> str:
    return "A team of your agency has not checked in, and nobody acts on it yet"


def _called(alert: Any) -> str:
    return "An officer of your agency calls for help"


def _heard(alert: Any) -> str:
    return "Your alarm was heard: somebody of your agency acts on it"


def _answered(alert: Any) -> str:
    return "A partner has answered your alarm"


def _noticed(alert: Any) -> str:
    return f"“{alert.record.title}”: a partner's team may need help. Say whether your desk acts on it"


def _over(alert: Any) -> str:
    return f"“{alert.record.title}”: it is over"


def _signal(payload: dict[str, Any], name: str = "signal") -> Signal | None:
    rows = Signal.objects.select_related("sent_by__officer", "sent_by__agency__country")
    return rows.filter(pk=payload[name]).first()


@second_lock.opened("whether the patrol of a missed check-in is over")
def missed(payload: dict[str, Any]) -> None:
    """Raise the alarm, unless the team has checked in since or its patrol is over."""
    row = _signal(payload)
    if row is None or row.next_at is None or _is_well(row):
        return
    _begin(row, Cause.MISSED)


def called(payload: dict[str, Any]) -> None:
    """Raise the alarm of who calls for help."""
    row = _signal(payload)
    if row is not None:
        with second_lock.opened("whom a call for help is told to"):
            _begin(row, Cause.CALLED, neighbours=bool(payload.get("neighbours")))


def _is_well(row: Signal) -> bool:
    """Whether the team has checked in since, its patrol is over, or all of its legs have ended since: it went home."""
    agency = row.sent_by.agency_id
    later = Signal.objects.filter(patrol=row.patrol, sent_by__agency=agency, at__gt=row.at, kind=SignalKind.CHECK_IN)
    over = Patrol.objects.filter(pk=row.patrol).exclude(state=PatrolState.ACTIVE)
    legs = Leg.objects.filter(record__host=row.patrol, record__owner=agency)
    home = not legs.filter(ended_at=None).exists() and legs.filter(ended_at__gt=row.at).exists()
    return later.exists() or over.exists() or home


def _begin(signal: Signal, cause: Cause, *, neighbours: bool = False) -> None:
    alarm, new = alarms.raise_alarm(signal=signal, cause=cause, neighbours=neighbours)
    if not new:
        return
    for each in escalation.arm(alarm):
        _take(alarm, each)


@second_lock.opened("whom an alarm is told to next")
def step(payload: dict[str, Any]) -> None:
    """The next step, unless somebody acts on it, or the team is well."""
    alarm = alarms.locked(payload["alarm"])
    if alarm is None or alarm.closed_at is not None or alarm.acknowledged_at is not None:
        return
    if alarm.cause == Cause.MISSED and _is_well(alarm.signal):
        alarms.end(alarm, None, alarms.OVER)
        return
    _take(alarm, Step(payload["step"]))


def _take(alarm: Alarm, each: Step) -> None:
    match each:
        case Step.TEAM:
            _tell_team(alarm)
        case Step.DESK:
            _tell_desk(alarm)
        case Step.PARTNERS:
            if not hasattr(alarm, "notice"):
                escalation.tell_partners(alarm)
        case Step.NEIGHBOURS:
            if alarm.call is None:
                escalation.call_neighbours(alarm)


def _tell_team(alarm: Alarm) -> None:
    """The own officers assigned in the operation. Where nobody is, but who is missed, the desk at once."""
    people = assigned(alarm)
    others = [row for row in people if row.officer_id != alarm.signal.sent_by.officer_id]
    key = str(alarm.signal_id)
    raising.raise_alert(kind=MISSED, key=key, recipients=people, subject=key)
    escalation.note(alarm, Step.TEAM, Result.TOLD if people else Result.NOBODY, count=len(people))
    if not others:
        _tell_desk(alarm)


def assigned(alarm: Alarm) -> list[Appointment]:
    """Officers of the own agency who run patrols and are assigned in the operation of the patrol, and who sent it."""
    operation = Patrol.objects.filter(pk=alarm.signal.patrol).values_list("record__operation", flat=True).first()
    at = timezone.now()
    rows = Assignment.objects.filter(
        participation__circle__record=operation, participation__ended_at=None, ended_at=None
    )
    keys = {alarm.signal.sent_by_id, *rows.values_list("appointment", flat=True)} if operation else set()
    return [
        row for row in concerned.who_may(Permission.PATROL_RUN, [alarm.agency_id], at) if keys.intersection(row.chain)
    ]


def _tell_desk(alarm: Alarm) -> None:
    """Whoever acts for the duty desk of the own agency, but who called."""
    people = concerned.who_may(Permission.DISTRESS_SEND, [alarm.agency_id], timezone.now())
    others = [row for row in people if row.officer_id != alarm.signal.sent_by.officer_id]
    key, kind = str(alarm.signal_id), DESK if alarm.cause == Cause.MISSED else CALLED
    raising.raise_alert(kind=kind, key=key, recipients=others, subject=key)
    escalation.note(alarm, Step.DESK, Result.TOLD if others else Result.NOBODY, count=len(others))


def settle(alarm: Alarm) -> None:
    for kind in (MISSED, DESK, CALLED):
        raising.settle(kind=kind, key=str(alarm.signal_id))


def well(payload: dict[str, Any]) -> None:
    """The team has checked in: its alarm is over."""
    row = Alarm.objects.filter(signal=payload["signal"], closed_at=None).first()
    later = _signal(payload, "well")
    if row is not None and later is not None:
        with transaction.atomic():
            found = alarms.locked(row.pk)
            if found is not None and found.closed_at is None:
                alarms.end(found, later.sent_by, alarms.WELL)


def acknowledged(payload: dict[str, Any]) -> None:
    """Nobody else need look; who is out there is told."""
    row = Alarm.objects.select_related("signal__sent_by__officer", "signal__sent_by__agency").get(pk=payload["alarm"])
    settle(row)
    sender = row.signal.sent_by.held_on(timezone.now())
    if sender is not None and row.acknowledged_by_id != sender.pk:
        key = str(row.signal_id)
        raising.raise_alert(kind=ACKNOWLEDGED, key=key, recipients=[sender], subject=key)


@second_lock.opened("finding those concerned")
def closed(payload: dict[str, Any]) -> None:
    """All who were told may stop: also partners who read the notice."""
    row = Alarm.objects.select_related("notice__record__owner").get(pk=payload["alarm"])
    settle(row)
    notice = getattr(row, "notice", None)
    if notice is not None:
        raising.settle(kind=NOTICED, key=str(notice.pk))
        raising.raise_alert(kind=OVER, key=str(notice.pk), recipients=_readers(notice), record=notice.record)


@second_lock.opened("finding those concerned")
def noticed(payload: dict[str, Any]) -> None:
    """The desks of the partners on the patrol that see the notice now."""
    notice = Notice.objects.select_related("record__owner", "alarm").filter(pk=payload["notice"]).first()
    if notice is None or notice.alarm.closed_at is not None:
        return
    raising.raise_alert(kind=NOTICED, key=str(notice.pk), recipients=_readers(notice), record=notice.record)


def _readers(notice: Notice) -> list[Appointment]:
    at = timezone.now()
    patrol = Patrol.objects.filter(pk=notice.record.host_id).first()
    agencies = [row.pk for row in notices.partners_of(patrol, notice.record.owner)] if patrol else []
    return concerned.who_see(notice.record, concerned.who_may(Permission.DISTRESS_SEND, agencies, at), at)


@second_lock.opened("finding those concerned")
def answered(payload: dict[str, Any]) -> None:
    """The own desk and who is out there read what the partner says; nobody else there need look."""
    row = Answer.objects.select_related("notice__alarm__signal__sent_by").filter(pk=payload["answer"]).first()
    if row is None:
        return
    alarm, at = row.notice.alarm, timezone.now()
    people = concerned.who_may(Permission.DISTRESS_SEND, [alarm.agency_id], at)
    sender = concerned.holders([alarm.signal.sent_by_id], at)
    subject = str(alarm.signal_id)
    raising.raise_alert(kind=ANSWERED, key=str(row.pk), recipients=[*people, *sender], subject=subject)
