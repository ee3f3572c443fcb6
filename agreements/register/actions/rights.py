"""Who may write the policy (R22), and what every written fact carries."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Permission
from agreements.register.causes import CHANGED
from agreements.register.models import Agreement, Clause, Fact
from portal.audit import recording
from portal.outbox import messages
from portal.ui.errors import Refused

_F = TypeVar("_F", bound=Fact)

# Drafts into which an invited agency writes at the moment: lent by the room of drafts, task by task (R23).
_LENT: ContextVar[frozenset[uuid.UUID]] = ContextVar("lent_drafts", default=frozenset())
# Told of every change of a draft, in its transaction: (verb, agreement, by).
_WATCHING: list[Callable[[str, Agreement, Appointment], None]] = []


@contextmanager
def lent(agreement: Agreement) -> Iterator[None]:
    """Inside, whoever the drafting agency let fill in a part of the draft changes it as its own officers do."""
    token = _LENT.set(_LENT.get() | {agreement.pk})
    try:
        yield
    finally:
        _LENT.reset(token)


def watch(hook: Callable[[str, Agreement, Appointment], None]) -> None:
    """Let a room above know of every change of a draft: what is approved must be what is put to the parties."""
    if hook not in _WATCHING:
        _WATCHING.append(hook)


def need(by: Appointment, permission: Permission = Permission.AGREEMENT_DRAFT) -> None:
    """Raise Refused unless the role is a treaty admin's."""
    if not by.may(permission):
        raise Refused("Only a treaty admin does this.", code="forbidden")


def is_party(agreement: Agreement, country: Country | str) -> bool:
    return agreement.parties.filter(country=country).exists()


def is_keeper(agreement: Agreement, by: Appointment) -> bool:
    """Whether the officer records facts about the agreement: a party's treaty admin, of a draft its author's."""
    if not by.may(Permission.AGREEMENT_DRAFT):
        return False
    if agreement.is_draft:
        return agreement.drafted_by_id in by.agencies or agreement.pk in _LENT.get()
    return is_party(agreement, by.agency.country_id)


def changeable(agreement: Agreement, by: Appointment) -> Agreement:
    """The agreement, locked for this transaction, if the officer records facts about it."""
    need(by)
    row = locked(agreement)
    if not is_keeper(row, by):
        raise Refused("Only a treaty admin of one of its parties records facts about an agreement.", code="forbidden")
    return row


def changeable_draft(agreement: Agreement, by: Appointment) -> Agreement:
    row = changeable(agreement, by)
    if not row.is_draft:
        raise Refused("It is before its parties: what was recorded stays. Record a new fact instead.", code="conflict")
    return row


def locked(agreement: Agreement) -> Agreement:
    """One fact at a time, so that what is checked still holds when it is written."""
    return Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)


def stamp(by: Appointment, recorded_at: datetime | None = None) -> dict[str, Any]:
    return {
        "recorded_by": by,
        "recorded_for": by.agency.country,
        "recorded_at": recorded_at or timezone.now(),
    }


def own_clauses(agreement: Agreement, clauses: Iterable[Clause]) -> list[Clause]:
    """The clauses, if all are the agreement's own."""
    rows = list(clauses)
    if any(row.agreement_id != agreement.pk for row in rows):
        raise Refused("Name articles of this agreement.", field="clauses")
    return rows


# What was recorded longer ago, as when an older register is taken over, is no news to anybody.
NEWS = timedelta(days=2)


def note(
    verb: str,
    agreement: Agreement,
    by: Appointment,
    key: str,
    *,
    cause: str = CHANGED,
    recorded_at: datetime | None = None,
    **data: Any,
) -> None:
    """The ledger's entry and the message, with keys only."""
    recording.record(
        verb=verb, by=by, subject_kind="agreement", subject_id=str(agreement.pk), data={"fact": key, **data}
    )
    if recorded_at is None or recorded_at > timezone.now() - NEWS:
        messages.emit(kind=cause, key=f"{cause}:{key}", payload={"agreement": str(agreement.pk), "fact": key})
    if agreement.is_draft:
        for hook in _WATCHING:
            hook(verb, agreement, by)
