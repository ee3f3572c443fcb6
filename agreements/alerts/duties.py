"""Alerts that an officer has not read: the successor gets those whose subject the successor may see."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.postings.duties import Duty, Words, register
from agreements.alerts.models import Alert
from agreements.sharing.duties import HIDDEN, of_table
from agreements.sharing.policy import access
from portal import second_lock
from portal.ui.errors import Refused


def _unread() -> "QuerySet[Alert]":
    # A recall is told to whoever opened the record (R16), and to nobody else.
    return Alert.objects.unread().filter(recall=None)


def _read(keys: Collection[str], reader: Appointment, at: datetime) -> dict[str, Words]:
    sight = access(reader, at)
    with second_lock.opened("asking the policy for whoever reads a checklist"):
        rows = Alert.objects.visible_to(sight).filter(pk__in=keys).with_subjects()
        return {
            str(row.pk): Words(
                row.line,
                reverse("alerts:alert-open", args=[row.pk]),
                {"record": row.record_id, "release": None, "clause": None} if row.record_id else None,
            )
            for row in rows
        }


def _move(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    row = Alert.objects.select_for_update().get(pk=key)
    now = timezone.now()
    if Alert.objects.filter(appointment=taker, kind=row.kind, key=row.key).exists():
        # The successor was told of the same: one of the two is enough.
        row.done_at = now
        row.save(update_fields=["done_at"])
        return
    row.appointment = taker
    row.save(update_fields=["appointment"])
    with second_lock.opened("asking the policy for whoever takes over"):
        if not Alert.objects.visible_to(access(taker, now)).filter(pk=row.pk).exists():
            raise Refused(HIDDEN, code="forbidden")


def _end(key: str, giver: Appointment, by: Appointment) -> None:
    Alert.objects.filter(pk=key).update(done_at=timezone.now())


def register_all() -> None:
    register(
        Duty(
            "alerts",
            "alerts nobody has read",
            "alert nobody has read",
            of_table(_unread, "appointment"),
            _read,
            _move,
            _end,
            order=70,
        )
    )
