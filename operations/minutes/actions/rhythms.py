"""State how often a board meets or a plan is reviewed, note a review, and end a rhythm."""

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.register.actions.rights import changeable, is_keeper
from agreements.register.models import Agreement, Clause
from agreements.sharing.models import Record
from operations.minutes.choices import Subject, Unit
from operations.minutes.days import day_in
from operations.minutes.models import Kept, Rhythm
from operations.minutes.models.rhythm import MOST_EVERY
from operations.minutes.rhythms import zone_of
from operations.planning.models import Operation
from operations.planning.rights import require_lead, require_role, require_sight
from portal.audit import recording
from portal.keys import sent_before, usable
from portal.ui.errors import Refused

__all__ = ["clauses_for", "end", "is_keeper", "note_review", "state"]


@transaction.atomic
def state(
    *,
    by: Appointment,
    subject: str,
    every: int,
    unit: str,
    since: date,
    agreement: Agreement | None = None,
    operation: Record | None = None,
    clause: Clause | None = None,
    key: uuid.UUID | None = None,
) -> Rhythm:
    """State it for an agreement (a treaty admin of a party) or for an operation (a commander of its lead).

    It takes the place of the one before. `clause` is the article that says so, where one does. Raises Refused at the
    field to blame.
    """
    before = sent_before(Rhythm, key, recorded_by=by)
    if before is not None:
        return before
    if (agreement is None) == (operation is None):
        raise Refused("A rhythm is of an agreement or of an operation.", field="agreement")
    _require(by, agreement, operation)
    if subject not in Subject.values:
        raise Refused("Say what comes round.", field="subject")
    if unit not in Unit.values or not 1 <= every <= MOST_EVERY:
        raise Refused(f"Give 1 to {MOST_EVERY} weeks or months.", field="every")
    if clause is not None and clause.pk not in {row.pk for row in clauses_for(agreement, operation)}:
        raise Refused("This article belongs to another agreement.", field="clause")
    board = {"agreement": agreement, "operation": operation, "subject": subject}
    for row in Rhythm.objects.select_for_update().standing().filter(**board):
        _end(row, by)
    row = Rhythm.objects.create(
        id=usable(Rhythm, key), every=every, unit=unit, since=since, clause=clause, recorded_by=by, **board
    )
    _note("rhythm.state", by, row, subject=subject, every=every, unit=unit, since=since.isoformat())
    return row


def clauses_for(agreement: Agreement | None, operation: Record | None) -> list[Clause]:
    """Articles that can say how often: of the agreement, or of that which the operation is made under."""
    if operation is not None:
        found = Operation.objects.filter(pk=operation.pk).values("agreement")
        rows = Clause.objects.filter(agreement__in=found)
    else:
        rows = Clause.objects.filter(agreement=agreement)
    return list(rows.select_related("agreement"))


def _require(by: Appointment, agreement: Agreement | None, operation: Record | None) -> None:
    if agreement is not None:
        changeable(agreement, by)
    if operation is not None:
        require_sight(by, operation, timezone.now())
        require_role(by, Permission.OPERATION_PLAN)
        require_lead(by, operation, "states how often its board meets")


@transaction.atomic
def end(*, rhythm: Rhythm, by: Appointment) -> Rhythm:
    """It is to come round no more. A second time it does nothing."""
    row = _locked(rhythm, by)
    if row.ended_at is None:
        _end(row, by)
    return row


@transaction.atomic
def note_review(*, rhythm: Rhythm, by: Appointment, on: date) -> Kept:
    """Note that the plan was reviewed on a day. A second time on that day it does nothing."""
    row = _locked(rhythm, by)
    if row.subject != Subject.REVIEW:
        raise Refused("That a board met, its meetings tell.", code="state")
    if row.ended_at is not None:
        raise Refused("It is stated no more.", code="state")
    if on > day_in(timezone.now(), zone_of(row)):
        raise Refused("That day is still to come.", field="on")
    kept, new = Kept.objects.get_or_create(rhythm=row, on=on, defaults={"noted_by": by})
    if new:
        _note("rhythm.review", by, row, on=on.isoformat())
    return kept


def _locked(rhythm: Rhythm, by: Appointment) -> Rhythm:
    _require(by, rhythm.agreement, rhythm.operation)
    rows = Rhythm.objects.select_for_update(of=("self",)).select_related("agreement", "operation")
    return rows.get(pk=rhythm.pk)


def _end(row: Rhythm, by: Appointment) -> None:
    row.ended_at, row.ended_by = timezone.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    _note("rhythm.end", by, row)


def _note(verb: str, by: Appointment, row: Rhythm, **data: object) -> None:
    kind, key = ("operation", row.operation_id) if row.operation_id else ("agreement", row.agreement_id)
    recording.record(verb=verb, by=by, subject_kind=kind, subject_id=str(key), data={"rhythm": str(row.pk), **data})
