"""Causes of the register: an agreement put to its parties, a fact recorded, a fact confirmed; an end coming near."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.alerts import concerned, raising
from agreements.alerts.choices import Certainty, Family, Severity, Urgency
from agreements.alerts.kinds import AlertKind
from agreements.alerts.kinds import register as register_kind
from agreements.alerts.models import Alert
from agreements.powers.actions import narrows
from agreements.powers.models import Power
from agreements.register import causes, facts
from agreements.register.choices import LEAVING, NARROWING, ActionKind
from agreements.register.facts import day_words
from agreements.register.models import Agreement, Clause, Designation, Fact, ForceCondition, TreatyAction
from agreements.register.status import days_left
from portal.outbox import handlers

REGISTERED = "register.registered"
CHANGED = "register.changed"
CONFIRMED = "register.confirmed"
EXPIRING = "register.expiring"
NARROWED = "powers.narrowed"
# What is entered later than this is history, not news.
NEWS = timedelta(days=7)
# Days before an agreement's end at which those concerned are told.
WARNINGS = (90, 30, 7, 1)
# Facts of which also those in the field are told: of what narrows at once, of a lifting when it is confirmed.
FELT = sorted({*NARROWING, ActionKind.LIFTING})


def _named(before: str, after: str = "") -> Any:
    def line(alert: Alert) -> str:
        return f"{before}{alert.agreement.short_name}{after}"  # type: ignore[union-attr]

    return line


def _expiring(alert: Alert) -> str:
    return f"{alert.agreement.short_name} ends on {day_words(date.fromisoformat(alert.subject))}: what it permits ends with it"  # type: ignore[union-attr]


KINDS = (
    AlertKind(
        REGISTERED,
        "Agreement registered",
        "journal-plus",
        Urgency.EXPECTED,
        True,
        _named("", " was put to your country: look at it and confirm"),
        family=Family.AGREEMENT,
    ),
    AlertKind(
        CHANGED,
        "Agreement changed",
        "journal-text",
        Urgency.EXPECTED,
        True,
        _named("New facts were recorded for "),
        family=Family.AGREEMENT,
    ),
    AlertKind(
        CONFIRMED,
        "Facts confirmed",
        "journal-check",
        Urgency.PAST,
        False,
        _named("A party confirmed facts of "),
        family=Family.AGREEMENT,
        severity=Severity.MINOR,
    ),
    AlertKind(
        EXPIRING,
        "Agreement about to end",
        "hourglass-bottom",
        Urgency.FUTURE,
        True,
        _expiring,
        family=Family.AGREEMENT,
        severity=Severity.MODERATE,
        certainty=Certainty.LIKELY,
    ),
    AlertKind(
        NARROWED,
        "Powers narrowed",
        "person-badge",
        Urgency.IMMEDIATE,
        True,
        _named("Officers may do less by ", ": look at the powers card"),
        family=Family.AGREEMENT,
        severity=Severity.MODERATE,
    ),
    *(
        AlertKind(
            f"register.{kind}",
            ActionKind(kind).label,
            "play-circle" if kind == ActionKind.LIFTING else "pause-circle",
            Urgency.IMMEDIATE,
            True,
            _named(
                f"{ActionKind(kind).label}: ",
                ". Look when it ends: until then it stays open"
                if kind in LEAVING
                else ". What you may share and see has changed",
            ),
            family=Family.AGREEMENT,
            severity=Severity.MODERATE,
        )
        for kind in FELT
    ),
)


# Rooms above that work something out from the facts: told when those of an agreement have changed.
Follower = Callable[[uuid.UUID], None]
_FOLLOWERS: list[Follower] = []


def follow(follower: Follower) -> None:
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


def _tell(payload: dict[str, Any]) -> None:
    for follower in _FOLLOWERS:
        follower(uuid.UUID(payload["agreement"]))


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    for kind in KINDS:
        register_kind(kind)
    handlers.register(causes.REGISTERED, registered)
    handlers.register(causes.CHANGED, changed)
    handlers.register(causes.CONFIRMED, confirmed)


def registered(payload: dict[str, Any]) -> None:
    """An agreement was registered or put to its parties: alert the treaty admins, not those who drafted it."""
    _tell(payload)
    at, agreement = timezone.now(), Agreement.objects.filter(pk=payload["agreement"]).first()
    if agreement is None or (agreement.registered_at or at) < at - NEWS:
        return
    admins = [row for row in concerned.treaty_admins(agreement, at) if row.agency_id != agreement.drafted_by_id]
    raising.raise_alert(kind=REGISTERED, key=str(agreement.pk), recipients=admins, agreement=agreement)


def changed(payload: dict[str, Any]) -> None:
    """A fact was recorded: alert the treaty admins once a day; of one that is felt, at once also the field."""
    _tell(payload)
    at, fact = timezone.now(), _fact(payload["fact"])
    if fact is None or _instant(fact) < at - NEWS:
        return
    if isinstance(fact, TreatyAction) and fact.kind == ActionKind.LIFTING:
        _lifted(fact, at)
    agreement = fact.agreement  # type: ignore[attr-defined]
    admins = _others(concerned.treaty_admins(agreement, at), fact)
    if isinstance(fact, TreatyAction) and fact.kind in NARROWING:
        field = concerned.those_who_work_under(agreement, at)
        kind, recipients = f"register.{fact.kind}", [*admins, *field]
        raising.raise_alert(kind=kind, key=str(fact.pk), recipients=recipients, agreement=agreement)
    elif isinstance(fact, Power) and narrows(fact) and not _is_first_day(agreement, fact):
        recipients = [*admins, *concerned.those_who_work_under(agreement, at)]
        raising.raise_alert(kind=NARROWED, key=str(fact.pk), recipients=recipients, agreement=agreement)
    elif not _is_first_day(agreement, fact) or fact.recorded_for_id is None:
        # A colleague of who recorded it has to confirm it, also of what comes with the agreement itself (R22).
        if _is_first_day(agreement, fact):
            admins = [row for row in admins if _is_colleague(row, fact)]
        key = f"{agreement.pk}:{_instant(fact):%Y-%m-%d}"
        raising.raise_alert(kind=CHANGED, key=key, recipients=admins, agreement=agreement)


def confirmed(payload: dict[str, Any]) -> None:
    """A party stood behind a fact: alert the treaty admins of the other parties, once a day."""
    _tell(payload)
    at = timezone.now()
    name, _, country = payload["fact"].rpartition(":")
    fact = _fact(name)
    if isinstance(fact, TreatyAction) and fact.kind == ActionKind.LIFTING:
        _lifted(fact, at)
    if fact is None or _instant(fact) < at - NEWS:
        return
    agreement = fact.agreement  # type: ignore[attr-defined]
    admins = [row for row in concerned.treaty_admins(agreement, at) if row.agency.country_id != country]
    key = f"{agreement.pk}:{country}:{at:%Y-%m-%d}"
    raising.raise_alert(kind=CONFIRMED, key=key, recipients=admins, agreement=agreement, subject=country)


def _lifted(fact: TreatyAction, at: datetime) -> None:
    """Lifting widens: those in the field are told once their own party and another stand behind it (R22)."""
    treaty = facts.load([fact.agreement_id])[fact.agreement_id]
    # As access reads them: who recorded it alone for its state stands behind it, too.
    found = next((item for item in treaty.actions if item.id == fact.pk), None)
    behind = {} if found is None else {country: since for country, since in found.confirmed.items() if since <= at}
    if len(behind) < min(2, len(treaty.parties)) or max(behind.values()) < at - NEWS:
        return
    people = [row for row in concerned.those_who_work_under(fact.agreement, at) if row.agency.country_id in behind]
    raising.raise_alert(kind=f"register.{fact.kind}", key=str(fact.pk), recipients=people, agreement=fact.agreement)


def _fact(name: str) -> Fact | None:
    """The fact that a payload names, possibly with a word after a colon."""
    key = name.partition(":")[0]
    for model, path in ((TreatyAction, ""), (Clause, ""), (Designation, ""), (ForceCondition, ""), (Power, "clause__")):
        try:
            found = model.objects.select_related(f"{path}agreement", "recorded_by__agency").filter(pk=key).first()  # type: ignore[attr-defined]
        except ValidationError:
            return None
        if found is not None:
            return found
    return None


def _instant(fact: Fact) -> datetime:
    """When it was recorded, or withdrawn."""
    return getattr(fact, "withdrawn_at", None) or fact.recorded_at


def _is_colleague(admin: Appointment, fact: Fact) -> bool:
    recorder = fact.recorded_by
    return recorder is not None and admin.agency.country_id == recorder.agency.country_id


def _others(admins: Iterable[Appointment], fact: Fact) -> list[Appointment]:
    return [row for row in admins if row.pk != fact.recorded_by_id]


def _is_first_day(agreement: Agreement, fact: Fact) -> bool:
    """Articles and designations that come with the agreement itself are told with it."""
    known = agreement.registered_at
    return known is None or _instant(fact) < known + timedelta(days=1)


def watch(at: datetime) -> int:
    """Alert the field of agreements that end within the next 90, 30, 7 and 1 days; how many alerts are new.

    Treaty admins are told of it, and of all else that falls due, at the lead times of their state (deadlines).
    """
    agreements = {row.pk: row for row in Agreement.objects.filter(registered_at__isnull=False)}
    raised = 0
    for key, treaty in facts.load(agreements).items():
        left = days_left(treaty, at) if key in agreements else None
        threshold = min((days for days in WARNINGS if left is not None and left <= days), default=None)
        if left is None or threshold is None:
            continue
        agreement = agreements[key]
        last = treaty.day(at) + timedelta(days=left)
        raised += raising.raise_alert(
            kind=EXPIRING,
            key=f"{key}:{last}:{threshold}",
            recipients=concerned.those_who_work_under(agreement, at),
            agreement=agreement,
            subject=str(last),
        )
    return raised
