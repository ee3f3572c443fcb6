"""Keep procedures: make one, publish a new version, take one out of use."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.models import Record
from operations.incidents.actions.reports import check_operation, hold
from operations.planning import rights
from operations.response.models import Procedure, ProcedureVersion, Step
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "procedure"
NAME_LENGTH, WHAT_LENGTH, NOTE_LENGTH, MOST_STEPS, LONGEST = 120, 200, 300, 30, 60 * 24 * 30


@dataclass(frozen=True)
class Line:
    """A step as it is written: what, and within how many minutes of the beginning it is due."""

    what: str
    minutes: int | None = None


@transaction.atomic
def make(
    *,
    by: Appointment,
    name: str,
    steps: Sequence[Line],
    marking: Marking,
    operation: Record | None = None,
    key: uuid.UUID | None = None,
) -> Procedure:
    """Make a procedure of the own agency, for all its incidents or for one operation's. It goes to nobody by itself."""
    now = timezone.now()
    sent = sent_before(Record, key, kind=KIND, author=by)
    if sent is not None:
        return Procedure.objects.get(record=sent)
    rights.require_role(by, Permission.OPERATION_PLAN)
    if not name.strip():
        raise Refused("Give it a name.", field="title")
    if operation is not None:
        check_operation(by, operation, now)
    lines = _checked(steps)
    record = records.create(
        by=by, kind=KIND, title=name.strip(), marking=marking, key=key, operation=operation, text=_searched(lines),
        shown=False,
    )  # fmt: skip
    row = Procedure.objects.create(record=record)
    _publish(row, lines, "", by)
    return row


@transaction.atomic
def publish(
    *, procedure: Procedure, by: Appointment, steps: Sequence[Line], note: str = "", version: int | None = None
) -> ProcedureVersion:
    """Publish a new version: the owner's. Tasks that were made keep the one they were made by.

    `version` is the record's that the officer read; raises Refused when another came between.
    """
    row = _locked(procedure, by)
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    if row.retired_at is not None:
        raise Refused("This procedure is out of use.", code="state")
    lines = _checked(steps)
    current = row.current
    if [(step.what, step.minutes) for step in current.steps.all()] == [(line.what, line.minutes) for line in lines]:
        return current
    made = _publish(row, lines, note, by)
    row.record = records.touch(record=row.record, by=by, corrects=True, search_text=_searched(lines))
    _note("procedure.publish", row, by, version=made.number)
    return made


@transaction.atomic
def retire(*, procedure: Procedure, by: Appointment) -> Procedure:
    """Nobody begins with it any more; what was begun goes on."""
    row = _locked(procedure, by)
    if row.retired_at is None:
        row.retired_at = timezone.now()
        row.save(update_fields=["retired_at"])
        row.record = records.touch(record=row.record, by=by)
        _note("procedure.retire", row, by)
    return row


def _publish(row: Procedure, lines: Sequence[Line], note: str, by: Appointment) -> ProcedureVersion:
    number = row.versions.count() + 1
    made = ProcedureVersion.objects.create(procedure=row, number=number, note=note.strip(), published_by=by)
    Step.objects.bulk_create(
        Step(procedure=row, version=made, position=place, what=line.what, minutes=line.minutes)
        for place, line in enumerate(lines, 1)
    )
    return made


def _checked(steps: Sequence[Line]) -> list[Line]:
    lines = [Line(line.what.strip(), line.minutes) for line in steps if line.what.strip()]
    if not lines:
        raise Refused("Write at least one step.", field="steps")
    if len(lines) > MOST_STEPS:
        raise Refused(f"A procedure has {MOST_STEPS} steps at most.", field="steps")
    if any(len(line.what) > WHAT_LENGTH for line in lines):
        raise Refused(f"A step has {WHAT_LENGTH} characters at most.", field="steps")
    if any(line.minutes is not None and not 0 < line.minutes <= LONGEST for line in lines):
        raise Refused("A time is from 1 minute to 30 days.", field="steps")
    if len({line.what for line in lines}) < len(lines):
        raise Refused("Two steps are the same.", field="steps")
    return lines


def _searched(lines: Sequence[Line]) -> str:
    return "\n".join(line.what for line in lines)


def _locked(procedure: Procedure, by: Appointment) -> Procedure:
    hold(procedure.record, by, "keeps it")
    rights.require_role(by, Permission.OPERATION_PLAN)
    return Procedure.objects.select_related("record__owner__country").get(pk=procedure.pk)


def _note(verb: str, row: Procedure, by: Appointment, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=str(row.pk), data=data)
