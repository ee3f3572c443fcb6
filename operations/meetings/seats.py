"""Who must be there: roles of agencies, and whether the quorum is reached, by answers or by who was there.

Answers reach the agency that called the meeting and no other (R5): so does the quorum that follows from them.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Agency
from operations.meetings import attending
from operations.meetings.choices import Answer, SeatRole
from operations.meetings.models import Meeting, MeetingTime

MUST = frozenset({SeatRole.CHAIR.value, SeatRole.REQUIRED.value})


@dataclass(frozen=True)
class Quorum:
    """`least`: so many agencies; `missing`: those that must be there and do not come; `coming`: how many do."""

    least: int
    missing: tuple[Agency, ...]
    coming: int
    by_attendance: bool

    @property
    def reached(self) -> bool:
        return not self.missing and self.coming >= self.least

    @property
    def words(self) -> str:
        said = "were there" if self.by_attendance else "come"
        least = f", {self.least} needed" if self.least else ""
        lacking = f"; missing: {', '.join(row.short for row in self.missing)}" if self.missing else ""
        return f"{self.coming} {'agency' if self.coming == 1 else 'agencies'} {said}{least}{lacking}"


def quorum(meeting: Meeting, time: MeetingTime | None, at: datetime) -> Quorum:
    """Of one time: by who was there where that was noted, else by the answers so far."""
    noted = set(time.presences.values_list("agency", flat=True)) if time else set()
    coming = noted or _coming(meeting, time, at)
    must = [row.agency for row in meeting.seats.select_related("agency__country") if row.role in MUST]
    return _quorum(meeting, must, coming, bool(noted))


def _quorum(meeting: Meeting, must: list[Agency], coming: Collection[uuid.UUID], noted: bool) -> Quorum:
    missing = tuple(sorted((row for row in must if row.pk not in coming), key=lambda row: row.short))
    return Quorum(meeting.quorum or 0, missing, len(coming), noted)


def _coming(meeting: Meeting, time: MeetingTime | None, at: datetime) -> set[uuid.UUID]:
    """Agencies of which some officer comes for sure."""
    given = attending.answers(meeting, time)
    rows = attending.assignments(meeting, at)
    return {row.participation.agency_id for row in rows if given.get(row.appointment_id) == Answer.ACCEPTED}
