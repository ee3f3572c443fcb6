"""A sealed copy in parts that a page or a sheet can show. What cannot be read any more is shown as it stands."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime

from agreements.sharing.policy import Access
from operations.sealing.content import Plain, signer_of
from operations.sealing.querysets import SaidQuerySet


@dataclass
class SealedContent:
    """The copy's content, parted. Empty where the text is no copy."""

    content: Plain = field(default_factory=dict)
    sides: list[Plain] = field(default_factory=list)

    @property
    def starts_at(self) -> datetime | None:
        return instant_of(self.content.get("starts_at"))

    @property
    def ends_at(self) -> datetime | None:
        return instant_of(self.content.get("ends_at"))

    @property
    def zones(self) -> list[ZoneInfo]:
        return zones_of(self.sides)


def instant_of(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def sides_told(content: Plain, told: list[Plain]) -> list[Plain]:
    """Each side, with its clock and languages as they were when it was sealed."""
    known = {item["agency"]: item for item in told}
    return [{**side, **known.get(side["agency"], {})} for side in content["sides"]]


def zones_of(sides: list[Plain]) -> list[ZoneInfo]:
    """By whose clocks the sides lived, each once."""
    return [ZoneInfo(name) for name in dict.fromkeys(side["zone"] for side in sides)]


def officer_of(item: Plain, rows: SaidQuerySet[Any], access: Access | None) -> str:
    """The officer's name, to officers of the same agency, where the row still proves it. `rows` has that row."""
    if access is None or item["agency"] not in {str(key) for key in access.agencies}:
        return ""
    row = rows.select_related("by__officer").first()
    return str(row.by.officer) if row is not None and signer_of(row) == item["signer"] else ""
