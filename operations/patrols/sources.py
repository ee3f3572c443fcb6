"""What rooms above add to a patrol's log and map: told here, read with the rest, through the same door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agreements.sharing.models import Record
from agreements.sharing.policy import Access

if TYPE_CHECKING:
    from operations.patrols.journal import Line

Conditions = Mapping[str, Any]
Feature = dict[str, object]


@dataclass(frozen=True)
class Source:
    """Rows of one kind of record. `lines(conditions, access, most)`: the lines of the log of those that meet the
    conditions on their columns and that the reader may see; at most the newest `most` rows, if told.
    `features(conditions, access, since, most)`: the same as GeoJSON, and the records that they show."""

    lines: Callable[[Conditions, Access, int | None], "list[Line]"]
    features: Callable[[Conditions, Access, datetime | None, int | None], tuple[list[Feature], list[Record]]]


_SOURCES: list[Source] = []


def register(source: Source) -> None:
    if source not in _SOURCES:
        _SOURCES.append(source)


def lines(conditions: Conditions, access: Access, most: int | None = None) -> "list[Line]":
    return [line for source in _SOURCES for line in source.lines(conditions, access, most)]


def features(
    conditions: Conditions, access: Access, since: datetime | None = None, most: int | None = None
) -> tuple[list[Feature], list[Record]]:
    found: list[Feature] = []
    shown: list[Record] = []
    for source in _SOURCES:
        more, records = source.features(conditions, access, since, most)
        found += more
        shown += records
    return found, shown
