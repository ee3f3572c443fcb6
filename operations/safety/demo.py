"""The demonstration's alarms: one of yesterday that went well, and a team that has not checked in."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from operations.field.actions import signals
from operations.field.demo import patrol_under_way, release
from operations.field.models import Signal
from operations.patrols.models import Patrol
from operations.planning.demo import appointment, key_of
from operations.safety.actions import alarms, escalation, notices, timers
from operations.safety.choices import Cause, Result, Step
from operations.safety.models import Alarm, Answer, Told
from portal.ui import demo

MINUTE = timedelta(minutes=1)


@transaction.atomic
def load() -> int:
    """Timers and alarms, if they are not there yet; how many are new."""
    made, now = 0, timezone.now()
    night = Patrol.objects.filter(pk=key_of("Lake Constance Autumn Untersee night -1 ")).first()
    if night is not None and not Signal.objects.filter(pk=key_of("call of the night")).exists():
        _answered(night)
        made += 1
    under_way = patrol_under_way()
    if under_way is not None and not Signal.objects.filter(patrol=under_way.pk).exists():
        timers.set_timer(patrol=under_way, by=appointment("ch.leader"), every=60)
        made += 1
    weir = Patrol.objects.filter(pk=key_of("Upper Rhine Night Rheinfelden weir today "), state="active").first()
    if weir is not None and not Signal.objects.filter(patrol=weir.pk).exists():
        # The next one was due two minutes ago: the portal notices it by itself.
        leader = appointment("de.leader")
        signals.check_in(
            patrol=weir, by=leader, at=now - 32 * MINUTE, position=(47.5706, 7.8131), accuracy_m=15, next_minutes=30
        )
        made += 1
    return made


def _answered(patrol: Patrol) -> None:
    """Yesterday night: a call for help, an answer within two minutes, a partner's boat on its way, nobody hurt."""
    assert patrol.started_at is not None
    at = patrol.started_at + 95 * MINUTE
    leader, desk, partner = appointment("ch.leader"), appointment("ch.liaison"), appointment("de.liaison")
    signal = signals.call(
        by=leader,
        at=at,
        patrol=patrol,
        position=(47.6689, 9.0312),
        accuracy_m=20,
        words="Engine on fire, two on board, drifting to the reeds.",
        key=key_of("call of the night"),
    )
    alarm, _ = alarms.raise_alarm(signal=signal, cause=Cause.CALLED)
    escalation.note(alarm, Step.DESK, Result.TOLD, count=3)
    notice = notices.tell_partners(alarm=alarm, by=desk, shown=False)
    release(notice.record)
    escalation.note(alarm, Step.PARTNERS, Result.TOLD, count=1, by=desk)
    alarms.acknowledge(alarm=alarm, by=desk)
    notices.answer(notice=notice, by=partner, acts=True, words="Boat from Radolfzell, 15 minutes")
    alarms.close(alarm=alarm, by=desk, outcome="Towed to Berlingen, nobody hurt.")
    _date(alarm, at)


def _date(alarm: Alarm, at: datetime) -> None:
    """When each of it was."""
    minutes = {"raised_at": 0, "acknowledged_at": 2, "closed_at": 47}
    Alarm.objects.filter(pk=alarm.pk).update(**{name: at + number * MINUTE for name, number in minutes.items()})
    Told.objects.filter(alarm=alarm, step=Step.DESK).update(at=at)
    Told.objects.filter(alarm=alarm, step=Step.PARTNERS).update(at=at + 3 * MINUTE)
    Answer.objects.filter(notice__alarm=alarm).update(at=at + 5 * MINUTE)


def register() -> None:
    demo.register(demo.Step("safety", 42, load))
