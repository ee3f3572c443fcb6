"""What leaves the portal of new alerts: worked out for all recipients at once, in their transaction."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import prefetch_related_objects

from agencies.directory.models import Officer, new_key
from agreements.alerts import kinds
from agreements.alerts.concerned import who_see
from agreements.alerts.models import Alert
from agreements.delivery.choices import Channel, DeliveryState, OutletKind, Reason
from agreements.delivery.deciding import DEFAULTS, Plan, at_least, plans_for, rule_for
from agreements.delivery.models import Delivery, Outlet, Preference, Rule
from agreements.delivery.wording import is_critical
from agreements.sharing.models import Record
from portal import second_lock
from portal.outbox import clock, messages

SEND = "delivery.send"
# Alerts whose deliveries are written together: rows of one statement.
BATCH = 5000


def route(new: Sequence[Alert]) -> None:
    """Write down what leaves of these new alerts, and when: a constant number of statements for each batch."""
    for start in range(0, len(new), BATCH):
        # By the clock that judges messages: a machine whose own is fast must not put them off.
        _route(new[start : start + BATCH], clock.now())


def _route(new: Sequence[Alert], at: datetime) -> None:
    prefetch_related_objects(list(new), "appointment__officer", "appointment__agency")
    officers = {alert.appointment.officer_id for alert in new}
    outlets = _outlets({alert.appointment.agency_id for alert in new})
    preferences = Preference.objects.in_bulk(officers)
    rules: dict[uuid.UUID, list[Rule]] = defaultdict(list)
    for each in Rule.objects.filter(officer__in=officers).order_by("position", "pk"):
        rules[each.officer_id].append(each)
    seen, mailed = _seen(new, rules, at), kinds.mailed(new)
    settle = timedelta(seconds=settings.DELIVERY_SETTLE_SECONDS)
    rows: list[Delivery] = []
    for alert in new:
        officer = alert.appointment.officer
        preference = preferences.get(officer.pk, DEFAULTS)
        gateway = next((row for row in outlets[alert.appointment.agency_id] if not row.is_webhook), None)
        rule = rule_for(rules[officer.pk], alert, seen.get((alert.record_id, alert.appointment_id)))
        reachable = _reachable(officer, preference, gateway) - ({Channel.MAIL} if alert.pk in mailed else set())
        for plan in plans_for(alert, rule, preference, at, settle, reachable):
            rows.append(_row(alert, plan, gateway if plan.channel == Channel.GATEWAY else None, at))
    rows += _webhooks(new, outlets, at, settle)
    _write(rows)


def _reachable(officer: Officer, preference: Preference, gateway: Outlet | None) -> set[str]:
    found = {Channel.MAIL.value} if officer.email else set()
    return found | {Channel.GATEWAY.value} if gateway is not None and preference.number else found


def _outlets(agencies: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Outlet]]:
    found: dict[uuid.UUID, list[Outlet]] = defaultdict(list)
    for row in Outlet.objects.filter(agency__in=list(agencies), ended_at=None):
        found[row.agency_id].append(row)
    return found


@second_lock.opened("the title and place of what an alert is about, for the rules of who may see it")
def _seen(
    new: Sequence[Alert], rules: dict[uuid.UUID, list[Rule]], at: datetime
) -> dict[tuple[uuid.UUID | None, uuid.UUID], Record]:
    """Records by key and recipient, where a rule asks for them and the recipient may see them now (R17)."""
    asking: dict[uuid.UUID, list[Alert]] = defaultdict(list)
    for alert in new:
        if alert.record_id and any(rule.asks_content for rule in rules.get(alert.appointment.officer_id, ())):
            asking[alert.record_id].append(alert)
    if not asking:
        return {}
    found: dict[tuple[uuid.UUID | None, uuid.UUID], Record] = {}
    for record in Record.objects.filter(pk__in=list(asking)):
        for post in who_see(record, [alert.appointment for alert in asking[record.pk]], at):
            found[(record.pk, post.pk)] = record
    return found


def _row(alert: Alert, plan: Plan, outlet: Outlet | None, at: datetime, occurrence: str = "") -> Delivery:
    key = new_key()
    row = Delivery(
        pk=key,
        alert=alert,
        channel=plan.channel,
        outlet=outlet,
        occurrence=occurrence,
        state=DeliveryState.HELD if plan.reason else DeliveryState.WAITING,
        reason=plan.reason,
        message_id=f"<{key}@{_domain()}>",
        created_at=at,
        due_at=plan.due_at,
    )
    if alert.exercise:
        # Written down all the same, so that whoever asks reads why nothing came.
        row.state, row.reason, row.ended_at = DeliveryState.WITHHELD, Reason.EXERCISE, at
    return row


def _webhooks(
    new: Sequence[Alert], outlets: dict[uuid.UUID, list[Outlet]], at: datetime, settle: timedelta
) -> list[Delivery]:
    """For each agency's webhook one row an occurrence: its other recipients are the same occurrence."""
    found: dict[tuple[uuid.UUID, str], Delivery] = {}
    for alert in new:
        for outlet in outlets[alert.appointment.agency_id]:
            occurrence = sha256(f"{alert.kind}\n{alert.key}".encode()).hexdigest()
            told = (outlet.pk, occurrence) in found or outlet.kind != OutletKind.WEBHOOK or not alert.sheet.mail
            if not told and at_least(alert.severity, outlet.severity_least):
                plan = Plan(Channel.WEBHOOK, at if is_critical(alert) else at + settle)
                found[(outlet.pk, occurrence)] = _row(alert, plan, outlet, at, occurrence)
    return list(found.values())


def _write(rows: Sequence[Delivery]) -> None:
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    messages.emit_many(kind=SEND, rows=[message_of(row) for row in rows if row.is_open])


def message_of(row: Delivery) -> tuple[str, dict[str, str], datetime]:
    """Key, payload and instant of the message that sends a delivery: another one for each instant."""
    payload = {"delivery": str(row.pk), "due": row.due_at.isoformat()}
    return f"deliver:{row.pk}:{row.due_at.timestamp():.0f}", payload, row.due_at


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "portal.invalid"
