"""What comes of a request apart from its asker: it is looked for, and it ends (R5, R17).

All of it opens the lock, for whether there is such a record is neither the asker's nor the worker's to see.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agencies.directory.roles import Permission
from agreements.alerts import concerned, raising
from agreements.requests import references
from agreements.requests.actions import ASKED, DECIDED, LAPSE, WITHDRAWN
from agreements.requests.alerting import OVER, REFUSED
from agreements.requests.choices import Side, State
from agreements.requests.models import AccessRequest, AskedRecord
from agreements.sharing import second
from agreements.sharing.models import Record
from portal import second_lock
from portal.audit import recording
from portal.outbox import handlers

ENDED = "The request that it would answer is over."
LOOK = "which records a request is for, and whom it concerns"


def register() -> None:
    handlers.register(ASKED, asked)
    handlers.register(DECIDED, decided)
    handlers.register(WITHDRAWN, withdrawn)
    handlers.register(LAPSE, lapse)


@dataclass(frozen=True)
class _Owner:
    """An agency that was asked: nobody there has acted yet. Its auditors read the entry."""

    agency_id: uuid.UUID
    pk: None = None
    officer_id: None = None


@second_lock.opened(LOOK)
def asked(payload: dict[str, Any]) -> None:
    """Put it before those of the owner who may release the record and see it. Where there is none, nothing happens."""
    request = _request(payload)
    if request.state != State.SENT:
        return
    found = references.found_for(request.reference, request.agency, request.asked_by)
    records = Record.objects.select_related("owner", "author__agency").in_bulk(item.record for item in found)
    for item in found:
        record = records[item.record]
        row, new = AskedRecord.objects.get_or_create(request=request, record=record, defaults={"known": item.known})
        if new:
            _log_there(request, row, record)
        people = concerned.for_owner(record, Permission.RECORD_RELEASE, timezone.now())
        raising.raise_alert(kind=ASKED, key=str(row.pk), recipients=people, record=record, subject=str(row.pk))


def _log_there(request: AccessRequest, row: AskedRecord, record: Record) -> None:
    """At the owner: who asks (agency and function, R18), for which record, what for."""
    recording.record(
        verb="access.asked",
        by=_Owner(record.owner_id),
        subject_kind=record.kind,
        subject_id=str(record.pk),
        data={
            "asked": str(row.pk),
            "agency": str(request.asked_by.agency),
            "function": request.asked_by.function,
            "purpose": request.purpose,
            "clause": request.clause_id and str(request.clause_id),
            "reference": request.reference,
        },
    )


@second_lock.opened(LOOK)
def decided(payload: dict[str, Any]) -> None:
    """Nobody need decide on it any more. The asker is told of what was given while it is visible, and of a refusal
    where that may be told."""
    row = AskedRecord.objects.with_words().get(pk=payload["asked"])
    _drop_second(AskedRecord.objects.filter(pk=row.pk))
    raising.settle(kind=ASKED, key=str(row.pk))
    at, request = timezone.now(), row.request
    asker = request.asked_by.held_on(at)
    if asker is None:
        return
    if row.state == Side.APPROVED:
        people = concerned.who_see(row.record, [asker], at)
        raising.raise_alert(
            kind=DECIDED, key=str(row.pk), recipients=people, record=row.record, subject=str(request.pk)
        )
    elif request.state == State.REFUSED:
        raising.raise_alert(kind=REFUSED, key=str(request.pk), recipients=[asker], subject=request.reference)


@second_lock.opened(LOOK)
def withdrawn(payload: dict[str, Any]) -> None:
    """What waits at the owner is closed."""
    request = _request(payload)
    _drop_second(request.asked_records.filter(state=Side.OPEN))
    _close(request)


@second_lock.opened(LOOK)
def lapse(payload: dict[str, Any]) -> None:
    """Its time is over. Refused in silence, never answered or of nothing at all: the asker is told the same (R17)."""
    now = timezone.now()
    if (row := _request(payload)).lapses_at > now:
        return
    _drop_second(
        row.asked_records.filter(state=Side.OPEN)
    )  # Before the request is held: who approves as the second officer holds both, in this order.
    AccessRequest.objects.select_for_update().get(pk=row.pk)
    row = _request(payload)
    _close(row)
    if row.state not in (State.SENT, State.LAPSED):
        return
    row.state, row.closed_at = State.LAPSED, row.closed_at or now
    row.save(update_fields=["state", "closed_at"])
    asker = row.asked_by.held_on(now)
    people = [] if asker is None else [asker]
    raising.raise_alert(kind=OVER, key=str(row.pk), recipients=people, subject=row.reference)


def _drop_second(rows: QuerySet[AskedRecord]) -> None:
    """No second officer of the owner need decide on what nobody asks for any more, or what is answered (R20)."""
    for row in rows.filter(audience__isnull=False).select_related("record", "audience").order_by("pk"):
        others = AskedRecord.objects.filter(state=Side.OPEN, record=row.record_id, audience=row.audience_id)
        if not others.exclude(pk=row.pk).exists():
            second.drop(record=row.record, audience=row.audience, words=ENDED)


def _close(request: AccessRequest) -> None:
    rows = AskedRecord.objects.select_for_update().filter(request=request, state=Side.OPEN).order_by("pk")
    for row in rows:
        row.state = Side.CLOSED
        row.save(update_fields=["state"])
        raising.settle(kind=ASKED, key=str(row.pk))


def _request(payload: dict[str, Any]) -> AccessRequest:
    rows = AccessRequest.objects.select_related("agency", "asked_by__agency__country")
    return rows.get(pk=payload["request"])
