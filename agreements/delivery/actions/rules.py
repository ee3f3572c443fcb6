"""An officer's own rules, number, quiet hours and digest hour. Each officer keeps nobody's but the own."""

import re
import uuid
from collections.abc import Collection
from datetime import time
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agencies.directory.models import Appointment, Officer
from agreements.alerts.choices import Family
from agreements.delivery.choices import MOST_RULES, Channel, Manner
from agreements.delivery.models import Preference, Rule
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from portal.audit import recording
from portal.keys import sent_before, usable
from portal.positions import areas
from portal.ui.errors import Refused

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
# What an officer may choose for alerts that come at once.
AT_ONCE = (Channel.MAIL.value, Channel.GATEWAY.value)


@transaction.atomic
def change_preference(
    *,
    by: Appointment,
    number: str = "",
    quiet_from: time | None = None,
    quiet_until: time | None = None,
    quiet_days: Collection[int] = (),
    digest_hour: int = 7,
    digest_weekday: int = 0,
) -> Preference:
    """Save an officer's number, quiet hours and digest hour, on the clock of the officer's zone."""
    number = re.sub(r"[\s()/.-]", "", number)
    if number and not _NUMBER.fullmatch(number):
        raise Refused("Give the number with + and the country, such as +41 79 000 00 00.", field="number")
    if (quiet_from is None) != (quiet_until is None):
        field = "quiet_from" if quiet_from is None else "quiet_until"
        raise Refused("Quiet hours have a start and an end. Leave both empty for none.", field=field)
    values = {
        "number": number,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "quiet_days": sorted(set(quiet_days)),
        "digest_hour": digest_hour,
        "digest_weekday": digest_weekday,
    }
    row, _ = Preference.objects.update_or_create(officer=by.officer, defaults=values)
    recording.record(verb="delivery.preference", by=by, subject_kind="officer", subject_id=str(by.officer_id))
    return row


@transaction.atomic
def add_rule(*, by: Appointment, manner: str, key: uuid.UUID | None = None, **names: Any) -> Rule:
    """Add a rule after the officer's others. `names` are families, severity_least, operation, area, words, channels.

    Raises Refused at the field: an operation that the officer does not see is no operation.
    """
    before = sent_before(Rule, key, officer=by.officer)
    if before is not None:
        return before
    Officer.objects.select_for_update().get(pk=by.officer_id)
    rules = Rule.objects.filter(officer=by.officer_id)
    if rules.count() >= MOST_RULES:
        raise Refused(f"{MOST_RULES} rules are the most. Remove one first.", field="manner")
    last = rules.aggregate(last=Max("position"))["last"]
    row = Rule(pk=usable(Rule, key), officer=by.officer, position=0 if last is None else last + 1)
    _fill(row, by, manner, **names)
    row.save(force_insert=True)
    _note("delivery.rule.add", row, by)
    return row


@transaction.atomic
def change_rule(*, rule: Rule, by: Appointment, manner: str, **names: Any) -> Rule:
    """Change what a rule names and does; what is not given is empty from then on."""
    row = _own(rule, by)
    _fill(row, by, manner, **names)
    row.save()
    _note("delivery.rule.change", row, by)
    return row


def _fill(
    row: Rule,
    by: Appointment,
    manner: str,
    *,
    families: Collection[str] = (),
    severity_least: str = "",
    operation: uuid.UUID | None = None,
    area: dict[str, Any] | None = None,
    words: str = "",
    channels: Collection[str] = (),
) -> None:
    row.manner = Manner(manner)
    row.families = [family.value for family in Family if family in families]
    row.severity_least, row.words = severity_least, " ".join(words.split())
    row.area = areas.polygon(area)
    if operation != row.operation_id:
        row.operation_id = _visible_operation(operation, by)
    row.channels = [name for name in AT_ONCE if name in channels] if row.manner == Manner.NOW else []
    if row.manner == Manner.NOW and not row.channels:
        raise Refused("Choose by what they come: mail, text message or both.", field="channels")


def _visible_operation(key: uuid.UUID | None, by: Appointment) -> uuid.UUID | None:
    if key is None:
        return None
    seen = Record.objects.visible_to(access(by, timezone.now())).filter(pk=key, kind="operation")
    if not seen.exists():
        raise Refused("There is no such operation.", field="operation")
    return key


@transaction.atomic
def move_rule(*, rule: Rule, by: Appointment, up: bool = True) -> None:
    """Let a rule be asked before the one above it, or after the one below. At the end of the list it stays."""
    Officer.objects.select_for_update().get(pk=by.officer_id)
    row = _own(rule, by)
    rules = list(Rule.objects.filter(officer=by.officer_id).order_by("position", "pk"))
    here = next(place for place, other in enumerate(rules) if other.pk == row.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rules):
        rules[here], rules[there] = rules[there], rules[here]
        for place, other in enumerate(rules):
            other.position = place
        Rule.objects.bulk_update(rules, ["position"])
        _note("delivery.rule.move", row, by)


@transaction.atomic
def remove_rule(*, rule: Rule, by: Appointment) -> None:
    """Forget a rule. What it has held already still comes when it said."""
    row = _own(rule, by)
    _note("delivery.rule.remove", row, by)
    row.delete()


def _own(rule: Rule, by: Appointment) -> Rule:
    row = Rule.objects.select_for_update().filter(pk=rule.pk, officer=by.officer_id).first()
    if row is None:
        raise Refused("There is no such rule.", code="not_found")
    return row


def _note(verb: str, row: Rule, by: Appointment) -> None:
    """That a rule changed, and what it does; not which words or places an officer looks out for."""
    data = {"manner": row.manner}
    recording.record(verb=verb, by=by, subject_kind="delivery_rule", subject_id=str(row.pk), data=data)
