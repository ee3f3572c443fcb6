"""Pass a record on, ask for consent, consent, refuse, release instead, end a consent (R11)."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.onward.choices import State
from agreements.onward.models import ConsentRequest
from agreements.register.choices import Onward
from agreements.register.models import Clause
from agreements.sharing.actions import releases
from agreements.sharing.actions.audiences import audience_for
from agreements.sharing.actions.releases import To
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import ONWARD, Way, access_to, decide, readers, ways_onward
from portal.audit import recording
from portal.keys import sent_before, usable
from portal.outbox import messages
from portal.ui.errors import Refused

ASKED, DECIDED, PASSED = "onward.asked", "onward.decided", "onward.passed"


def way_for(record: Record, by: Appointment) -> Way:
    """The least strict way by which the officer's agency holds the record. Raises Refused when there is none, or
    when an article forbids every one."""
    mine = access_to(record, by, timezone.now())
    decision = decide(mine, record, ONWARD)
    if not decision:
        raise Refused(decision.missing[0], code="forbidden", reasons=decision.missing)
    return ways_onward(mine, record)[0]


@transaction.atomic
def pass_on(
    *, record: Record, to: To, clause: Clause, purpose: str, by: Appointment, until: datetime | None = None
) -> Release:
    """Pass it on where every article on the way lets it go freely. The originator is told."""
    way = way_for(record, by)
    row = releases.release(record=record, to=to, clause=clause, purpose=purpose, by=by, until=until, via=way.release)
    messages.emit(kind=PASSED, key=f"{PASSED}:{row.pk}", payload={"release": str(row.pk)})
    return row


@transaction.atomic
def ask(
    *,
    record: Record,
    purpose: str,
    reason: str,
    by: Appointment,
    to: To | None = None,
    clause: Clause | None = None,
    agency: Agency | None = None,
    until: datetime | None = None,
    key: uuid.UUID | None = None,
) -> ConsentRequest:
    """Ask the originator: for an audience under a clause of one's own (`to`, `clause`), or for an `agency` to which
    only the originator could release. The request reaches the originator by the act itself, nobody else (R5)."""
    sent = sent_before(ConsentRequest, key, record=record, asked_by=by)
    if sent is not None:
        return sent
    way = way_for(record, by)
    if way.rule == Onward.FREE:
        raise Refused("Every article on the way lets it go on: pass it on yourself.", code="conflict")
    if not reason.strip():
        raise Refused("Say why: the originator decides by it.", field="reason")
    if until is not None and until <= timezone.now():
        raise Refused("This lies in the past.", field="until")
    audience = None
    if to is not None and clause is not None:
        _check_target(record, to, clause, purpose, by, way)
        audience = audience_for(to.kind, clause=clause, **to.target)
    elif agency is None or agency.pk in {*by.agencies, record.owner_id} or not agency.acts_now:
        raise Refused("Name another agency.", field="agency")
    row = ConsentRequest.objects.create(
        id=usable(ConsentRequest, key),
        record=record,
        via=way.release,
        asked_by=by,
        audience=audience,
        agency=None if audience else agency,
        purpose=purpose,
        reason=reason.strip(),
        until=until,
    )
    _note("onward.ask", row, by)
    messages.emit(kind=ASKED, key=f"{ASKED}:{row.pk}", payload={"request": str(row.pk)})
    return row


def _check_target(record: Record, to: To, clause: Clause, purpose: str, by: Appointment, way: Way) -> None:
    """Nobody is asked for what no article of the asker's would let through anyway."""
    proposal = to.proposal(provider=by.agency, clause=clause, purpose=purpose, via=way.release)
    found = readers(record, [proposal], timezone.now())
    if not any(reader.sees for reader in found):
        say = found[0].sentence if found else "No agency is in this audience today"
        raise Refused(f"Nobody could read it: {say}.", field="to", code="no_basis")


@transaction.atomic
def consent(*, request: ConsentRequest, ends_at: datetime, by: Appointment, words: str = "") -> ConsentRequest:
    """The originator consents until `ends_at`: the asker may then pass it on under its own article."""
    row = _asked(request, by)
    if row.audience is None:
        raise Refused("They have no article of their own to pass it on under: release it yourself, or refuse.")
    if ends_at <= timezone.now():
        raise Refused("This lies in the past.", field="ends_at")
    row.ends_at = ends_at
    return _decided(row, State.CONSENTED, by, words, "onward.consent")


@transaction.atomic
def refuse(*, request: ConsentRequest, words: str, by: Appointment) -> ConsentRequest:
    """The originator says no, with a reason that the asker reads."""
    row = _asked(request, by)
    if not words.strip():
        raise Refused("Say why: the asker reads it.", field="words")
    return _decided(row, State.REFUSED, by, words, "onward.refuse")


@transaction.atomic
def release_instead(
    *,
    request: ConsentRequest,
    to: To,
    clause: Clause,
    purpose: str,
    by: Appointment,
    until: datetime | None = None,
    words: str = "",
) -> ConsentRequest:
    """The originator releases it itself, under an article of its own: the asker is named nowhere (R18)."""
    row = _asked(request, by)
    row.release = releases.release(record=row.record, to=to, clause=clause, purpose=purpose, by=by, until=until)
    return _decided(row, State.RELEASED, by, words, "onward.release")


@transaction.atomic
def pass_on_consented(*, request: ConsentRequest, by: Appointment) -> ConsentRequest:
    """The asker's agency passes it on as it asked, for as long as the consent holds."""
    row = _locked(request, by)
    _of_asker(row, by)
    now = timezone.now()
    if row.state != State.CONSENTED or row.ends_at is None or row.audience is None or row.audience.clause is None:
        raise Refused("There is no consent to pass it on.", code="state")
    if row.ends_at <= now:
        raise Refused("The consent has run out: ask again.", code="state")
    via = Release.objects.filter(pk=row.via_id).first()
    if via is None:
        raise Refused("The release by which your agency received it is no longer open.", code="no_basis")
    ends = [instant for instant in (row.ends_at, row.until) if instant and instant > now]
    row.release = releases.release(
        record=row.record,
        to=To.of(row.audience),
        clause=row.audience.clause,
        purpose=row.purpose,
        by=by,
        until=min(ends),
        via=via,
        consented=True,
        # Who asked and who passes it on are two, where the agency wants two (R20).
        second=row.asked_by if row.asked_by.officer_id != by.officer_id else None,
    )
    row.state = State.PASSED
    row.save(update_fields=["state", "release"])
    _note("onward.pass", row, by)
    messages.emit(kind=PASSED, key=f"{PASSED}:{row.release.pk}", payload={"release": str(row.release.pk)})
    return row


@transaction.atomic
def end_consent(*, request: ConsentRequest, by: Appointment, words: str = "") -> ConsentRequest:
    """The originator ends its consent: what was passed on by it closes on the next request (R13)."""
    row = _locked(request, by)
    _of_owner(row, by)
    if row.state not in (State.CONSENTED, State.PASSED):
        raise Refused("There is no consent to end.", code="state")
    if row.release is not None:
        releases.withdraw(release=row.release, by=by)
    return _decided(row, State.ENDED, by, words or row.words, "onward.end")


@transaction.atomic
def take_back(*, request: ConsentRequest, by: Appointment) -> ConsentRequest:
    """The asker's agency no longer asks."""
    row = _locked(request, by)
    _of_asker(row, by)
    if row.state not in (State.ASKED, State.CONSENTED):
        raise Refused("It was answered already.", code="state")
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    _note("onward.take_back", row, by)
    return row


def _locked(request: ConsentRequest, by: Appointment) -> ConsentRequest:
    """The row for a change, if the officer sees the record and releases for one of the two sides."""
    ConsentRequest.objects.select_for_update().get(pk=request.pk)
    row = ConsentRequest.objects.with_words().get(pk=request.pk)
    if not decide(access_to(row.record, by, timezone.now()), row.record):
        raise Refused("There is no such request.", code="not_found")
    if not by.may(Permission.RECORD_RELEASE):
        raise Refused("Your role does not permit this.", code="forbidden")
    return row


def _of_owner(row: ConsentRequest, by: Appointment) -> None:
    if row.record.owner_id not in by.agencies:
        raise Refused(f"Only {row.record.owner.short} decides.", code="forbidden")


def _of_asker(row: ConsentRequest, by: Appointment) -> None:
    if row.asked_by.agency_id not in by.agencies:
        raise Refused("Only the agency that asked does this.", code="forbidden")


def _asked(request: ConsentRequest, by: Appointment) -> ConsentRequest:
    row = _locked(request, by)
    _of_owner(row, by)
    if row.state != State.ASKED:
        raise Refused(f"It is decided: {row.get_state_display().lower()}.", code="state")
    return row


def _decided(row: ConsentRequest, state: State, by: Appointment, words: str, verb: str) -> ConsentRequest:
    row.state, row.decided_by, row.decided_at, row.words = state, by, timezone.now(), words.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "words", "ends_at", "release"])
    _note(verb, row, by)
    messages.emit(kind=DECIDED, key=f"{DECIDED}:{row.pk}:{state}", payload={"request": str(row.pk)})
    return row


def _note(verb: str, row: ConsentRequest, by: Appointment) -> None:
    record = row.record
    data = {"request": str(row.pk), "state": row.state}
    recording.record(verb=verb, by=by, subject_kind=record.kind, subject_id=str(record.pk), data=data)
