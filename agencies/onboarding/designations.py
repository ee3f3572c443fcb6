"""For which agreements an agency is designated, and for whom that waits (R22): told by rooms above."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from agencies.directory.models import Agency, Appointment


@dataclass(frozen=True)
class Standing:
    """A designation in words: who named it, who stands behind it, and for which parties it waits."""

    agreement: str
    url: str
    named_by: str
    starts_on: date
    ends_on: date | None
    articles: list[str] = field(default_factory=list)
    confirmed_by: list[str] = field(default_factory=list)
    waits_for: list[str] = field(default_factory=list)
    works: bool = False
    confirm_url: str = ""


@dataclass(frozen=True)
class Open:
    """An agreement for which the reader could designate the agency, and where."""

    agreement: str
    url: str


Tell = Callable[[Agency, Appointment, datetime], list[Standing]]
Could = Callable[[Agency, Appointment, datetime], list[Open]]
_TELL: list[Tell] = []
_COULD: list[Could] = []


def register(tell: Tell) -> None:
    if tell not in _TELL:
        _TELL.append(tell)


def register_open(could: Could) -> None:
    if could not in _COULD:
        _COULD.append(could)


def standing(agency: Agency, by: Appointment, at: datetime) -> list[Standing]:
    return [row for tell in _TELL for row in tell(agency, by, at)]


def could_be_named(agency: Agency, by: Appointment, at: datetime) -> list[Open]:
    return [row for could in _COULD for row in could(agency, by, at)]
