"""What a recipient does with alerts, and what a system admin does with messages that were given up."""

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import live
from agreements.alerts.models import Alert
from agreements.alerts.querysets import AlertQuerySet
from portal.audit import recording
from portal.outbox import messages
from portal.outbox.models import Message
from portal.ui.errors import Refused


@transaction.atomic
def mark_seen(*, alerts: AlertQuerySet, by: Appointment) -> int:
    """Mark the officer's own alerts among these as seen; how many were new to them."""
    keys = list(alerts.unread().filter(appointment=by).values_list("pk", flat=True))
    if not keys:
        return 0
    Alert.objects.filter(pk__in=keys, seen_at=None).update(seen_at=timezone.now())
    live.tell([by.pk])
    recording.record(verb="alert.see", by=by, subject_kind="alert", data={"alerts": keys})
    return len(keys)


@transaction.atomic
def replay(*, message: Message, by: Appointment) -> None:
    """Bring back a message that was set aside, with all its attempts."""
    _check_admin(by)
    if message.set_aside_at is None:
        raise Refused("It is not set aside: it waits, or it is done.", code="conflict")
    messages.retry(message.pk)
    recording.record(verb="message.replay", by=by, subject_kind="message", subject_id=str(message.pk))


@transaction.atomic
def replay_kind(*, kind: str, by: Appointment) -> int:
    """Bring back every message of a kind that was set aside; how many. Refused when there is none."""
    _check_admin(by)
    count = messages.retry_kind(kind)
    if not count:
        raise Refused("None of this kind is set aside.", code="conflict")
    recording.record(verb="message.replay", by=by, subject_kind="message", data={"kind": kind, "count": count})
    return count


def _check_admin(by: Appointment) -> None:
    if not by.may(Permission.SYSTEM_HEALTH):
        raise Refused("Only a system admin does this.", code="forbidden")
