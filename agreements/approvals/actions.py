"""Ask for a second officer, approve, decline, take back (R20)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.approvals.choices import State
from agreements.approvals.models import Approval
from agreements.register.models import Clause
from agreements.sharing import second
from agreements.sharing.actions import releases
from agreements.sharing.actions.audiences import audience_for
from agreements.sharing.actions.releases import To
from agreements.sharing.locking import key_of
from agreements.sharing.models import Audience, Record, Release
from agreements.sharing.policy import access, access_to, decide
from portal import second_lock
from portal.audit import recording
from portal.outbox import messages
from portal.ui.errors import Refused

ASKED, DECIDED = "approvals.asked", "approvals.decided"


@transaction.atomic
def ask(
    *,
    record: Record,
    to: To,
    clause: Clause,
    purpose: str,
    by: Appointment,
    until: datetime | None = None,
    via: Release | None = None,
) -> Approval:
    """Ask for a second officer. Everything but the second pair of eyes is checked now, and again when approved.

    Raises Refused as the release itself would, when none is needed, and when a colleague has asked for the same: there
    one approves. Asking twice for the same asks once.
    """
    if not releases.needs_second(record, by):
        raise Refused("No second officer is needed: release it.", code="conflict")
    releases.check(record=record, to=to, clause=clause, purpose=purpose, by=by, until=until, via=via)
    audience = audience_for(to.kind, clause=clause, **to.target)
    # Two colleagues who ask at once would not see each other's.
    Audience.objects.select_for_update(no_key=True).get(pk=audience.pk)
    first = waiting(record=record, audience=audience)
    if first is not None and first.asked_by_id != by.pk:
        raise Refused(f"{first.asked_by.officer} has asked for the same: approve that, or decline it.", code="state")
    row, new = Approval.objects.get_or_create(
        record=record,
        audience=audience,
        asked_by=by,
        state=State.WAITING,
        defaults={"purpose": purpose, "until": until, "via": via},
    )
    if new:
        _note("release.ask_second", row, by)
        messages.emit(kind=ASKED, key=f"{ASKED}:{row.pk}", payload={"approval": str(row.pk)})
    return row


@transaction.atomic
def approve(*, approval: Approval, by: Appointment) -> Approval:
    """The second officer approves: the release is made, in the name of who asked."""
    row = _waiting(approval, by)
    if row.asked_by.officer_id == by.officer_id:
        raise Refused("You asked for it yourself: another officer approves.", code="forbidden")
    if not row.asked_by.is_in_effect(timezone.now()):
        raise Refused("Who asked for it holds the appointment no more: ask anew.", code="state")
    clause = row.audience.clause
    assert clause is not None
    # Done in the name of who asked, who may have received it alone.
    with second_lock.fed(lambda: key_of(access(row.asked_by, timezone.now()))):
        row.release = releases.release(
            record=row.record,
            to=To.of(row.audience),
            clause=clause,
            purpose=row.purpose,
            by=row.asked_by,
            until=row.until,
            via=row.way,
            second=by,
        )
    return decided(row, State.APPROVED, by, "", "release.approve")


@transaction.atomic
def decline(*, approval: Approval, words: str, by: Appointment) -> Approval:
    """The second officer says no, with a reason that the first one reads."""
    row = _waiting(approval, by)
    if row.asked_by.officer_id == by.officer_id:
        raise Refused("You asked for it yourself: take it back instead.", code="forbidden")
    if not words.strip():
        raise Refused("Say why: your colleague reads it.", field="words")
    return decided(row, State.DECLINED, by, words, "release.decline")


@transaction.atomic
def take_back(*, approval: Approval, by: Appointment) -> Approval:
    """Who asked no longer does."""
    row = _waiting(approval, by)
    if row.asked_by.officer_id != by.officer_id:
        raise Refused("Only who asked takes it back: decline it instead.", code="forbidden")
    return decided(row, State.WITHDRAWN, by, "", "release.take_back")


def waiting(*, record: Record, audience: Audience) -> Approval | None:
    """What can be approved now of that record for that audience."""
    now = timezone.now()
    rows = Approval.objects.waiting().filter(record=record, audience=audience).with_words()
    return next((row for row in rows.order_by("asked_at", "pk") if row.asked_by.is_in_effect(now)), None)


def drop(*, record: Record, audience: Audience, words: str) -> None:
    """What it was asked for is over: nobody need decide. Inside another action, which says so."""
    rows = Approval.objects.select_for_update().waiting().filter(record=record, audience=audience)
    for row in rows.order_by("pk"):
        decided(row, State.WITHDRAWN, None, words, "release.take_back")


def _waiting(approval: Approval, by: Appointment) -> Approval:
    """The row for a change, if the officer releases for the agency and sees the record."""
    Approval.objects.select_for_update().get(pk=approval.pk)
    row = Approval.objects.with_words().get(pk=approval.pk)
    seen = decide(access_to(row.record, by, timezone.now()), row.record)
    if row.asked_by.agency_id not in by.agencies or not seen:
        raise Refused("There is no such release.", code="not_found")
    if not by.may(Permission.RECORD_RELEASE):
        raise Refused("Your role does not permit this.", code="forbidden")
    if row.state != State.WAITING:
        raise Refused(f"It is decided: {row.get_state_display().lower()}.", code="state")
    return row


def decided(row: Approval, state: State, by: Appointment | None, words: str, verb: str) -> Approval:
    """What was said, for who asked; by nobody, where it only ended. Inside another action, which says who may."""
    row.state, row.decided_by, row.decided_at, row.words = state, by, timezone.now(), words.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "words", "release"])
    _note(verb, row, by)
    if state != State.APPROVED and waiting(record=row.record, audience=row.audience) is None:
        second.dropped(record=row.record, audience=row.audience)
    messages.emit(kind=DECIDED, key=f"{DECIDED}:{row.pk}", payload={"approval": str(row.pk)})
    return row


def _note(verb: str, row: Approval, by: Appointment | None) -> None:
    data = {"approval": str(row.pk), "audience": str(row.audience_id), "state": row.state}
    recording.record(verb=verb, by=by, subject_kind=row.record.kind, subject_id=str(row.record_id), data=data)
