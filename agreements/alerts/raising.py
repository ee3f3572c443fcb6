"""Raise alerts: one visible effect for each recipient and occurrence, however often the cause is handled."""

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.alerts import kinds, live, outlets
from agreements.alerts.choices import Certainty, Severity, Urgency
from agreements.alerts.models import Alert
from agreements.alerts.querysets import AlertQuerySet
from agreements.register.models import Agreement
from agreements.sharing.models import Record
from portal import second_lock
from portal.outbox import messages

RAISE = "alerts.raise"
# Recipients written in the transaction of the cause, and in each message for the rest.
CHUNK = 1000


@transaction.atomic
def raise_alert(
    *,
    kind: str,
    key: str,
    recipients: Iterable[Appointment],
    record: Record | None = None,
    agreement: Agreement | None = None,
    subject: str = "",
    urgency: Urgency | None = None,
    severity: Severity | None = None,
    certainty: Certainty | None = None,
    exercise: bool = False,
) -> int:
    """Alert each recipient once for `key`; how many alerts are new.

    `key` names the occurrence among those of `kind` (a record's key, or that and the instant of a reminder). The
    line is made at reading from `record`, `agreement` and `subject` (a key, never content). Raise KeyError for a
    kind that nobody registered. Of more than a thousand recipients the rest follow in messages of their own, within
    seconds, and are not counted.
    """
    sheet = kinds.get(kind)
    facts = {
        "kind": kind,
        "key": key,
        "record_id": record and record.pk,
        "agreement_id": agreement and agreement.pk,
        "subject": subject,
        "urgency": str(urgency or sheet.urgency),
        "severity": str(severity or sheet.severity),
        "certainty": str(certainty or sheet.certainty),
        "exercise": exercise,
    }
    people = list({row.pk: row for row in recipients}.values())
    if len(people) > CHUNK:
        _queue(facts, [row.pk for row in people[CHUNK:]])
    return _write(facts, people[:CHUNK])


def _write(facts: dict[str, Any], people: Iterable[Appointment]) -> int:
    rows = [Alert(appointment=person, **facts) for person in people]
    Alert.objects.bulk_create(rows, ignore_conflicts=True)
    new = list(Alert.objects.filter(pk__in=[row.pk for row in rows]))
    outlets.tell(new)
    return len(new)


def _queue(facts: dict[str, Any], people: list[uuid.UUID]) -> None:
    """The rest, a thousand to a message: each is written by itself, by several workers, and again when one is killed."""
    parts = [sorted(map(str, people[first : first + CHUNK])) for first in range(0, len(people), CHUNK)]
    payload = {**facts, "record_id": _text(facts["record_id"]), "agreement_id": _text(facts["agreement_id"])}
    messages.emit_many(
        kind=RAISE,
        rows=[
            # Named after who is in it: raised again for others, it is another message.
            (f"{RAISE}:{_digest(facts, part)}", {"facts": payload, "appointments": part}, None)
            for part in parts
        ],
    )


def _text(key: uuid.UUID | None) -> str | None:
    return None if key is None else str(key)


def _digest(facts: dict[str, Any], part: list[str]) -> str:
    return hashlib.sha256("\n".join([facts["kind"], facts["key"], *part]).encode()).hexdigest()


def raise_part(payload: dict[str, Any]) -> None:
    """Write one part of the alerts of a large audience: for those of it that are in effect now, whose subject is not
    gone. What each may know of it is asked at reading (R13)."""
    facts, at = payload["facts"], timezone.now()
    gone = facts["record_id"] and not _exists(Record, facts["record_id"])
    gone = gone or (facts["agreement_id"] and not _exists(Agreement, facts["agreement_id"]))
    if not gone:
        people = Appointment.objects.in_effect(at).filter(pk__in=payload["appointments"])
        people = people.select_related("officer", "agency__country").order_by("pk")
        _write(facts, [row for row in people if row.is_in_effect(at)])


@second_lock.opened("whether the subject of an alert still exists")
def _exists(model: type[Record] | type[Agreement], key: str) -> bool:
    return model._default_manager.filter(pk=key).exists()


def settle(*, kind: str, key: str) -> int:
    """What these alerts asked for has happened: nobody else need do it. How many were open."""
    return settle_these(Alert.objects.filter(kind=kind, key=key, done_at=None))


def supersede(*, names: Iterable[str], record: Record) -> int:
    """What these alerts about the record said is cancelled, or said anew by another: nobody need do anything about
    them, wherever they went. How many stood."""
    now = timezone.now()
    rows = Alert.objects.filter(kind__in=list(names), record=record, superseded_at=None)
    whom = list(rows.values_list("appointment", flat=True).distinct().order_by())
    count = rows.update(superseded_at=now, done_at=Coalesce("done_at", Value(now)))
    live.tell(whom)
    return count


def settle_all(*, kind: str, prefix: str) -> int:
    """As `settle`, of all occurrences whose key begins so."""
    return settle_these(Alert.objects.filter(kind=kind, key__startswith=prefix, done_at=None))


def settle_these(rows: AlertQuerySet) -> int:
    """As `settle`, of these alerts."""
    whom = list(rows.values_list("appointment", flat=True).distinct().order_by())
    count = rows.update(done_at=timezone.now())
    live.tell(whom)
    return count
