"""Propose a correction of another agency's record, answer one, withdraw one (R5, R21).

Accepting changes nothing in the record: its owner changes it in its room afterwards.
"""

import uuid

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.corrections import lifecycle
from agreements.corrections.causes import ANSWERED, PROPOSED
from agreements.corrections.models import Correction
from agreements.sharing.models import Record
from agreements.sharing.policy import access_to, decide
from portal.audit import recording
from portal.keys import sent_before, usable
from portal.outbox import messages
from portal.ui.errors import Refused

TEXT_LENGTH, ANSWER_LENGTH = 4000, 2000


@transaction.atomic
def propose(
    *,
    record: Record,
    wrong: str,
    instead: str,
    by: Appointment,
    version: int | None = None,
    key: uuid.UUID | None = None,
) -> Correction:
    """Tell the owner what is `wrong` and what the record should say `instead`. `version` is the one that was read.

    Reaches the owner's officers who see the record, nobody else (R5). Sent again with the same `key` by the same
    officer it makes nothing new. Raises Refused (not_found) when the record is hidden, and for its own officers.
    """
    record = Record.objects.select_related("owner").get(pk=record.pk)
    _require_sight(by, record)
    first = sent_before(Correction, key, record=record, proposed_by=by)
    if first is not None:
        return first
    _require_role(by)
    if record.owner_id in by.agencies:
        raise Refused(
            "It is your own agency's record: change it yourselves, there is nothing to propose.", code="forbidden"
        )
    for field, text in (("wrong", wrong), ("instead", instead)):
        if not text.strip():
            raise Refused("Say it in words: its owner must understand it without asking.", field=field)
    row = Correction.objects.create(
        pk=usable(Correction, key),
        record=record,
        proposed_by=by,
        record_version=record.version if version is None else version,
        wrong=wrong.strip(),
        instead=instead.strip(),
    )
    _note("correction.propose", row, by)
    messages.emit(kind=PROPOSED, key=f"{PROPOSED}:{row.pk}", payload={"correction": str(row.pk)})
    return row


@transaction.atomic
def accept(*, correction: Correction, by: Appointment, answer: str = "") -> Correction:
    """The owner agrees. The record stays as it is until somebody changes it."""
    return _answer(correction, by, "accept", answer)


@transaction.atomic
def decline(*, correction: Correction, by: Appointment, answer: str) -> Correction:
    """The owner holds to its record, and says why."""
    return _answer(correction, by, "decline", answer)


@transaction.atomic
def withdraw(*, correction: Correction, by: Appointment) -> Correction:
    """Take a proposal back while it is open: officers of the agency that made it."""
    row = _locked(correction, by)
    if row.proposed_by.agency_id not in by.agencies:
        raise Refused(f"Only {row.proposed_by.agency.short}, who proposed it, withdraws it.", code="forbidden")
    return _close(row, by, "withdraw", "")


def _answer(correction: Correction, by: Appointment, step: str, answer: str) -> Correction:
    row = _locked(correction, by)
    if row.record.owner_id not in by.agencies:
        raise Refused(f"Only {row.record.owner.short}, whose record it is, answers (R21).", code="forbidden")
    lifecycle.after(row.state, step)
    if step == "decline" and not answer.strip():
        raise Refused("Say why: those who proposed it read it.", field="answer")
    return _close(row, by, step, answer.strip())


def _close(row: Correction, by: Appointment, step: str, answer: str) -> Correction:
    row.state = lifecycle.after(row.state, step)
    row.answered_by, row.answered_at, row.answer = by, timezone.now(), answer
    row.save(update_fields=["state", "answered_by", "answered_at", "answer"])
    _note(f"correction.{step}", row, by)
    messages.emit(kind=ANSWERED, key=f"{ANSWERED}:{row.pk}", payload={"correction": str(row.pk)})
    return row


def _locked(correction: Correction, by: Appointment) -> Correction:
    """The row for a step, if the officer's agency is one of its two sides and the officer sees the record."""
    rows = Correction.objects.select_for_update(of=("self",)).with_words()
    row = rows.get(pk=correction.pk)
    _require_sight(by, row.record)
    if not by.agencies & {row.record.owner_id, row.proposed_by.agency_id}:
        raise Refused("There is no such correction.", code="not_found")
    _require_role(by)
    return row


def _require_sight(by: Appointment, record: Record) -> None:
    if not decide(access_to(record, by, timezone.now()), record):
        raise Refused("There is no such record.", code="not_found")


def _require_role(by: Appointment) -> None:
    if not by.may(Permission.RECORD_ANSWER):
        raise Refused("Your role does not permit this.", code="forbidden")


def _note(verb: str, row: Correction, by: Appointment) -> None:
    """About the record, so that it stands in the record's story; the texts stay out of the ledger."""
    data = {"correction": str(row.pk)}
    recording.record(verb=verb, by=by, subject_kind=row.record.kind, subject_id=str(row.record.pk), data=data)
