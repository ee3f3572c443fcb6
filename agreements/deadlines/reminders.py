"""Arm, move and drop the reminders of what falls due, and send them: rows of the due table (ADR 8).

A row stands for an agreement, a kind, a day and a lead time. Whom it concerns, and whether it still falls due on that
day, is asked at the moment of sending.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.alerts.models import Alert
from agreements.deadlines.asking import matters, may_fall_due
from agreements.deadlines.causes import CHANGED, REMIND
from agreements.deadlines.choices import LONGEST_LEAD, DeadlineKind
from agreements.deadlines.leads import leads_of
from agreements.deadlines.sources import Matter, deadlines_of
from agreements.register.facts import day_words
from agreements.register.models import Agreement, Party
from portal import clocks
from portal.outbox import due, handlers, messages
from portal.outbox.models import Due

DUE = "deadlines.due"
# Only what is sent within these days is armed: the rest is worked out anew until then.
AHEAD = timedelta(days=45)
# A reminder of a fact that is recorded on the very day is sent at once.
LATE = timedelta(days=1)
SOON, NEAR = 7, 30


def register() -> None:
    """Tell the kind of alert, and the outbox who handles these causes."""
    kinds.register(
        kinds.AlertKind(DUE, "Deadline", "calendar-event", Urgency.FUTURE, True, line, family=Family.AGREEMENT)
    )
    handlers.register(REMIND, remind)
    handlers.register(CHANGED, changed)


def line(alert: Any) -> str:
    kind, day = alert.subject.split(":")[:2]
    return f"{alert.agreement.short_name}: {DeadlineKind(kind).label.lower()} on {day_words(date.fromisoformat(day))}"


def announce(*, agreement: Agreement | None = None, country: str = "", key: object) -> None:
    """Something changed that reminders follow from: the worker arms them anew."""
    payload = {"agreement": str(agreement.pk)} if agreement else {"country": country}
    messages.emit(kind=CHANGED, key=f"{CHANGED}:{key}", payload=payload)


def changed(payload: dict[str, Any]) -> None:
    if "agreement" in payload:
        arm([uuid.UUID(payload["agreement"])], timezone.now())
    else:
        arm(Party.objects.filter(country=payload["country"]).values_list("agreement", flat=True), timezone.now())


def follow(agreement: uuid.UUID) -> None:
    """Facts of the agreement were recorded or confirmed."""
    arm([agreement], timezone.now())


def arm_all(at: datetime) -> int:
    """Arm what is sent soon of all agreements; how many rows were armed or moved."""
    armed = _keys_of(Due.objects.filter(key__startswith="deadline:", fired_at=None, cancelled_at=None))
    found = Agreement.objects.filter(may_fall_due(at) | Q(pk__in=armed)).values_list("pk", flat=True)
    return arm(found, at)


def _keys_of(rows: Any) -> set[uuid.UUID]:
    return {uuid.UUID(key.split(":")[1]) for key in rows.values_list("key", flat=True)}


def arm(agreements: Iterable[uuid.UUID], at: datetime) -> int:
    """Arm the reminders of these agreements that are sent soon; drop those whose deadline is no more."""
    keys = set(agreements)
    rows = list(Agreement.objects.filter(pk__in=keys).prefetch_related("parties").select_related("drafted_by"))
    for gone in keys - {row.pk for row in rows}:
        due.cancel(key_prefix=f"deadline:{gone}:")
    horizon = at.date() + timedelta(days=LONGEST_LEAD) + AHEAD
    leads = leads_of({code for row in rows for code in _countries(row)})
    count = 0
    for agreement, matter in zip(rows, matters(rows, at, horizon), strict=True):
        wanted = _wanted(matter, {lead for code in _countries(agreement) for lead in leads[code]})
        count += _arm(agreement, wanted, at)
        _settle(matter)
    return count


def _countries(agreement: Agreement) -> set[str]:
    """Whose treaty admins are reminded: of the parties; of a draft, of whoever may see it."""
    if agreement.is_draft:
        return {agreement.drafted_by.country_id, *agreement.invited.values_list("country", flat=True)}
    return {party.country_id for party in agreement.parties.all()}


def _wanted(matter: Matter, leads: set[int]) -> dict[str, tuple[datetime, dict[str, Any], str]]:
    """Key → (instant, payload, rule) of what is to be armed: 00:00 of the day, in the agreement's zone."""
    found = {}
    for deadline in deadlines_of(matter):
        for lead in leads:
            day = deadline.day - timedelta(days=lead)
            instant = matter.treaty.start_of(day)
            if matter.at - LATE < instant <= matter.at + AHEAD:
                payload = {
                    "agreement": str(matter.treaty.id), "kind": deadline.kind.value,
                    "day": deadline.day.isoformat(), "lead": lead,
                }  # fmt: skip
                # So many digits that no key is the beginning of another.
                key = f"deadline:{matter.treaty.id}:{deadline.kind.value}:{deadline.day}:{lead:04d}"
                found[key] = (instant, payload, clocks.rule(datetime.combine(day, time.min)))
    return found


def _arm(agreement: Agreement, wanted: dict[str, tuple[datetime, dict[str, Any], str]], at: datetime) -> int:
    known = {row.key: row for row in Due.objects.filter(key__startswith=f"deadline:{agreement.pk}:")}
    count = 0
    for key, (instant, payload, rule) in wanted.items():
        row = known.get(key)
        if row is None or row.fire_at != instant or row.cancelled_at is not None:
            due.schedule(
                kind=REMIND, key=key, fire_at=instant, payload=payload, zone=agreement.time_zone, local_rule=rule
            )
            count += 1
    for key, row in known.items():
        if key not in wanted and row.fired_at is None and row.cancelled_at is None and row.fire_at > at:
            due.cancel(key_prefix=key)
    return count


def _settle(matter: Matter) -> None:
    """What was told of a day that is still to come, and does not fall due any more, asks nobody for anything."""
    standing = {f"{row.kind.value}:{row.day}" for row in deadlines_of(matter)}
    for alert in Alert.objects.filter(kind=DUE, agreement=matter.treaty.id, done_at=None):
        told, _, _ = alert.subject.rpartition(":")
        if told not in standing and told.rpartition(":")[2] >= str(matter.today):
            raising.settle(kind=DUE, key=alert.key)


def remind(payload: dict[str, Any]) -> None:
    """Alert the treaty admins whose state wants it at this lead time; not of what does not fall due on that day any
    more, nor of a day that is over."""
    at, day = timezone.now(), date.fromisoformat(payload["day"])
    agreement = Agreement.objects.filter(pk=payload["agreement"]).first()
    if agreement is None:
        return
    matter = matters([agreement], at, day)[0]
    if not any(row.day == day and row.kind == payload["kind"] for row in deadlines_of(matter)):
        return
    lead = int(payload["lead"])
    raising.raise_alert(
        kind=DUE,
        key=f"{agreement.pk}:{payload['kind']}:{day}:{lead}",
        recipients=_wanting(agreement, lead, at),
        agreement=agreement,
        subject=f"{payload['kind']}:{day}:{lead}",
        urgency=_urgency(lead),
    )


def _wanting(agreement: Agreement, lead: int, at: datetime) -> list[Appointment]:
    admins = concerned.treaty_admins(agreement, at)
    leads = leads_of({row.agency.country_id for row in admins})
    return [row for row in admins if lead in leads[row.agency.country_id]]


def _urgency(lead: int) -> Urgency:
    if lead <= SOON:
        return Urgency.IMMEDIATE
    return Urgency.EXPECTED if lead <= NEAR else Urgency.FUTURE
