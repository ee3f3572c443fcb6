"""Teams of open patrols that an officer leads."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agencies.postings.duties import Duty, Words, register
from agreements.sharing.duties import behind, need_sight, of_table, words_of
from operations.patrols.choices import PatrolState
from operations.patrols.models import Team
from portal import second_lock
from portal.audit import recording
from portal.ui.errors import Refused

OPEN = (PatrolState.PLANNED, PatrolState.ACTIVE)


def _led() -> "QuerySet[Team]":
    return Team.objects.filter(patrol__state__in=OPEN)


def _read(keys: Collection[str], reader: Appointment, at: datetime) -> dict[str, Words]:
    return words_of(reader, behind(Team.objects.all(), keys, "patrol"), at)


def _move(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    with second_lock.opened("another officer leads the team"):
        row = Team.objects.select_for_update().get(pk=key)
        need_sight(taker, row.patrol_id)
        if not taker.may(Permission.PATROL_RUN):
            raise Refused("The successor's role runs no patrols.", code="forbidden")
        row.leader = taker
        row.save(update_fields=["leader"])
    data = {"team": str(row.pk), "leader": str(taker.pk)}
    recording.record(verb="patrol.leader", by=by, subject_kind="patrol", subject_id=str(row.patrol_id), data=data)


def register_all() -> None:
    register(
        Duty(
            "patrols",
            "teams of open patrols",
            "team of an open patrol",
            of_table(_led, "leader"),
            _read,
            _move,
            order=15,
        )
    )
