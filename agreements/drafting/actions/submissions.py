"""The second officer (R22): asked, approves or sends back; then the draft goes to its parties, at once or on its day.

What was approved is exactly what goes out: every change of the draft after asking makes the request void.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.drafting.actions import going
from agreements.drafting.causes import ASKED
from agreements.drafting.choices import OPEN, State
from agreements.drafting.content import digest
from agreements.drafting.models import Submission
from agreements.drafting.rights import held, leads, led, said
from agreements.drafting.statuses import read, steps_of
from agreements.register.actions import second
from agreements.register.models import Agreement
from portal.outbox import messages
from portal.ui.errors import Refused

CHANGED = "The draft was changed after it was asked for. Read it again and ask anew."


def approvers(agreement: Agreement, by: Appointment) -> list[Appointment]:
    """Treaty admins of the same state, but for this officer, who may read the draft (R23)."""
    readers = {agreement.drafted_by_id, *agreement.invited.values_list("pk", flat=True)}
    return [person for person in second.others(by) if readers & person.agencies]


@transaction.atomic
def ask(*, agreement: Agreement, by: Appointment, put_on: date | None = None, note: str = "") -> Submission:
    """Ask for a second officer, to put the draft to its parties as it is now: on `put_on`, or as soon as approved.

    Raises Refused with what is missing. Where the state has no second treaty admin here nobody can be asked: it is
    taken as approved, and the ledger says by whom alone.
    """
    row = led(agreement, by)
    if row.submissions.filter(state__in=OPEN).exists():
        raise Refused("It is asked for already: take that back first.", code="conflict")
    _check_day(row, put_on)
    missing = [line for step in steps_of(read(row)) for line in step.found.missing]
    if missing:
        raise Refused("Something is still missing: see “Check your answers”.", code="conflict", reasons=tuple(missing))
    alone = not second.others(by)
    if not alone and not approvers(row, by):
        raise Refused(
            "No second officer of your state may read this draft. Share it with the agency of one first.",
            code="conflict",
        )
    found = Submission.objects.create(
        agreement=row,
        state=State.APPROVED if alone else State.WAITING,
        digest=digest(read(row)),
        put_on=put_on,
        asked_by=by,
        note=note.strip(),
        decided_at=timezone.now() if alone else None,
    )
    said("draft.ask", row, by, submission=str(found.pk), put_on=str(put_on or ""), alone=alone)
    if alone:
        going.arm(found)
    else:
        messages.emit(kind=ASKED, key=f"{ASKED}:{found.pk}", payload={"submission": str(found.pk)})
    return found


def _check_day(agreement: Agreement, day: date | None) -> None:
    if day is not None and day < timezone.now().astimezone(agreement.zone).date():
        raise Refused("This day is over.", field="put_on")


@transaction.atomic
def approve(*, submission: Submission, by: Appointment) -> Submission:
    """The second officer approves what stands there now: it goes out at once, or on its day."""
    row = _waiting(submission, by)
    if digest(read(row.agreement)) != row.digest:
        going.ended(row, State.VOID, None, CHANGED)
        return row
    if row.asked_by.held_on(timezone.now()) is None:
        raise Refused("Who asked for it holds the appointment no more: ask anew.", code="state")
    row.state, row.decided_by, row.decided_at = State.APPROVED, by, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    said("draft.approve", row.agreement, by, submission=str(row.pk))
    going.arm(row)
    return row


@transaction.atomic
def send_back(*, submission: Submission, by: Appointment, words: str) -> Submission:
    """The second officer does not approve, and says why: the first one reads it."""
    row = _waiting(submission, by)
    if not words.strip():
        raise Refused("Say why: your colleague reads it.", field="words")
    row.decided_by, row.decided_at = by, timezone.now()
    row.save(update_fields=["decided_by", "decided_at"])
    return going.ended(row, State.SENT_BACK, by, words.strip())


@transaction.atomic
def take_back(*, submission: Submission, by: Appointment) -> Submission:
    """Who asked no longer does."""
    row = _locked(submission, by)
    if row.asked_by.officer_id != by.officer_id:
        raise Refused("Only who asked takes it back: send it back instead.", code="forbidden")
    if row.state != State.WAITING:
        raise Refused(f"It is decided: {row.get_state_display()}.", code="state")
    return going.ended(row, State.WITHDRAWN, by, "")


@transaction.atomic
def cancel(*, submission: Submission, by: Appointment) -> Submission:
    """Stop it before its day. Any treaty admin of the drafting agency may, and who approved it."""
    row = _locked(submission, by)
    if not leads(row.agreement, by) and (row.decided_by is None or row.decided_by.officer_id != by.officer_id):
        raise Refused("The drafting agency or who approved it stops it.", code="forbidden")
    if row.state != State.APPROVED:
        raise Refused("Nothing is about to go out.", code="state")
    return going.ended(row, State.CANCELLED, by, "")


@transaction.atomic
def schedule(*, submission: Submission, by: Appointment, put_on: date | None) -> Submission:
    """Another day for what is approved, by one of the two officers; None: now. What goes out stays the same."""
    row = _locked(submission, by)
    two = {row.asked_by.officer_id, row.decided_by.officer_id if row.decided_by else None}
    if by.officer_id not in two:
        raise Refused("Who asked for it or who approved it chooses the day.", code="forbidden")
    if row.state != State.APPROVED:
        raise Refused("A day is chosen anew once it is approved.", code="state")
    _check_day(row.agreement, put_on)
    row.put_on = put_on
    row.save(update_fields=["put_on"])
    said("draft.schedule", row.agreement, by, submission=str(row.pk), put_on=str(put_on or ""))
    going.arm(row)
    return row


def _locked(submission: Submission, by: Appointment) -> Submission:
    """The row for a change, after its draft: everybody locks in this order."""
    agreement = held(submission.agreement, by)
    row = Submission.objects.select_for_update(of=("self",)).filter(pk=submission.pk).first()
    if row is None:
        raise Refused("There is no such request.", code="not_found")
    row.agreement = agreement
    return row


def _waiting(submission: Submission, by: Appointment) -> Submission:
    row = _locked(submission, by)
    if not second.is_second(row.asked_by, by):
        mine = row.asked_by.officer_id == by.officer_id
        words = (
            "You asked for it yourself: another officer decides." if mine else "A treaty admin of its state decides."
        )
        raise Refused(words, code="forbidden")
    if row.state != State.WAITING:
        raise Refused(f"It is decided: {row.get_state_display()}.", code="state")
    return row
