"""Ask for a record by its reference; withdraw; approve once, for a time; refuse; take back."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Officer
from agencies.directory.roles import Permission
from agreements.register.models import Clause
from agreements.requests import references
from agreements.requests.choices import Side, State
from agreements.requests.models import AccessRequest, AskedRecord
from agreements.requests.reading import bases_for
from agreements.sharing import second
from agreements.sharing.actions import releases
from agreements.sharing.actions.audiences import audience_for
from agreements.sharing.actions.releases import To
from agreements.sharing.models import Audience, Record, Release
from agreements.sharing.policy import access, access_to, decide
from portal import second_lock
from portal.audit import recording
from portal.keys import sent_before, usable
from portal.outbox import due, messages
from portal.ui.errors import Refused

ASKED, DECIDED, WITHDRAWN, LAPSE = "requests.asked", "requests.decided", "requests.withdrawn", "requests.lapse"
# Of a refusal: there is nothing to ask for.
SEEN = "seen"


@transaction.atomic
def ask(
    *,
    agency: Agency,
    reference: str,
    purpose: str,
    reason: str,
    by: Appointment,
    clause: Clause | None = None,
    until: datetime | None = None,
    key: uuid.UUID | None = None,
) -> AccessRequest:
    """Ask an agency for what it keeps under a reference, for a purpose, on a proposed legal basis (or none).

    The same rows are written, and the same is answered, whether there is such a record or not (R17): it is looked
    for later and apart. Raises Refused for what is malformed, for what the officer sees already (code `seen`), for
    the same asked twice, and when the officer asks too often.
    """
    if not by.may(Permission.ACCESS_REQUEST):
        raise Refused("Your role does not permit this.", code="forbidden")
    sent = sent_before(AccessRequest, key, asked_by=by)
    if sent is not None:
        return sent
    now, reference = timezone.now(), references.normal(reference)
    _check(agency, purpose, reason, by, clause, until, now)
    _not_too_often(by, now)
    if _standing(by, agency, reference, now):
        raise Refused("You have asked for it already: wait for the answer, or withdraw it.", field="reference")
    if references.seen_already(access(by, now), reference, agency):
        raise Refused("You see it already: there is nothing to ask for.", field="reference", code=SEEN)
    row = AccessRequest.objects.create(
        id=usable(AccessRequest, key),
        agency=agency,
        reference=reference,
        purpose=purpose,
        clause=clause,
        reason=reason.strip(),
        until=until,
        asked_by=by,
    )
    facts = {"of": str(agency.pk), "reference": reference, "purpose": purpose, "clause": clause and str(clause.pk)}
    _note("access.ask", row, by, reason=row.reason, **facts)
    messages.emit(kind=ASKED, key=f"{ASKED}:{row.pk}", payload={"request": str(row.pk)})
    due.schedule(kind=LAPSE, key=f"{LAPSE}:{row.pk}", fire_at=row.lapses_at, payload={"request": str(row.pk)})
    return row


def _check(
    agency: Agency,
    purpose: str,
    reason: str,
    by: Appointment,
    clause: Clause | None,
    until: datetime | None,
    now: datetime,
) -> None:
    if not reason.strip():
        raise Refused("Say why: the owner decides by it.", field="reason")
    if agency.pk in by.agencies or not agency.acts_now:
        raise Refused("Name another agency.", field="agency")
    if until is not None and until <= now:
        raise Refused("This lies in the past.", field="until")
    if clause is None:
        return
    if clause.pk not in {row.pk for row in bases_for(by, now, agency).get(agency.pk, ())}:
        raise Refused(f"By this article {agency.short} may give your agency nothing today.", field="clause")
    if purpose not in clause.purposes:
        raise Refused(f"{clause.article} does not name this purpose.", field="purpose")


def _not_too_often(by: Appointment, now: datetime) -> None:
    """So many in a day for one officer, under whatever appointment; one request at a time."""
    Officer.objects.select_for_update(no_key=True).get(pk=by.officer_id)
    since = now - timedelta(days=1)
    done = AccessRequest.objects.filter(asked_by__officer=by.officer_id, asked_at__gt=since).count()
    if done >= settings.ACCESS_REQUESTS_A_DAY:
        raise Refused(
            f"You have asked {done} times within a day, as often as is allowed. Ask the duty desk by telephone.",
            code="too_many",
        )


def _standing(by: Appointment, agency: Agency, reference: str, now: datetime) -> bool:
    """Whether the same is asked already. One that has lapsed makes room, though the sweep may be late."""
    same = AccessRequest.objects.filter(asked_by=by, agency=agency, reference=reference, state=State.SENT)
    same.filter(lapses_at__lte=now).update(state=State.LAPSED, closed_at=now)
    return same.exists()


@transaction.atomic
def withdraw(*, request: AccessRequest, by: Appointment) -> AccessRequest:
    """The asker no longer asks."""
    row = AccessRequest.objects.select_for_update().get(pk=request.pk)
    if row.asked_by_id not in by.chain:
        raise Refused("There is no such request.", code="not_found")
    if row.now != State.SENT:
        raise Refused(f"It is over: {row.now.label.lower()}.", code="state")
    row.state, row.closed_at = State.WITHDRAWN, timezone.now()
    row.save(update_fields=["state", "closed_at"])
    _note("access.withdraw", row, by)
    messages.emit(kind=WITHDRAWN, key=f"{WITHDRAWN}:{row.pk}", payload={"request": str(row.pk)})
    return row


@transaction.atomic
def approve(
    *, asked: AskedRecord, to: To, clause: Clause, purpose: str, until: datetime | None, by: Appointment
) -> AskedRecord:
    """Give it, once and for a time: one release, to the officer who asked or to that one's unit or agency.

    Approving what is approved changes nothing: a second click is answered with the first. Where the agency wants a
    second officer, that one is asked, and the approval counts once the release is made (R20). Raises Refused as the
    release itself would.
    """
    row = _locked(asked, by)
    if row.state == Side.APPROVED:
        return row
    _still_open(row)
    if until is None:
        raise Refused("Say until when: access is given for a time.", field="until")
    if not _is_the_askers(to, row.request.asked_by):
        raise Refused("Give it to who asked, or to that officer's unit or agency.", field="to")
    _not_beside_another(row, to, clause)
    terms = {"record": row.record, "to": to, "clause": clause, "purpose": purpose, "until": until, "by": by}
    if not releases.needs_second(row.record, by):
        return _approved(row, releases.release(**terms), by)  # type: ignore[arg-type]
    second.ask(**terms)
    row.audience = audience_for(to.kind, clause=clause, **to.target)
    row.save(update_fields=["audience"])
    _note_owner("access.ask_second", row, by)
    return row


def _not_beside_another(row: AskedRecord, to: To, clause: Clause) -> None:
    """What a second officer is to approve is not answered otherwise meanwhile."""
    if row.audience is None or second.waiting(record=row.record, audience=row.audience) is None:
        return
    if audience_for(to.kind, clause=clause, **to.target).pk != row.audience_id:
        raise Refused("A second officer decides on it already. Take that back to choose otherwise.", code="state")


def released(*, release: Release, second: Appointment | None) -> None:
    """A second officer has approved what a request waits for: it is answered by that release (R20)."""
    if second is None:
        return
    rows = AskedRecord.objects.filter(record=release.content_object, audience=release.audience, state=Side.OPEN)
    for found in rows.order_by("pk"):
        row = _lock(found)
        if row.is_open(timezone.now()):
            # One release answers one request.
            _approved(row, release, second)
            return


def not_released(*, record: Record, audience: Audience) -> None:
    """No second officer decides on it any more (R20): the request waits for an answer again."""
    AskedRecord.objects.filter(record=record, audience=audience, state=Side.OPEN).update(audience=None)


@transaction.atomic
def refuse(*, asked: AskedRecord, by: Appointment, words: str = "") -> AskedRecord:
    """No. The asker is told, with the reason if there is one, only where the asker knows that there is such a record;
    to all others it ends as if nobody had answered (R17)."""
    row = _locked(asked, by)
    _still_open(row)
    row.words = words.strip()
    _decided(row, Side.REFUSED, by, "access.refuse")
    if row.known and row.request.state == State.SENT and not _others_decide(row):
        row.request.state, row.request.closed_at, row.request.words = State.REFUSED, row.decided_at, row.words
        row.request.save(update_fields=["state", "closed_at", "words"])
    return row


def _others_decide(row: AskedRecord) -> bool:
    with second_lock.opened("whether colleagues decide on another record yet"):
        return AskedRecord.objects.filter(request=row.request_id, state=Side.OPEN).exists()


@transaction.atomic
def revoke(*, asked: AskedRecord, by: Appointment) -> AskedRecord:
    """Take back what was approved: closed on the next request through every door (R13)."""
    row = _locked(asked, by)
    if row.given is None:
        raise Refused("Nothing was approved.", code="state")
    releases.revoke(release=row.given, by=by)
    return row


def _lock(asked: AskedRecord) -> AskedRecord:
    """Both rows, always the request first: its asker may withdraw it meanwhile."""
    AccessRequest.objects.select_for_update().get(pk=asked.request_id)
    AskedRecord.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    return AskedRecord.objects.with_words().get(pk=asked.pk)


def _locked(asked: AskedRecord, by: Appointment) -> AskedRecord:
    """The row for a change, if the officer releases for the owner and sees the record."""
    row = _lock(asked)
    mine = access_to(row.record, by, timezone.now())
    if not mine.owns(row.record.owner_id) or not decide(mine, row.record):
        raise Refused("There is no such request.", code="not_found")
    if not by.may(Permission.RECORD_RELEASE):
        raise Refused("Your role does not permit this.", code="forbidden")
    return row


def _still_open(row: AskedRecord) -> None:
    if not row.is_open(timezone.now()):
        raise Refused(f"It is decided: {row.words_now.lower()}.", code="state")
    if row.request.state not in (State.SENT, State.ANSWERED):
        raise Refused("The asker has withdrawn it.", code="state")


def _is_the_askers(to: To, asker: Appointment) -> bool:
    now = asker.held_on(timezone.now()) or asker
    if to.appointment is not None:
        return to.appointment.pk in (asker.pk, now.pk)
    if to.function or to.circle is not None or to.country is not None or to.agency is None:
        return False
    return to.agency.pk in (asker.agency_id, now.agency_id) and (to.unit is None or to.unit.pk == now.unit_id)


def _approved(row: AskedRecord, release: Release, by: Appointment) -> AskedRecord:
    row.release = release
    _decided(row, Side.APPROVED, by, "access.approve")
    if row.request.state == State.SENT:
        row.request.state, row.request.closed_at = State.ANSWERED, row.decided_at
        row.request.save(update_fields=["state", "closed_at"])
    return row


def _decided(row: AskedRecord, state: Side, by: Appointment, verb: str) -> None:
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at", "words", "release"])
    _note_owner(verb, row, by)
    messages.emit(kind=DECIDED, key=f"{DECIDED}:{row.pk}", payload={"asked": str(row.pk)})


def _note(verb: str, row: AccessRequest, by: Appointment, **data: object) -> None:
    recording.record(verb=verb, by=by, subject_kind="access_request", subject_id=str(row.pk), data=data)


def _note_owner(verb: str, row: AskedRecord, by: Appointment) -> None:
    data = {"asked": str(row.pk), "state": row.state, "release": row.release_id and str(row.release_id)}
    recording.record(verb=verb, by=by, subject_kind=row.record.kind, subject_id=str(row.record_id), data=data)
