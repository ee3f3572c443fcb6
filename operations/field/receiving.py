"""Receives what a device logged: each item once, in order, each by itself (ADR 0031).

The same item again is answered the same; the same key with other words is refused. What is refused leaves nothing, so
that it is judged anew when it is sent again, perhaps after what it waited for.
"""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.http import Http404
from rest_framework.exceptions import ValidationError

from agencies.directory.models import Appointment, Officer
from agreements.sharing.models import Record, Release
from operations.field import doing, items
from operations.field.choices import Flag, ItemKind, ReceiptState
from operations.field.clocks import Clock
from operations.field.doing import Done, Task
from operations.field.items import Item
from operations.field.models import Receipt
from portal.api.errors import flat
from portal.ui.errors import Refused

logger = logging.getLogger(__name__)

OTHER_BODY = "This id was received with other words. What is new needs a new id."
DEPENDS = "It depends on an item that was refused: send that again first."
WAITS = "It depends on an item that waits in quarantine."
CONFLICT = "A colleague had changed it meanwhile. Both versions are kept until one of your team decides."
REJECTED = "Your agency has not admitted it."
FAULT = "Something went wrong on our side. Keep it; it has been logged."


@dataclass
class Result:
    """The answer to one item. `id` is None for what has none that can be read."""

    id: str | None
    state: ReceiptState
    received_at: datetime
    reference: str = ""
    record: uuid.UUID | None = None
    held: bool = False
    code: str = ""
    flags: list[str] = field(default_factory=list)
    version: int | None = None
    errors: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Sender:
    """Who sends: the officer whose log it is, the appointment that acts, the device and its clock."""

    officer: Officer
    by: Appointment
    device: uuid.UUID
    clock: Clock
    carried_by: Appointment | None = None


@transaction.atomic
def receive(*, sender: Sender, raws: Sequence[Any]) -> list[Result]:
    """Take in the items, in their order, and answer each. Raises only when the database is away."""
    one_at_a_time(sender.officer)
    intake = _Intake(sender)
    return [intake.take(raw) for raw in raws]


def one_at_a_time(officer: Officer) -> None:
    """What one officer sends waits for what the same officer sends elsewhere: two tabs, a repeat under way."""
    number = int.from_bytes(hashlib.sha256(f"field:{officer.pk}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


class _Intake:
    """One batch under way."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.at = sender.clock.received_at
        # What was refused in this batch, so that what depends on it can say so.
        self.refused: set[uuid.UUID] = set()

    def take(self, raw: Any) -> Result:
        try:
            item = items.read(raw)
        except ValidationError as error:
            return self._not(items.id_of(raw), "invalid", list(flat(error.detail)))
        known = known_of(self.sender.officer, item.id)
        if known is not None:
            return self._again(known, item)
        if any(key in self.refused for _, key in item.refers_to()):
            return self._not(item.id, "depends", [{"field": "", "message": DEPENDS}])
        return self._first(item)

    def _not(self, key: uuid.UUID | str | None, code: str, errors: list[dict[str, str]]) -> Result:
        if key is not None:
            self.refused.add(uuid.UUID(str(key)))
        return Result(None if key is None else str(key), ReceiptState.REFUSED, self.at, code=code, errors=errors)

    def _again(self, known: Receipt, item: Item) -> Result:
        if known.digest != item.digest:
            return Result(
                str(item.id),
                ReceiptState.REFUSED,
                self.at,
                code="other_body",
                errors=[{"field": "id", "message": OTHER_BODY}],
            )
        return result_of(known)

    def _first(self, item: Item) -> Result:
        at, flags = self.sender.clock.happened(item.happened_at)
        sender = self.sender
        task = Task(item, at, sender.by, sender.device, self._resolve, sender.clock.drift, sender.officer.pk)
        try:
            with transaction.atomic():
                receipt = keep(self.sender, item, doing.do(task), flags)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            code, errors = _told(error)
            return self._not(item.id, code, errors)
        return result_of(receipt)

    def _resolve(self, key: uuid.UUID) -> uuid.UUID:
        return resolved(self.sender.officer, key)


def resolved(officer: Officer, key: uuid.UUID) -> uuid.UUID:
    """The record that an earlier item of the officer made, or the key as it is."""
    receipt = known_of(officer, key)
    if receipt is None:
        return key
    if receipt.state == ReceiptState.QUARANTINED:
        raise Refused(WAITS, code="depends")
    return receipt.record or key


def refusal(sender: Sender, key: uuid.UUID, error: Exception) -> Result:
    """The answer to an item that was not taken in."""
    code, errors = _told(error)
    return Result(str(key), ReceiptState.REFUSED, sender.clock.received_at, code=code, errors=errors)


def known_of(officer: Officer, item: uuid.UUID) -> Receipt | None:
    return Receipt.objects.filter(officer=officer, item=item).first()


def keep(sender: Sender, item: Item, done: Done, flags: list[Flag]) -> Receipt:
    """The receipt, in the transaction of what it tells."""
    clock, record = sender.clock, done.record
    return Receipt.objects.create(
        officer=sender.officer,
        appointment=sender.by,
        item=item.id,
        kind=item.kind,
        digest=item.digest,
        state=done.state,
        record=record.pk if record else None,
        reference=record.reference if record else done.reference,
        version=_version(item, done),
        held=record is not None and is_held(record),
        flags=[*flags, *done.flags],
        device=sender.device,
        happened_at=item.happened_at,
        made_at=item.made_at,
        sent_at=clock.sent_at,
        received_at=clock.received_at,
        drift_ms=clock.drift // timedelta(milliseconds=1),
        carried_by=sender.carried_by,
    )


def _version(item: Item, done: Done) -> int | None:
    """Of an entry, as it stands with this item: a later edit from the device names it. Where the item went beside what
    stands, none, for the device has not read that."""
    entry = item.kind in (ItemKind.OBSERVATION, ItemKind.PHOTOGRAPH) and done.state == ReceiptState.RECEIVED
    if not entry or done.record is None:
        return None
    return Record.objects.values_list("version", flat=True).get(pk=done.record.pk)


def is_held(record: Record) -> bool:
    """Whether nobody abroad was given it (R6)."""
    return not Release.objects.standing().filter(content_object=record, clause__isnull=False).exists()


def result_of(receipt: Receipt) -> Result:
    """What a receipt says, the first time and every time after."""
    errors: list[dict[str, str]] = []
    if receipt.state == ReceiptState.CONFLICT:
        errors = [{"field": "", "message": CONFLICT}]
    if receipt.state == ReceiptState.REFUSED:
        errors = [{"field": "", "message": REJECTED}]
    hidden = receipt.state in (ReceiptState.QUARANTINED, ReceiptState.REFUSED)
    return Result(
        id=str(receipt.item),
        state=ReceiptState(receipt.state),
        received_at=receipt.received_at,
        reference="" if hidden else receipt.reference,
        record=None if hidden else receipt.record,
        held=receipt.held and not hidden,
        code="rejected" if receipt.state == ReceiptState.REFUSED else "",
        flags=[] if hidden else list(receipt.flags),
        version=None if hidden else receipt.version,
        errors=errors,
    )


def _told(error: Exception) -> tuple[str, list[dict[str, str]]]:
    """A refusal in words. A fault of ours holds back one item, never those after it."""
    if isinstance(error, Refused):
        faults = error.faults or ((error.field or "", error.message),)
        return error.code, [{"field": field, "message": message} for field, message in faults]
    if isinstance(error, ValidationError):
        return "invalid", [{**part, "field": _below(part["field"])} for part in flat(error.detail)]
    if isinstance(error, ModelValidationError):
        return "invalid", [{"field": "body", "message": message} for message in error.messages]
    if isinstance(error, Http404 | PermissionDenied):
        return "missing", [{"field": "", "message": "There is nothing here that you may see."}]
    if isinstance(error, IntegrityError | DataError):
        logger.exception("The database refused an item that no action had refused.", exc_info=error)
        return "conflict", [{"field": "", "message": "This conflicts with what is stored."}]
    logger.exception("An item from the field failed.", exc_info=error)
    return "fault", [{"field": "", "message": FAULT}]


def _below(name: str) -> str:
    return f"body.{name}" if name else "body"
