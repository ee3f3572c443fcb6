"""By what and when one new alert reaches one officer: pure functions of the officer's rules and clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agencies.directory.models import Appointment
from agreements.alerts.choices import Severity
from agreements.alerts.models import Alert
from agreements.delivery.choices import DIGESTS, Channel, Manner, Reason
from agreements.delivery.hours import next_digest, quiet_ends
from agreements.delivery.models import Preference, Rule
from agreements.delivery.wording import is_critical
from agreements.sharing.models import Record

DEFAULTS = Preference()


@dataclass(frozen=True)
class Plan:
    """By which channel, not before when, and why not at once."""

    channel: Channel
    due_at: datetime
    reason: Reason = Reason.NONE


def zone_of(appointment: Appointment) -> str:
    """The officer's own zone, or that of the agency."""
    return appointment.officer.time_zone or appointment.agency.time_zone


def at_least(severity: str, least: str) -> bool:
    """Whether a severity is as grave as another. One that nobody gave is the least of all."""
    order = list(Severity.values)
    return not least or order.index(severity) <= order.index(least)


def fits(rule: Rule, alert: Alert, record: Record | None) -> bool:
    """Whether an alert meets all that a rule names. `record`: what it is about, where the officer may see that."""
    if rule.families and alert.sheet.family not in rule.families:
        return False
    if not at_least(alert.severity, rule.severity_least):
        return False
    return not rule.asks_content or (record is not None and _fits_record(rule, record))


def _fits_record(rule: Rule, record: Record) -> bool:
    if rule.operation_id and rule.operation_id not in (record.pk, record.operation_id):
        return False
    if rule.area and not inside(rule.area, record.latitude, record.longitude):
        return False
    title = record.title.casefold()
    return all(word in title for word in rule.words.casefold().split())


def inside(area: dict[str, Any], latitude: float | None, longitude: float | None) -> bool:
    """Whether a point lies in a GeoJSON polygon, and in none of its holes."""
    if latitude is None or longitude is None:
        return False
    outer, *holes = area["coordinates"]
    return _in_ring(outer, latitude, longitude) and not any(_in_ring(hole, latitude, longitude) for hole in holes)


def _in_ring(ring: Sequence[Sequence[float]], y: float, x: float) -> bool:
    """By how often a line to the east crosses the ring."""
    crossings = 0
    for (ax, ay), (bx, by) in zip(ring, ring[1:], strict=False):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            crossings += 1
    return crossings % 2 == 1


def rule_for(rules: Sequence[Rule], alert: Alert, record: Record | None) -> Rule | None:
    """The first of the officer's rules that fits; None: by mail at once."""
    return next((rule for rule in rules if fits(rule, alert, record)), None)


def quiet_until(preference: Preference, appointment: Appointment, at: datetime) -> datetime | None:
    """When the officer's quiet hours are over, if they run at `at`."""
    return quiet_ends(at, zone_of(appointment), preference.quiet_from, preference.quiet_until, preference.quiet_days)


def plans_for(
    alert: Alert, rule: Rule | None, preference: Preference, at: datetime, settle: timedelta, reachable: Collection[str]
) -> list[Plan]:
    """By which of the channels that reach the officer the alert goes, and when.

    A mandatory kind always goes at once by mail, whatever a rule says; a critical alert besides by text message, and
    waits neither for others nor for quiet hours to end.
    """
    sheet = alert.sheet
    if not sheet.mail:
        return []
    critical = is_critical(alert)
    manner = Manner(rule.manner) if rule else Manner.NOW
    if manner in DIGESTS and not (critical or sheet.mandatory):
        due = next_digest(manner, at, zone_of(alert.appointment), preference.digest_hour, preference.digest_weekday)
        return [Plan(Channel.MAIL, due, Reason.DIGEST)] if Channel.MAIL in reachable else []
    chosen = set(rule.channels) if rule and manner == Manner.NOW else set()
    if manner == Manner.NOW and not chosen:
        chosen = {Channel.MAIL.value}
    if sheet.mandatory or critical:
        chosen.add(Channel.MAIL.value)
    if critical:
        chosen.add(Channel.GATEWAY.value)
    quiet = None if critical else quiet_until(preference, alert.appointment, at)
    due, reason = (quiet, Reason.QUIET) if quiet else (at if critical else at + settle, Reason.NONE)
    return [Plan(Channel(name), due, reason) for name in sorted(chosen & set(reachable))]
