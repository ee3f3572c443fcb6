"""Send a bulletin, acknowledge it for one's agency, cancel it, say it anew."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission, Role
from agreements.alerts.choices import Certainty, Severity, Urgency
from agreements.bulletins import alerting, escalating
from agreements.bulletins.choices import Acknowledging, BulletinEnd
from agreements.bulletins.giving import KIND, Line, give
from agreements.bulletins.models import INSTRUCTION_LENGTH, LONGEST_DEADLINE, Bulletin, Receipt, Target
from agreements.bulletins.scopes import Scope, people
from agreements.citations.actions import cite
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.models import Record
from agreements.sharing.policy import access, access_to, decide
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused
from portal.undone import undone

HEADLINE_LENGTH, WORDS_LENGTH, MOST_SCOPES = 120, 300, 60
# Before the headline of an exercise, so that no list can show it without.
EXERCISE = "EXERCISE: "


@dataclass(frozen=True)
class Draft:
    """What an officer wants to say, and to whom. `minutes`: until when it is to be acknowledged, from sending."""

    headline: str
    instruction: str
    marking: Marking
    scopes: Sequence[Scope]
    urgency: str = Urgency.IMMEDIATE.value
    severity: str = Severity.UNKNOWN.value
    certainty: str = Certainty.OBSERVED.value
    acknowledging: str = Acknowledging.NOBODY.value
    acknowledging_role: str = ""
    minutes: int | None = None
    exercise: bool = False
    about: Record | None = None
    operation: Record | None = None
    key: uuid.UUID | None = field(default=None)


@transaction.atomic
def send(
    *,
    draft: Draft,
    by: Appointment,
    updates: Bulletin | None = None,
    shown: frozenset[uuid.UUID] | None = None,
) -> Bulletin:
    """Alert whom it is addressed to: each agency by an article that fits (R4, R6). `updates`: an own one that this says
    anew; that one is over everywhere. `shown`: the agencies that the preview said would be alerted; where it would reach
    others now, nothing goes out. Sent twice under the same key it goes out once.

    Raises Refused at the field, and where nobody at all would be alerted.
    """
    sent = sent_before(Record, draft.key, kind=KIND, author=by)
    if sent is not None:
        return Bulletin.objects.get(record=sent)
    row, lines = _sent(draft, by, updates)
    reached = {line.agency.pk for line in lines if line.sees}
    if shown is not None and not reached <= shown:
        raise Refused("Others would be alerted now than the preview showed: look at it again.", code="conflict")
    if not reached:
        reason = next((line.reason for line in lines if line.reason), "nobody is named")
        raise Refused(f"Nobody would be alerted: {reason}.", field="scopes", code="no_basis")
    return row


def foresee(*, draft: Draft, by: Appointment, updates: Bulletin | None = None) -> list[Line]:
    """Who would be alerted, and who would not see it: by sending it, and taking that back (R20, R27)."""
    with undone():
        _, lines = _sent(draft, by, updates)
    return lines


def _sent(draft: Draft, by: Appointment, updates: Bulletin | None) -> tuple[Bulletin, list[Line]]:
    _need(by)
    _check(draft)
    now = timezone.now()
    old = _own(updates, by) if updates is not None else None
    record = records.create(
        by=by,
        kind=KIND,
        title=f"{EXERCISE if draft.exercise else ''}{draft.headline.strip()}",
        marking=draft.marking,
        key=draft.key,
        operation=draft.operation,
        text=draft.instruction,
        shown=False,
    )
    if draft.about is not None:
        cite(record=record, source=draft.about, by=by)
        record.refresh_from_db()
    names = ("urgency", "severity", "certainty", "acknowledging", "acknowledging_role", "minutes", "exercise", "about")
    row = Bulletin.objects.create(
        record=record,
        instruction=draft.instruction.strip(),
        sent_at=now,
        supersedes=old,
        **{name: getattr(draft, name) for name in names},
    )
    lines = give(row, list(draft.scopes), by, now)
    for line in lines:
        if line.sees:
            _address(row, line)
    facts = {line.agency.pk: line.reason or "alerted" for line in lines}
    _note("bulletin.send", row, by, agencies={str(key): words for key, words in facts.items()})
    if old is not None:
        _end(old, by, BulletinEnd.UPDATED, "")
    alerting.tell_sent(row)
    return row, lines


def _address(row: Bulletin, line: Line) -> None:
    targets = [
        Target(bulletin=row, agency=line.agency, kind=one.kind, role=one.role, appointment=one.appointment)
        for one in line.scopes
    ]
    Target.objects.bulk_create(targets)
    if line.own:
        line.people = people(targets, row.record, row.sent_at)
    receipt = Receipt.objects.create(bulletin=row, agency=line.agency, clause=line.clause)
    escalating.arm(receipt)


def _need(by: Appointment) -> None:
    if not by.may(Permission.BULLETIN_SEND):
        raise Refused("Your role sends no bulletins.", code="forbidden")


def _check(draft: Draft) -> None:
    if not draft.headline.strip() or len(draft.headline) > HEADLINE_LENGTH:
        raise Refused(f"Say in a line what it is about, up to {HEADLINE_LENGTH} characters.", field="headline")
    if not draft.instruction.strip() or len(draft.instruction) > INSTRUCTION_LENGTH:
        raise Refused(f"Say what is to be done, up to {INSTRUCTION_LENGTH} characters.", field="instruction")
    for name, words in (("urgency", Urgency), ("severity", Severity), ("certainty", Certainty)):
        if getattr(draft, name) not in words.values:
            raise Refused("Choose one.", field=name)
    if not draft.scopes or len(draft.scopes) > MOST_SCOPES:
        raise Refused(f"Say who is to be alerted: from one to {MOST_SCOPES}.", field="scopes")
    _check_asking(draft)


def _check_asking(draft: Draft) -> None:
    asking = draft.acknowledging
    if asking not in Acknowledging.values:
        raise Refused("Say who acknowledges.", field="acknowledging")
    if (asking == Acknowledging.ROLE) != bool(draft.acknowledging_role):
        raise Refused("Say which role acknowledges, where one does.", field="acknowledging_role")
    if draft.acknowledging_role and draft.acknowledging_role not in set(Role):
        raise Refused("There is no such role.", field="acknowledging_role")
    if (asking == Acknowledging.NOBODY) != (draft.minutes is None):
        raise Refused("Give a deadline where it is to be acknowledged, and only there.", field="minutes")
    if draft.minutes is not None and not 1 <= draft.minutes <= LONGEST_DEADLINE:
        raise Refused("From one minute to seven days.", field="minutes")


@transaction.atomic
def acknowledge(*, bulletin: Bulletin, by: Appointment) -> Receipt:
    """Say for one's agency that it was read: an answer (R5). Anyone of it may, or who has the role that is asked for."""
    now = timezone.now()
    if not decide(access_to(bulletin.record, by, now), bulletin.record):
        raise Refused("There is no such bulletin.", code="not_found")
    rows = Receipt.objects.select_for_update(of=("self",)).visible_to(access(by, now)).filter(bulletin=bulletin.pk)
    row = rows.select_related("bulletin__record__owner", "agency").filter(agency__in=by.agencies).first()
    if row is None:
        raise Refused("Your agency was not alerted by it.", code="forbidden")
    _may_acknowledge(row, by)
    row.acknowledged_at, row.acknowledged_by = now, by
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    escalating.disarm(row)
    alerting.settle(row)
    _note("bulletin.acknowledge", row.bulletin, by)
    alerting.tell_tables(row.bulletin)
    alerting.tell_acknowledged(row)
    return row


def _may_acknowledge(row: Receipt, by: Appointment) -> None:
    bulletin = row.bulletin
    if not bulletin.asks:
        raise Refused("It is for information: nobody need acknowledge.", code="state")
    if not bulletin.is_open:
        raise Refused("It does not stand any more.", code="state")
    if row.acknowledged_by is not None:
        raise Refused(f"Your agency has acknowledged it: {row.acknowledged_by.function}.", code="state")
    if bulletin.acknowledging == Acknowledging.ROLE and by.role != bulletin.acknowledging_role:
        role = bulletin.get_acknowledging_role_display().lower()
        raise Refused(f"A {role} of your agency acknowledges it.", code="forbidden")


@transaction.atomic
def cancel(*, bulletin: Bulletin, by: Appointment, words: str) -> Bulletin:
    """It does not stand any more: whoever was alerted and sees it is told why."""
    _need(by)
    row = _own(bulletin, by)
    if not words.strip():
        raise Refused("Say why, in a sentence: whoever was alerted reads it.", field="words")
    return _end(row, by, BulletinEnd.CANCELLED, words.strip())


def _own(bulletin: Bulletin, by: Appointment) -> Bulletin:
    """The row for a change, if it stands and is the officer's agency's."""
    rows = Bulletin.objects.select_for_update(of=("self",)).select_related("record__owner")
    row = rows.filter(pk=bulletin.pk).first()
    if row is None or not decide(access_to(row.record, by, timezone.now()), row.record):
        raise Refused("There is no such bulletin.", code="not_found")
    if row.record.owner_id not in by.agencies:
        raise Refused(f"Only {row.record.owner.short} does this (R21).", code="forbidden")
    if not row.is_open:
        raise Refused("It does not stand any more.", code="state")
    return row


def _end(row: Bulletin, by: Appointment, ending: BulletinEnd, words: str) -> Bulletin:
    row.ending, row.ending_words, row.ended_at, row.ended_by = ending, words, timezone.now(), by
    row.save(update_fields=["ending", "ending_words", "ended_at", "ended_by"])
    row.record = records.touch(record=row.record, by=by)
    for receipt in row.receipts.all():
        escalating.disarm(receipt)
    alerting.supersede(row)
    _note(f"bulletin.{ending}", row, by)
    alerting.tell_tables(row)
    alerting.tell_ended(row)
    return row


def _note(verb: str, row: Bulletin, by: Appointment, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=str(row.pk), data=data)
