"""An approved draft goes to its parties: at once or on its day, by the due table; and what stops it before that."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.drafting.causes import ACTIVATE, DECIDED
from agreements.drafting.choices import OPEN, State
from agreements.drafting.content import digest
from agreements.drafting.models import Submission
from agreements.drafting.rights import said
from agreements.drafting.statuses import read
from agreements.register import actions as register
from agreements.register.actions.rights import locked
from agreements.register.models import Agreement
from portal import clocks
from portal.outbox import due, messages
from portal.ui.errors import Refused

# Changes of a draft that change nothing of what it says.
SILENT = ("agreement.draft", "agreement.register", "agreement.invite")


def arm(row: Submission) -> None:
    """Approved: put to the parties now, or armed for 00:00 of its day in the agreement's zone. Arming again moves it."""
    at = row.put_at
    if at is None or at <= timezone.now():
        due.cancel(key_prefix=_key(row))
        put(row)
        return
    due.schedule(
        kind=ACTIVATE,
        key=_key(row),
        fire_at=at,
        payload={"submission": str(row.pk)},
        zone=row.agreement.time_zone,
        local_rule=clocks.rule(datetime.combine(row.put_on, time.min)) if row.put_on else "",
    )
    _tell(row)


def _key(row: Submission) -> str:
    return f"drafting:{row.pk}"


def put(row: Submission) -> None:
    """Both officers are asked for their rights again, and the draft for its content: then it goes out, or comes to
    nothing and both are told why. Raises nothing that could stop the outbox."""
    now = timezone.now()
    by = row.asked_by.held_on(now)
    second = row.decided_by.held_on(now) if row.decided_by else None
    if by is None or (row.decided_by is not None and second is None):
        ended(row, State.VOID, None, "An officer who asked for it or approved it holds the appointment no more.")
        return
    if digest(read(row.agreement)) != row.digest:
        ended(row, State.VOID, None, "It was changed after it was asked for.")
        return
    try:
        with transaction.atomic():
            register.put_to_parties(agreement=row.agreement, by=by, second=second)
    except Refused as refused:
        ended(row, State.VOID, None, refused.message[:300])
        return
    ended(row, State.PUT, by, "")


def ended(row: Submission, state: State, by: Appointment | None, words: str) -> Submission:
    """The request is over: nothing goes out by it any more."""
    due.cancel(key_prefix=_key(row))
    row.state, row.words, row.ended_by, row.ended_at = state, words, by, timezone.now()
    row.save(update_fields=["state", "words", "ended_by", "ended_at"])
    said(f"draft.{state}", row.agreement, by, submission=str(row.pk))
    _tell(row)
    return row


def _tell(row: Submission) -> None:
    key = f"{DECIDED}:{row.pk}:{row.state}:{row.put_on or ''}"
    messages.emit(kind=DECIDED, key=key, payload={"submission": str(row.pk), "state": row.state})


def activate(payload: dict[str, Any]) -> None:
    """Its day has come. A message of a day that was moved or stopped since does nothing."""
    found = Submission.objects.select_related("agreement").filter(pk=payload["submission"]).first()
    if found is None:
        return
    agreement = locked(found.agreement)
    row = Submission.objects.select_for_update(of=("self",)).get(pk=found.pk)
    row.agreement = agreement
    at = row.put_at
    if row.state == State.APPROVED and agreement.is_draft and (at is None or at <= timezone.now()):
        put(row)


def changed(verb: str, agreement: Agreement, by: Appointment) -> None:
    """Told by the register of every change of a draft, in its transaction: what is asked for is void by it."""
    if verb in SILENT:
        return
    for row in Submission.objects.select_for_update(of=("self",)).filter(agreement=agreement, state__in=OPEN):
        row.agreement = agreement
        ended(row, State.VOID, by, "The draft was changed after it was asked for.")
