"""What a device told beside a record, kept with it in the same transaction."""

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

from agreements.sharing.models import Record
from operations.field.models import Told


def taken(values: MutableMapping[str, Any], *, accuracy: bool = False) -> dict[str, Any]:
    """Takes from the body what no action asks for. `accuracy`: also the accuracy, where the record has no place for it."""
    found = {"method": values.pop("position_method", ""), "time_reason": values.pop("time_reason", "")}
    found["accuracy_m"] = values.pop("accuracy_m", None) if accuracy else values.get("accuracy_m")
    return found


def keep(record: Record, found: dict[str, Any], *, at: datetime, drift: timedelta) -> None:
    """`at` and `drift`: the device's clock, and how far the server's was ahead of it. Once for each record."""
    if any(found.values()):
        values = {"at": at, "drift_ms": drift // timedelta(milliseconds=1), **found}
        Told.objects.get_or_create(record=record, defaults=values)
