"""Open action items for which an officer was named: a duty, which a successor takes over."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from agencies.directory.models import Appointment
from agencies.postings.duties import Duty, Words, register
from agreements.sharing.duties import behind, need_sight, of_table, words_of
from operations.minutes.models import ActionItem
from portal import second_lock
from portal.audit import recording


def _open() -> "QuerySet[ActionItem]":
    return ActionItem.objects.binding().open().exclude(officer=None)


def _read(keys: Collection[str], reader: Appointment, at: datetime) -> dict[str, Words]:
    return words_of(reader, behind(ActionItem.objects.all(), keys, "minutes"), at)


def _take(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    with second_lock.opened("another officer of the agency sees to the action item"):
        row = ActionItem.objects.select_for_update(of=("self",)).get(pk=uuid.UUID(key))
        need_sight(taker, row.minutes_id)
        row.officer = taker
        row.save(update_fields=["officer"])
    data = {"action": str(row.pk), "officer": str(taker.pk)}
    recording.record(verb="action.name", by=by, subject_kind="minutes", subject_id=str(row.minutes_id), data=data)


def register_all() -> None:
    register(
        Duty(
            "action_items", "open action items", "open action item", of_table(_open, "officer"), _read, _take, order=14
        )
    )
