"""Write to the ledger, in the transaction of what it tells."""

import math
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol

from django.utils import timezone

from portal.audit import door as doors
from portal.audit.models import Entry


class Actor(Protocol):
    """Who acts: an appointment, as far as the ledger must know it."""

    @property
    def pk(self) -> Any: ...

    @property
    def officer_id(self) -> Any: ...

    @property
    def agency_id(self) -> Any: ...


DISCLOSE = "record.disclose"
_AFTER: list[Callable[[str], None]] = []
_DISCLOSED = ("record", "release", "clause")


def after(told: Callable[[str], None]) -> None:
    """Let `told(verb)` be called after each action, in its transaction. It hears the verb, and nothing else."""
    if told not in _AFTER:
        _AFTER.append(told)


def record(
    *,
    verb: str,
    by: Actor | None,
    subject_kind: str = "",
    subject_id: object = "",
    data: Mapping[str, Any] | None = None,
    door: str = "",
) -> Entry:
    """One entry: `by` (None: the system) did `verb` (`patrol.start`) to a subject; `data` is plain."""
    entry = _write(
        verb=verb,
        by=by,
        subject_kind=subject_kind,
        subject_id=str(subject_id or ""),
        data=plain(dict(data or {})),
        door=door,
    )
    _tell(verb)
    return entry


def record_many(
    *, verb: str, by: Actor | None, subject_kind: str, subjects: Iterable[tuple[object, Mapping[str, Any]]]
) -> int:
    """One entry for each subject and what is told of it, written together; how many those were."""
    passage = doors.current()
    entries = [
        Entry(
            recorded_at=timezone.now(),
            verb=verb,
            officer_id=by.officer_id if by else None,
            appointment_id=by.pk if by else None,
            agency_id=by.agency_id if by else None,
            door=passage.door,
            request_id=passage.request_id,
            subject_kind=subject_kind,
            subject_id=str(subject),
            data=plain(dict(data)),
        )
        for subject, data in subjects
    ]
    Entry.objects.bulk_create(entries)
    _tell(verb)
    return len(entries)


def _tell(verb: str) -> None:
    for told in _AFTER:
        told(verb)


def disclose(*, by: Actor | None, items: Iterable[Mapping[str, Any]], door: str = "") -> Entry | None:
    """One entry for one response that disclosed records (R29), or None when it disclosed none.

    Each of `items` has `record`, and `release` and `clause` where it came by one (own records have none).
    """
    records = [{name: plain(item.get(name)) for name in _DISCLOSED} for item in items]
    if not records:
        return None
    return _write(verb=DISCLOSE, by=by, records=records, door=door)


def _write(*, by: Actor | None, door: str, **facts: Any) -> Entry:
    passage = doors.current()
    if stood_in_for := getattr(by, "acts_for_id", None):
        facts["data"] = {**facts.get("data", {}), "acting_for": str(stood_in_for)}
    return Entry.objects.create(
        recorded_at=timezone.now(),
        officer_id=by.officer_id if by else None,
        appointment_id=by.pk if by else None,
        agency_id=by.agency_id if by else None,
        door=door or passage.door,
        request_id=passage.request_id,
        **facts,
    )


def plain(value: Any) -> Any:
    """The value as JSON that PostgreSQL keeps as it is: keys and instants as text, NUL removed.

    Raise TypeError for what has no plain form: the ledger must not depend on somebody's `__str__`.
    """
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str | uuid.UUID | Decimal):
        # PostgreSQL stores neither NUL nor half a surrogate pair.
        return str(value).replace("\x00", "").encode("utf-8", "replace").decode()
    raise TypeError(f"The ledger takes plain values, not {type(value).__name__}.")
