"""One item of a batch, as it was sent: read, and told by its digest."""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rest_framework import serializers

from operations.field.choices import IN_BATCHES, ItemKind
from portal.api.fields import InstantField

_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
LARGEST = 600_000  # characters of one item


class DeviceInstantField(InstantField):
    """An instant of a device's clock. It tells its offset: the server knows no device's zone."""

    def to_internal_value(self, value: Any) -> datetime:
        if isinstance(value, str) and not _OFFSET.search(value.strip()):
            raise serializers.ValidationError("Give the offset to UTC with it, as in 2026-11-26T10:00:00+01:00.")
        return super().to_internal_value(value)


class ItemInput(serializers.Serializer[Any]):
    """What was logged on the device. `patrol` and `leg` are keys of records, or of earlier items that made them."""

    id = serializers.UUIDField(help_text="Made on the device, once: it becomes the key of the record.")
    kind = serializers.ChoiceField(choices=IN_BATCHES)
    happened_at = DeviceInstantField()
    made_at = DeviceInstantField()
    patrol = serializers.UUIDField(required=False, allow_null=True)
    leg = serializers.UUIDField(required=False, allow_null=True)
    body = serializers.DictField(required=False, help_text="What the operation beside it takes, without its times.")


@dataclass(frozen=True)
class Item:
    id: uuid.UUID
    kind: ItemKind
    happened_at: datetime
    made_at: datetime
    patrol: uuid.UUID | None
    leg: uuid.UUID | None
    body: Mapping[str, Any]
    raw: Mapping[str, Any]
    digest: str

    def refers_to(self) -> list[tuple[str, uuid.UUID]]:
        """The field and the key of what it hangs on."""
        named = [("patrol", self.patrol), ("leg", self.leg)]
        named += [(name, _key(self.body.get(name))) for name in ("crossing", "edits", "leg")]
        return [(name, key) for name, key in named if key is not None]


def _key(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value)) if value else None
    except ValueError:
        return None


def id_of(raw: Any) -> str | None:
    """The id of what may be no item at all, for the answer."""
    found = _key(raw.get("id")) if isinstance(raw, Mapping) else None
    return str(found) if found else None


def read(raw: Any) -> Item:
    """The item. Raises ValidationError for what cannot be one, with every fault at its field."""
    if not isinstance(raw, Mapping):
        raise serializers.ValidationError("An item is an object.")
    digest = digest_of(raw)
    serializer = ItemInput(data=raw)
    serializer.is_valid(raise_exception=True)
    values = serializer.validated_data
    return Item(
        id=values["id"],
        kind=ItemKind(values["kind"]),
        happened_at=values["happened_at"],
        made_at=values["made_at"],
        patrol=values.get("patrol"),
        leg=values.get("leg"),
        body=values.get("body", {}),
        raw=raw,
        digest=digest,
    )


def digest_of(raw: Mapping[str, Any]) -> str:
    """SHA-256 of the item, however its members are ordered. Raises ValidationError for what cannot be stored."""
    try:
        text = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        content = text.encode()
    except (ValueError, RecursionError, TypeError):
        raise serializers.ValidationError("The item holds characters or numbers that cannot be stored.") from None
    if _NUL.search(text):
        raise serializers.ValidationError("Null characters are not allowed.")
    if len(text) > LARGEST:
        raise serializers.ValidationError("The item is too large: send it in parts.")
    return hashlib.sha256(content).hexdigest()
