"""Index a term of a record, withdraw it, search with partners (R19)."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Officer
from agencies.directory.roles import Permission
from agreements.hits import terms
from agreements.hits.choices import Term
from agreements.hits.models import Answer, IndexEntry, Search
from agreements.hits.searching import Partner, clauses_to_index, look_up, partners
from agreements.register.choices import Purpose
from agreements.register.models import Clause
from agreements.sharing.choices import Tlp
from agreements.sharing.models import Record
from agreements.sharing.policy import access_to, decide
from portal.audit import recording
from portal.outbox import messages
from portal.ui.errors import Refused

SEARCHED = "hits.searched"
# Letters and digits that nobody mistakes on the telephone.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@transaction.atomic
def index(
    *, record: Record, clause: Clause, term: str, value: str, by: Appointment, born: date | None = None
) -> IndexEntry:
    """Let partners' searches under the clause hit this record by the term. Only a keyed digest is kept of it.

    Raises Refused for a RED record, for what is not the officer's to release, and where the agency or the kind of
    term is not named in the clause. Indexing the same again changes nothing.
    """
    row = Record.objects.select_for_update().get(pk=record.pk)
    _may(row, by)
    if row.tlp == Tlp.RED:
        raise Refused("TLP:RED: no search may hit it (R19).", code="conflict")
    if clause.pk not in {item.pk for item in clauses_to_index(by)}:
        raise Refused("Your agency is not named for such a clause.", field="clause")
    kind = Term(term)
    if kind.category not in clause.categories:
        raise Refused(f"{clause.article} does not cover {kind.category.label.lower()}.", field="term")
    text = terms.normal(kind, value, born)
    made, new = IndexEntry.objects.get_or_create(
        record=row,
        digest=terms.digest(clause.pk, kind, text),
        withdrawn_at=None,
        defaults={"clause": clause, "term": kind, "masked": terms.masked(kind, text), "indexed_by": by},
    )
    if new:
        _note("hit.index", made, by)
    return made


@transaction.atomic
def withdraw(*, entry: IndexEntry, by: Appointment) -> IndexEntry:
    """No search hits it from now on."""
    row = IndexEntry.objects.select_for_update().get(pk=entry.pk)
    mine = access_to(row.record, by, timezone.now())
    if not mine.owns(row.record.owner_id) or not decide(mine, row.record):
        raise Refused("There is no such entry.", code="not_found")
    if not by.may(Permission.RECORD_RELEASE):
        raise Refused("Your role does not permit this.", code="forbidden")
    return _withdrawn(row, by)


@transaction.atomic
def silence(*, record: Record, by: Appointment) -> None:
    """The record as a whole was taken back by its owner: no search hits it, as nothing of it goes out any more."""
    for row in IndexEntry.objects.select_for_update().standing().filter(record=record).order_by("pk"):
        _withdrawn(row, by)


def _withdrawn(row: IndexEntry, by: Appointment) -> IndexEntry:
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = timezone.now(), by
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _note("hit.withdraw", row, by)
    return row


def _may(record: Record, by: Appointment) -> None:
    decision = decide(access_to(record, by, timezone.now()), record, "release")
    if not decision.grounds:
        raise Refused("There is no such record.", code="not_found")
    if not decision:
        raise Refused(decision.missing[0], code="forbidden", reasons=decision.missing)


def _note(verb: str, row: IndexEntry, by: Appointment) -> None:
    data = {"entry": str(row.pk), "clause": str(row.clause_id), "term": row.term}
    recording.record(verb=verb, by=by, subject_kind=row.record.kind, subject_id=str(row.record_id), data=data)


@transaction.atomic
def search(*, term: str, value: str, purpose: str, reason: str, by: Appointment, born: date | None = None) -> Search:
    """Ask every partner that may be asked. Both sides log it; the same rows are written whether it hits or not.

    Raises Refused without the permission, with no reason, and when the officer asks too often.
    """
    if not by.may(Permission.HIT_SEARCH):
        raise Refused("Your role does not permit this.", code="forbidden")
    if not reason.strip():
        raise Refused("Say why: your auditors read it.", field="reason")
    _not_too_often(by)
    kind, at = Term(term), timezone.now()
    text = terms.normal(kind, value, born)
    found = partners(by, kind, Purpose(purpose), at)
    look_up(found, kind, text, at)
    row = Search.objects.create(
        term=kind,
        masked=terms.masked(kind, text),
        purpose=purpose,
        reason=reason.strip(),
        searched_by=by,
        searched_at=at,
    )
    answers = [_answer(row, partner) for partner in found]
    Answer.objects.bulk_create(answers)
    data = {
        "term": kind,
        "digest": terms.own_digest(by.agency_id, kind, text),
        "purpose": purpose,
        "reason": row.reason,
        "answers": {item.reference: item.outcome for item in answers if item.agency_id},
    }
    recording.record(verb="hit.search", by=by, subject_kind="hit_search", subject_id=str(row.pk), data=data)
    for partner, answer in zip(found, answers, strict=True):
        _log_there(partner, answer, by)
    messages.emit(kind=SEARCHED, key=f"{SEARCHED}:{row.pk}", payload={"search": str(row.pk)})
    return row


def _not_too_often(by: Appointment) -> None:
    """So many in an hour for one officer, under whatever appointment; one search at a time."""
    Officer.objects.select_for_update(no_key=True).get(pk=by.officer_id)
    since = timezone.now() - timedelta(hours=1)
    done = Search.objects.filter(searched_by__officer=by.officer_id, searched_at__gt=since).count()
    if done >= settings.HIT_SEARCHES_AN_HOUR:
        raise Refused(
            f"You have searched {done} times within an hour, as often as is allowed. Try again later, or ask a duty desk.",
            code="too_many",
        )


def _answer(row: Search, partner: Partner) -> Answer:
    return Answer(
        search=row,
        country=partner.country,
        agency=partner.agency,
        clause_id=partner.clause,
        outcome=partner.outcome,
        words=partner.words[:300],
        reference="".join(secrets.choice(SIGNS) for _ in range(8)),
        entries=[item.entry for item in partner.entries],
    )


@dataclass(frozen=True)
class _Side:
    """An agency at which nobody acted: the portal answered for it. Its auditors read the entry."""

    agency_id: uuid.UUID
    pk: None = None
    officer_id: None = None


def _log_there(partner: Partner, answer: Answer, by: Appointment) -> None:
    """At the agency that was searched: who asked, for what purpose, and what was answered. Not the value, nor why."""
    if partner.agency is None or not partner.clauses:
        return
    hit = partner.entries[0] if partner.entries else None
    recording.record(
        verb="hit.answer",
        by=_Side(partner.agency.pk),
        subject_kind=hit.kind if hit else "hit_search",
        subject_id=str(hit.record) if hit else str(answer.search_id),
        data={
            "agency": str(by.agency),
            "function": by.function,
            "term": answer.search.term,
            "purpose": answer.search.purpose,
            "clause": str(answer.clause_id),
            "outcome": answer.outcome,
            "reference": answer.reference,
            "entries": [str(item.entry) for item in partner.entries],
        },
    )
