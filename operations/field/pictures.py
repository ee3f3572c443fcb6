"""Photographs from the field: each its own item, stored only when it arrived whole."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing.actions.records import marking_of
from agreements.sharing.models import Record
from operations.field import items
from operations.field.choices import ItemKind
from operations.field.doing import MISSING, Done
from operations.field.items import Item
from operations.field.models import Receipt
from operations.field.receiving import (
    OTHER_BODY,
    Result,
    Sender,
    keep,
    known_of,
    one_at_a_time,
    refusal,
    resolved,
    result_of,
)
from operations.patrols import photos, rights
from operations.patrols.actions import observations
from operations.patrols.models import Observation, Patrol
from portal.ui.errors import Refused

CHECKSUM = "The file did not arrive as it was sent: send it again."


def item_of(values: dict[str, Any]) -> Item:
    """The photograph as an item: its key, the entry, the time and the checksum. The bytes are told by the checksum."""
    raw = {
        "id": str(values["id"]),
        "kind": ItemKind.PHOTOGRAPH.value,
        "observation": str(values["observation"]),
        "made_at": values["made_at"].isoformat(),
        "sha256": values["sha256"],
    }
    made_at: datetime = values["made_at"]
    body = {"observation": values["observation"]}
    digest = items.digest_of(raw)
    return Item(values["id"], ItemKind.PHOTOGRAPH, made_at, made_at, None, None, body, raw, digest)


def check(data: bytes, sha256: str) -> None:
    """Raises Refused when the file is not the one that was sent."""
    if hashlib.sha256(data).hexdigest() != sha256.lower():
        raise Refused(CHECKSUM, field="sha256", code="checksum")


@transaction.atomic
def receive(*, sender: Sender, item: Item, data: bytes) -> Result:
    """Take one photograph in, once: the same receipts as for items of a batch."""
    one_at_a_time(sender.officer)
    known = known_of(sender.officer, item.id)
    if known is not None and known.digest != item.digest:
        return refusal(sender, item.id, Refused(OTHER_BODY, field="id", code="other_body"))
    if known is not None:
        return result_of(known)
    at, flags = sender.clock.happened(item.made_at)
    try:
        with transaction.atomic():
            check(data, str(item.raw["sha256"]))
            done = add(item=item, data=data, by=sender.by, at=at, resolve=lambda key: resolved(sender.officer, key))
            receipt: Receipt = keep(sender, item, done, flags)
    except OperationalError:
        raise
    except Exception as error:
        return refusal(sender, item.id, error)
    return result_of(receipt)


def add(*, item: Item, data: bytes, by: Appointment, at: datetime, resolve: Callable[[uuid.UUID], uuid.UUID]) -> Done:
    """Add it to its entry. Where somebody abroad has that already, it becomes an entry of its own, and is held (R6)."""
    row = Observation.objects.select_related("record", "leg").filter(pk=resolve(item.body["observation"])).first()
    if row is None or not _sees(by, row.record):
        raise Refused(MISSING.format(what="entry"), field="observation", code="missing")
    record, picture = row.record, photos.redraw(data)
    try:
        with transaction.atomic():
            observations.add_photograph(observation=row, picture=picture, by=by)
        return Done(record)
    except Refused as refused:
        if refused.code != "state":
            raise
    apart = observations.log(
        patrol=Patrol.objects.select_related("record__operation").get(pk=record.host_id),
        by=by,
        type=row.type,
        text=f"Photograph to {record.reference}",
        marking=marking_of(record),
        occurred_at=max(record.occurred_at, min(at, timezone.now())),
        leg=row.leg,
        pictures=[picture],
        key=item.id,
        shown=False,
    )
    return Done(apart.record)


def _sees(by: Appointment, record: Record) -> bool:
    try:
        rights.require_sight(by, record, timezone.now())
    except Refused:
        return False
    return True
