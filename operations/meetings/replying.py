"""Answers as calendars write them (RFC 5546, METHOD:REPLY): read strictly, and bounded in size."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from icalendar import Calendar

from agencies.directory.models import Appointment
from operations.meetings import actions, calendars
from operations.meetings.choices import Answer
from operations.meetings.models import Meeting, MeetingTime, Reply
from portal.ui.errors import Refused

LARGEST = 64 * 1024
ANSWERS = {word: answer for answer, word in calendars.PARTSTAT.items()}
FIELD = "file"


@dataclass(frozen=True)
class Said:
    """What one REPLY says: who, of which meeting and which time of it, and when it was said."""

    uid: str
    attendee: str
    answer: str
    sequence: int
    said_at: datetime | None
    recurrence: datetime | None


def _refused(words: str) -> Refused:
    return Refused(words, field=FIELD, code="invalid")


def read(content: bytes) -> Said:
    """The one answer in a calendar file. Raises Refused, at the field `file`, for everything else."""
    if len(content) > LARGEST:
        raise _refused("This file is too large for an answer.")
    try:
        outside = Calendar.from_ical(content.decode("utf-8"))
        return _said(outside)
    except Refused:
        raise
    except Exception:
        raise _refused("This is no answer of a calendar program (iCalendar, METHOD:REPLY).") from None


def _said(outside: Any) -> Said:
    if str(outside.get("METHOD", "")).upper() != "REPLY":
        raise _refused("This is no answer: its METHOD is not REPLY.")
    found = outside.walk("VEVENT")
    if len(found) != 1:
        raise _refused("An answer is about one event.")
    event = found[0]
    attendees = event.get("ATTENDEE")
    if attendees is None or isinstance(attendees, list):
        raise _refused("An answer is that of one attendee.")
    partstat = str(attendees.params.get("PARTSTAT", "")).upper()
    if partstat not in ANSWERS:
        raise _refused("Answer accepted, tentative or declined.")
    return Said(
        uid=str(event["UID"]),
        attendee=str(attendees).lower().removeprefix("mailto:").strip(),
        answer=Answer(ANSWERS[partstat]),
        sequence=int(event.get("SEQUENCE", 0)),
        said_at=_instant(event.get("DTSTAMP")),
        recurrence=_instant(event.get("RECURRENCE-ID")),
    )


def _instant(value: Any) -> datetime | None:
    found = getattr(value, "dt", None)
    if not isinstance(found, datetime):
        if isinstance(found, date):
            raise _refused("A day without a time names none of our meetings.")
        return None
    if found.tzinfo is None:
        raise _refused("A time without a zone names none of our meetings.")
    return found.astimezone(UTC)


def take(said: Said, meeting: Meeting, by: Appointment) -> Reply:
    """Give the answer as the officer. Raises Refused where it is another meeting's, another's, or of an older state."""
    if said.uid != calendars.uid_of(meeting):
        raise _refused("This answer is about another meeting.")
    if not by.officer.email or said.attendee != by.officer.email.lower():
        raise _refused("This answer is another attendee's.")
    if said.sequence < meeting.sequence:
        raise _refused("The meeting was changed since: answer the newer invitation.")
    time = _time(meeting, said.recurrence) if said.recurrence else None
    return actions.rsvp(meeting=meeting, by=by, answer=said.answer, time=time, said_at=said.said_at)


def _time(meeting: Meeting, recurrence: datetime) -> MeetingTime:
    """The time that RECURRENCE-ID names: the instant that was planned, whatever zone it is written in."""
    local = recurrence.astimezone(meeting.zone)
    row = meeting.times.filter(planned_day=local.date(), planned_clock=local.time()).first()
    if row is None or not meeting.rule:
        raise _refused("There is no such time of this meeting.")
    row.meeting = meeting
    return row
