"""Raise alerts: one visible effect for each recipient and occurrence, however often the cause is handled."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.alerts import kinds, outlets
from agreements.alerts.choices import Certainty, Severity, Urgency
from agreements.alerts.models import Alert
from agreements.register.models import Agreement
from agreements.sharing.models import Record


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
    kind that nobody registered.
    """
    sheet = kinds.get(kind)
    rows = [
        Alert(
            kind=kind,
            key=key,
            appointment=recipient,
            record=record,
            agreement=agreement,
            subject=subject,
            urgency=urgency or sheet.urgency,
            severity=severity or sheet.severity,
            certainty=certainty or sheet.certainty,
            exercise=exercise,
        )
        for recipient in {row.pk: row for row in recipients}.values()
    ]
    Alert.objects.bulk_create(rows, ignore_conflicts=True)
    new = list(Alert.objects.filter(pk__in=[row.pk for row in rows]))
    outlets.tell(new)
    return len(new)


def settle(*, kind: str, key: str) -> int:
    """What these alerts asked for has happened: nobody else need do it. How many were open."""
    return Alert.objects.filter(kind=kind, key=key, done_at=None).update(done_at=timezone.now())


def supersede(*, names: Iterable[str], record: Record) -> int:
    """What these alerts about the record said is cancelled, or said anew by another: nobody need do anything about
    them, wherever they went. How many stood."""
    now = timezone.now()
    rows = Alert.objects.filter(kind__in=list(names), record=record, superseded_at=None)
    return rows.update(superseded_at=now, done_at=Coalesce("done_at", Value(now)))


def settle_all(*, kind: str, prefix: str) -> int:
    """As `settle`, of all occurrences whose key begins so."""
    rows = Alert.objects.filter(kind=kind, key__startswith=prefix, done_at=None)
    return rows.update(done_at=timezone.now())
