"""Send what is due to one officer by one channel, or to one webhook: as one message, with rights asked again (R13).

Every open delivery has a message of the outbox at its `due_at`. Whichever comes first takes the others along that are
due by then; theirs find nothing left to do. A message is told by the Message-ID of the oldest delivery in it, so that
a worker killed between sending and commit sends the same message again: at least once, honestly.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F

from agencies.directory.models import Appointment
from agreements.alerts.models import Alert
from agreements.delivery.carriers import gateway, mail, webhook
from agreements.delivery.carriers.results import Result
from agreements.delivery.choices import Channel, DeliveryState, Outcome, Reason
from agreements.delivery.deciding import DEFAULTS, quiet_until
from agreements.delivery.models import Attempt, Delivery, Outlet, Preference
from agreements.delivery.routing import SEND, message_of
from agreements.delivery.wording import Notice, is_critical, notice_of
from agreements.sharing.locking import key_of
from agreements.sharing.policy import access
from portal import second_lock
from portal.outbox import clock, messages

HOUR = timedelta(hours=1)
# How many leave with one message at most.
BATCH = 500


def deliver(payload: dict[str, Any]) -> None:
    """Send one delivery and what may leave with it, unless it went out, waits for later, or must not go out any more."""
    rows = Delivery.objects.open().select_for_update(of=("self",)).shown()
    first = rows.select_related("alert__appointment__officer__preference").filter(pk=payload["delivery"]).first()
    # Moved since: the message of that other instant sends it.
    if first is None or payload.get("due", first.due_at.isoformat()) != first.due_at.isoformat():
        return
    # By the clock that judges messages. It may have been put back since.
    at = max(clock.now(), first.due_at)
    batch = _still_due([first, *_companions(first, at)], at)
    if batch and not _put_off(batch, at):
        _hand_over(batch, at)


def _companions(first: Delivery, at: datetime) -> list[Delivery]:
    """Other deliveries that leave with this one: to the same officer or webhook, due, and in nobody else's hands."""
    merges = settings.DELIVERY_SETTLE_SECONDS > 0 or first.reason
    if is_critical(first.alert) or not merges:
        return []
    whose = {"outlet": first.outlet_id}
    if first.channel != Channel.WEBHOOK:
        whose["alert__appointment"] = first.alert.appointment_id
    rows = Delivery.objects.due(at).filter(channel=first.channel, **whose).exclude(pk=first.pk)
    found = rows.select_for_update(of=("self",), skip_locked=True).shown().order_by("pk")[: BATCH - 1]
    return [row for row in found if not is_critical(row.alert)]


def _still_due(batch: Sequence[Delivery], at: datetime) -> list[Delivery]:
    """Those that still concern their recipients; the others are withheld, each with its reason."""
    kept = []
    visible = _visible([row.alert for row in batch], at)
    for row in batch:
        reason = _objection(row, visible)
        if reason:
            _end([row], DeliveryState.WITHHELD, at, reason)
        else:
            kept.append(row)
    return sorted(kept, key=lambda row: row.pk)


def _objection(row: Delivery, visible: set[Any]) -> Reason:
    alert, officer = row.alert, row.alert.appointment.officer
    if alert.exercise:
        return Reason.EXERCISE
    if alert.pk not in visible or alert.done_at is not None or alert.superseded_at is not None:
        return Reason.OVER
    if row.channel == Channel.WEBHOOK:
        # One officer's having read it does not tell the agency's system of it.
        return Reason.NOWHERE if row.outlet is None or row.outlet.ended_at else Reason.NONE
    if not alert.is_unread:
        return Reason.READ
    if row.channel == Channel.MAIL:
        return Reason.NONE if officer.email else Reason.NOWHERE
    reached = row.outlet is not None and row.outlet.ended_at is None and preference_of(alert.appointment).number
    return Reason.NONE if reached else Reason.NOWHERE


def _visible(alerts: Sequence[Alert], at: datetime) -> set[Any]:
    """Keys of the alerts whose subjects their recipients may know of now: one question for each recipient."""
    found: set[Any] = set()
    for post in {alert.appointment_id: alert.appointment for alert in alerts}.values():
        now = access(post, at)
        with second_lock.fed(lambda now=now: key_of(now)):  # type: ignore[misc]
            keys = [alert.pk for alert in alerts if alert.appointment_id == post.pk]
            found |= set(Alert.objects.visible_to(now).filter(pk__in=keys).values_list("pk", flat=True))
    return found


def preference_of(appointment: Appointment) -> Preference:
    """What the officer chose, or the defaults."""
    return getattr(appointment.officer, "preference", DEFAULTS)


def _put_off(batch: Sequence[Delivery], at: datetime) -> bool:
    """Hold what falls into quiet hours, or into a storm: from so many messages an hour on the rest is one summary."""
    first = batch[0]
    if first.channel == Channel.WEBHOOK or is_critical(first.alert):
        return False
    quiet = quiet_until(preference_of(first.alert.appointment), first.alert.appointment, at)
    if quiet is not None:
        _move(batch, quiet, Reason.QUIET)
        return True
    sent = _sent_within_the_hour(first, at)
    if len(sent) < settings.DELIVERY_STORM_MESSAGES:
        return False
    _move(batch, sent[0] + HOUR, Reason.STORM)
    return True


def _sent_within_the_hour(first: Delivery, at: datetime) -> list[datetime]:
    """When messages left to the same officer by the same channel, oldest first."""
    rows = Delivery.objects.filter(
        alert__appointment=first.alert.appointment_id,
        channel=first.channel,
        state=DeliveryState.SENT,
        ended_at__gt=at - HOUR,
    )
    return [at for at in rows.order_by("ended_at", "pk").values_list("ended_at", flat=True) if at is not None]


def _move(batch: Sequence[Delivery], until: datetime, reason: Reason) -> None:
    """Each row to that instant, with a message of its own, so that none depends on another."""
    state = DeliveryState.HELD if reason else DeliveryState.WAITING
    for row in batch:
        row.due_at, row.reason, row.state = until, reason, state
    Delivery.objects.filter(pk__in=[row.pk for row in batch]).update(due_at=until, reason=reason, state=state)
    messages.emit_many(kind=SEND, rows=[message_of(row) for row in batch])


def _hand_over(batch: Sequence[Delivery], at: datetime) -> None:
    carrier = batch[0]
    result = _send(carrier, _notice(batch, at))
    number = carrier.attempts + 1
    if result.outcome == Outcome.LATER and number >= messages.MAX_ATTEMPTS:
        result = Result(Outcome.REFUSED, result.code)
    Delivery.objects.filter(pk__in=[row.pk for row in batch]).update(attempts=F("attempts") + 1)
    Attempt.objects.create(
        delivery=carrier, outlet=carrier.outlet, at=at, outcome=result.outcome, code=result.code[:40]
    )
    if result.accepted:
        _end(batch[:1], DeliveryState.SENT, at)
        _end(batch[1:], DeliveryState.MERGED, at, carried_by=carrier)
    elif result.outcome == Outcome.REFUSED:
        _end(batch, DeliveryState.FAILED, at)
    else:
        wait = messages.FIRST_DELAY * messages.GROWTH ** (number - 1)
        _move(batch, at + timedelta(seconds=wait), Reason.NONE)


def _notice(batch: Sequence[Delivery], at: datetime) -> Notice:
    first = batch[0]
    last = first.channel != Channel.WEBHOOK and not is_critical(first.alert)
    last = last and len(_sent_within_the_hour(first, at)) + 1 >= settings.DELIVERY_STORM_MESSAGES
    return notice_of([row.alert for row in batch], first.alert.appointment.agency, then_summary=last)


def _send(carrier: Delivery, notice: Notice) -> Result:
    officer = carrier.alert.appointment.officer
    if carrier.channel == Channel.MAIL:
        return mail.send(notice, officer.email, carrier.message_id)
    outlet = carrier.outlet
    assert isinstance(outlet, Outlet)
    if carrier.channel == Channel.WEBHOOK:
        return webhook.send(outlet, notice, str(carrier.pk))
    return gateway.send(outlet, notice, preference_of(carrier.alert.appointment).number, str(carrier.pk))


def _end(
    rows: Sequence[Delivery],
    state: DeliveryState,
    at: datetime,
    reason: Reason = Reason.NONE,
    carried_by: Delivery | None = None,
) -> None:
    if rows:
        keys = [row.pk for row in rows]
        Delivery.objects.filter(pk__in=keys).update(state=state, ended_at=at, reason=reason, carried_by=carried_by)
