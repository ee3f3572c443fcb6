"""Open events that an officer keeps: a duty, which a successor takes over."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agencies.postings.duties import Duty, Words, register
from agreements.sharing.duties import behind, need_sight, of_table, words_of
from operations.incidents.choices import EventState
from operations.incidents.models import Event
from portal import second_lock
from portal.audit import recording
from portal.ui.errors import Refused


def _kept() -> "QuerySet[Event]":
    return Event.objects.filter(state=EventState.OPEN)


def _read(keys: Collection[str], reader: Appointment, at: datetime) -> dict[str, Words]:
    return words_of(reader, behind(Event.objects.all(), keys, "record"), at)


def _move(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    with second_lock.opened("another officer of the agency keeps the event"):
        row = Event.objects.select_for_update(of=("self",)).get(pk=uuid.UUID(key))
        need_sight(taker, row.pk)
        if not taker.may(Permission.INCIDENT_KEEP):
            raise Refused("The successor's role keeps no events.", code="forbidden")
        row.keeper = taker
        row.save(update_fields=["keeper"])
    data = {"keeper": str(taker.pk)}
    recording.record(verb="event.hand_on", by=by, subject_kind="event", subject_id=str(row.pk), data=data)


def register_all() -> None:
    register(
        Duty(
            "events",
            "open events that the officer keeps",
            "open event that the officer keeps",
            of_table(_kept, "keeper"),
            _read,
            _move,
            order=25,
        )
    )
