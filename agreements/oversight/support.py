"""What support is told: totals of the installation, and of keys it was given that there is such a thing (R5, R17).

Never a title, a text, a name or a place. That a key was looked up stands in the ledger, where the owner reads it.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from agencies.directory.models import Agency, Appointment, Officer
from agreements.alerts.models import Alert
from agreements.register.models import Agreement, Clause
from agreements.sharing import kinds
from agreements.sharing.models import Record, Release
from portal import second_lock
from portal.audit import recording
from portal.audit.models import Entry
from portal.audit.recording import DISCLOSE
from portal.outbox.models import Message

WHY = "support: keys, kinds and counts"
LOOKED_UP = "support.look_up"
MOST = 50


@dataclass(frozen=True)
class Found:
    """What is said of one key. `changed_at`: when the ledger last noted a change of it."""

    key: uuid.UUID
    kind: str = ""
    owner: str = ""
    changed_at: datetime | None = None
    version: int | None = None

    @property
    def words(self) -> str:
        if not self.kind:
            return f"{self.key}  nothing here has this key"
        parts = [str(self.key), self.kind, self.owner or "of no agency"]
        parts += [f"version {self.version}"] if self.version is not None else []
        parts += [f"last change {self.changed_at:%Y-%m-%d %H:%M:%S}Z"] if self.changed_at else ["no change noted"]
        return "  ".join(parts)


# What has keys, by its word, with the agency that it belongs to. Records, and what hangs from them under the same
# key, come first.
SUBJECTS: dict[str, tuple[type[models.Model], Callable[[Any], Agency | None]]] = {
    "record": (Record, lambda row: row.owner),
    "release": (Release, lambda row: row.provider),
    "agreement": (Agreement, lambda row: row.drafted_by),
    "article": (Clause, lambda row: row.agreement.drafted_by),
    "agency": (Agency, lambda row: row),
    "appointment": (Appointment, lambda row: row.agency),
    "officer": (Officer, lambda row: None),
    "alert": (Alert, lambda row: row.appointment.agency),
    "message": (Message, lambda row: None),
}


@second_lock.opened(WHY)
@transaction.atomic
def look_up(*, keys: Iterable[uuid.UUID], operator: str, reason: str) -> list[Found]:
    """What of each key there is, in the order asked. Each stands in the ledger, whether found or not.

    Raises ValueError for more than MOST keys at once, and without a reason or an operator.
    """
    asked = list(dict.fromkeys(keys))
    if len(asked) > MOST:
        raise ValueError(f"Give {MOST} keys at most.")
    if not reason.strip() or not operator.strip():
        raise ValueError("Say who looks it up, and why: the ledger keeps both.")
    return [_look_up(key, operator.strip(), reason.strip()) for key in asked]


def _look_up(key: uuid.UUID, operator: str, reason: str) -> Found:
    found = _of(key)
    data = {"operator": operator, "reason": reason, "found": bool(found.kind)}
    recording.record(verb=LOOKED_UP, by=None, subject_kind=found.kind, subject_id=key, data=data, door="support")
    return found


def _of(key: uuid.UUID) -> Found:
    for word, (model, owner_of) in SUBJECTS.items():
        row: Any = model._default_manager.filter(pk=key).first()
        if row is not None:
            kind = row.kind if isinstance(row, Record) else word
            owner = owner_of(row)
            return Found(key, kind, owner.short if owner else "", _changed_at(key), getattr(row, "version", None))
    return Found(key)


def _changed_at(key: uuid.UUID) -> datetime | None:
    rows = Entry.objects.filter(subject_id=str(key)).exclude(verb__in=(DISCLOSE, LOOKED_UP))
    return rows.order_by("-seq").values_list("recorded_at", flat=True).first()


@second_lock.opened(WHY)
def totals() -> dict[str, int]:
    """How many there are in the whole installation: records by kind, and all else that has keys."""
    found = {f"records: {kind.plural.lower()}": 0 for kind in kinds.all_kinds()}
    by_kind = dict(Record.objects.order_by().values_list("kind").annotate(number=models.Count("pk")))
    for kind in kinds.all_kinds():
        found[f"records: {kind.plural.lower()}"] = by_kind.get(kind.name, 0)
    for word, (model, _) in SUBJECTS.items():
        found[f"{word}s" if word != "agency" else "agencies"] = model._default_manager.count()
    found["messages waiting"] = Message.objects.waiting().count()
    found["messages set aside"] = Message.objects.set_aside().count()
    return found
