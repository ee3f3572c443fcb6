"""What the end of an agency's access would take away, before it is done (R28).

The step itself is done and taken back; each room above counts by its own functions before it and after it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from portal.undone import undone


class Part(StrEnum):
    """Of what a line tells."""

    OFFICERS = "officers"  # what those who act for it lose sight of
    PARTNERS = "partners"  # what other agencies lose
    STANDING = "standing"  # in what it takes part
    OPEN = "open"  # what waits for it


@dataclass(frozen=True)
class Line:
    """How many of something, and of whose; `agency` where partners lose."""

    part: Part
    words: str
    number: int
    agency: Agency | None = None


After = Callable[[datetime], Iterable[Line]]
# Given the agency and the officer who asks: counts before the step, and gives what counts after it.
Count = Callable[[Agency, Appointment, datetime], After]
_COUNTS: list[Count] = []
# Given an agency that closes without a successor, the instant and the officer who agreed: what ends with it (R30).
End = Callable[[Agency, datetime, Appointment], Any]
_ENDS: list[End] = []


def register(count: Count) -> None:
    """For rooms above: what an agency and its partners would lose, in what it takes part, what waits for it."""
    if count not in _COUNTS:
        _COUNTS.append(count)


def register_end(end: End) -> None:
    """For rooms above: called in the transaction in which the closing of an agency is agreed, without a successor."""
    if end not in _ENDS:
        _ENDS.append(end)


def end_with(agency: Agency, at: datetime, by: Appointment) -> None:
    for end in _ENDS:
        end(agency, at, by)


@dataclass(frozen=True)
class Foreseen:
    """What would be lost at `at`, by part. Counted, never named (R5)."""

    at: datetime
    lines: list[Line] = field(default_factory=list)

    def _of(self, part: Part) -> list[Line]:
        return [line for line in self.lines if line.part == part and line.number]

    @property
    def officers(self) -> list[Line]:
        return self._of(Part.OFFICERS)

    @property
    def partners(self) -> list[Line]:
        return self._of(Part.PARTNERS)

    @property
    def standing(self) -> list[Line]:
        return self._of(Part.STANDING)

    @property
    def open(self) -> list[Line]:
        return self._of(Part.OPEN)


def foresee(*, agency: Agency, by: Appointment, step: Callable[[], datetime]) -> Foreseen:
    """What `step` would take away; it gives the instant from which it works. Raises Refused as it does."""
    now = timezone.now()
    after = [count(agency, by, now) for count in _COUNTS]
    with undone():
        at = max(step(), timezone.now())
        found = [line for ask in after for line in ask(at)]
    return Foreseen(at, found)


def waiting(agency: Agency, by: Appointment) -> list[Line]:
    """What waits for an agency for which nobody acts: somebody has to decide about it."""
    now = timezone.now()
    found = [line for count in _COUNTS for line in count(agency, by, now)(now)]
    return [line for line in found if line.part == Part.OPEN and line.number]
