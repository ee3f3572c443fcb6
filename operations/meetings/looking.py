"""What else the page of a meeting shows one reader: its times, agenda, papers, quorum and the own reminders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Appointment
from agreements.sharing.policy import Access
from operations.meetings import attending, leads, papers, recurring, seats
from operations.meetings.choices import Answer
from operations.meetings.models import AgendaItem, Meeting, MeetingPaper, MeetingTime, PersonalLead
from operations.meetings.seats import Quorum

AHEAD = 12
BEHIND = 6


@dataclass(frozen=True)
class Line:
    """One time, and the reader's own answer to it."""

    time: MeetingTime
    answer: str
    over: bool
    begun: bool

    @property
    def words(self) -> str:
        return Answer(self.answer).label if self.answer else ""


@dataclass(frozen=True)
class Room:
    next: MeetingTime | None
    lines: list[Line]
    more: int
    recurs: str
    items: list[AgendaItem]
    minutes: int
    papers: list[MeetingPaper]
    quorum: Quorum | None
    reminded: list[str]
    own_leads: bool


def room(meeting: Meeting, access: Access) -> Room:
    by, at = access.appointment, access.at
    assert by is not None
    rows = list(meeting.times.all())
    for row in rows:
        row.meeting = meeting
    following = next((row for row in rows if row.ends_at > at and row.takes_place), None)
    items = list(meeting.items.select_related("presenter__country"))
    own = own_leads(meeting, by)
    lines, more = _lines(meeting, rows, by, at)
    return Room(
        next=following,
        lines=lines,
        more=more,
        recurs=recurring.words(meeting.rule, meeting.zone),
        items=items,
        minutes=sum(item.minutes for item in items),
        papers=papers.seen(meeting, access),
        quorum=_quorum(meeting, rows, following, by, at),
        reminded=[leads.words(lead) for lead in (meeting.reminders if own is None else own)],
        own_leads=own is not None,
    )


def _lines(meeting: Meeting, rows: Sequence[MeetingTime], by: Appointment, at: datetime) -> tuple[list[Line], int]:
    """The last times that are over and the next ones; how many more lie further ahead."""
    given = attending.answers_of(meeting, by)
    behind = [row for row in rows if row.ends_at <= at][-BEHIND:]
    ahead = [row for row in rows if row.ends_at > at]
    shown = [*behind, *ahead[:AHEAD]]
    found = [Line(row, given.get(row.pk, given.get(None, "")), row.ends_at <= at, row.starts_at <= at) for row in shown]
    return found, len(ahead[AHEAD:])


def _quorum(
    meeting: Meeting, rows: Sequence[MeetingTime], following: MeetingTime | None, by: Appointment, at: datetime
) -> Quorum | None:
    """For the agency that called it: of the next time; when there is none, of the last."""
    if meeting.record.owner_id not in by.agencies:
        return None
    return seats.quorum(meeting, following or (rows[-1] if rows else None), at)


def own_leads(meeting: Meeting, by: Appointment) -> list[int] | None:
    """What the officer chose; None: as the meeting says."""
    row = PersonalLead.objects.filter(meeting=meeting, appointment__in=by.chain).first()
    return row.minutes if row else None
