"""Releases that an officer asked for and a second officer has not decided (R20): they lapse with the appointment."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agencies.postings.duties import Duty, Words, register
from agreements.approvals.actions import decided
from agreements.approvals.choices import State
from agreements.approvals.models import Approval
from agreements.sharing.duties import behind, need_sight, of_table, words_of
from portal import second_lock
from portal.ui.errors import Refused


def _waiting() -> "QuerySet[Approval]":
    return Approval.objects.filter(state=State.WAITING)


def _read(keys: Collection[str], reader: Appointment, at: datetime) -> dict[str, Words]:
    return words_of(reader, behind(Approval.objects.all(), keys, "record"), at)


def _move(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    """The question is taken back and the successor asks it anew: were it only renamed, who asked could approve it
    as the second officer, and one person would have released (R20)."""
    with second_lock.opened("the successor asks for the release anew"):
        row = Approval.objects.select_for_update(of=("self",)).with_words().get(pk=key)
        need_sight(taker, row.record_id)
        if not taker.may(Permission.RECORD_RELEASE):
            raise Refused("The successor's role releases nothing.", code="forbidden")
        decided(row, State.WITHDRAWN, by, "Handed over: the successor asks anew.", "release.take_back")


def register_all() -> None:
    register(
        Duty(
            "approvals",
            "releases that wait for a second officer",
            "release that waits for a second officer",
            of_table(_waiting, "asked_by"),
            _read,
            _move,
            order=10,
        )
    )
