"""Responses that an officer leads, and open tasks: duties, which a successor takes over."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agencies.postings.duties import Duty, Words, register
from agreements.sharing.duties import behind, need_sight, of_table, words_of
from operations.response.choices import ResponseState
from operations.response.models import Response, Task
from portal import second_lock
from portal.audit import recording
from portal.ui.errors import Refused


def _led() -> "QuerySet[Response]":
    return Response.objects.filter(state=ResponseState.OPEN)


def _given() -> "QuerySet[Task]":
    return Task.objects.todo().exclude(assignee=None)


def _read_responses(keys: Collection[str], reader: Appointment, at: datetime) -> dict[str, Words]:
    return words_of(reader, behind(Response.objects.all(), keys, "record"), at)


def _read_tasks(keys: Collection[str], reader: Appointment, at: datetime) -> dict[str, Words]:
    return words_of(reader, behind(Task.objects.all(), keys, "response"), at)


def _may(taker: Appointment) -> None:
    if not taker.may(Permission.INCIDENT_REPORT):
        raise Refused("The successor's role reports no incidents.", code="forbidden")


def _lead(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    with second_lock.opened("another officer of the agency leads the response"):
        row = Response.objects.select_for_update(of=("self",)).get(pk=uuid.UUID(key))
        need_sight(taker, row.pk)
        _may(taker)
        row.lead = taker
        row.save(update_fields=["lead"])
    data = {"lead": str(taker.pk)}
    recording.record(verb="response.lead", by=by, subject_kind="incident", subject_id=str(row.pk), data=data)


def _take(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    with second_lock.opened("another officer of the agency does the task"):
        row = Task.objects.select_for_update(of=("self",)).get(pk=key)
        need_sight(taker, row.response_id)
        _may(taker)
        row.assignee = taker
        row.save(update_fields=["assignee"])
    data = {"task": str(row.pk), "assignee": str(taker.pk)}
    recording.record(verb="task.change", by=by, subject_kind="incident", subject_id=str(row.response_id), data=data)


def register_all() -> None:
    register(
        Duty(
            "responses",
            "responses that the officer leads",
            "response that the officer leads",
            of_table(_led, "lead"),
            _read_responses,
            _lead,
            order=12,
        )
    )
    register(Duty("tasks", "open tasks", "open task", of_table(_given, "assignee"), _read_tasks, _take, order=13))
