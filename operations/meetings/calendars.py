"""Meetings as iCalendar (RFC 5545, 5546): nothing in it tells what a meeting is about, or who else comes (R17, R18).

A meeting that takes place once has its instant in UTC. A row of meetings has the wall clock of its zone, with the zone's
own rules, so that a calendar keeps the hour where the clocks change; what was moved alone is an event of its own with
the same UID (RECURRENCE-ID), what was cancelled alone is left out (EXDATE).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from icalendar import Calendar, Event, Timezone, vCalAddress, vRecur, vText, vUri

from agencies.directory.models import Appointment
from operations.meetings import attending, recurring, timing, zones
from operations.meetings.choices import LONGEST_SERIES_YEARS, Answer, MeetingState, SeatRole
from operations.meetings.models import Meeting, MeetingTime

CONTENT_TYPE = "text/calendar; charset=utf-8"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
PARTSTAT = {
    Answer.ACCEPTED.value: "ACCEPTED",
    Answer.TENTATIVE.value: "TENTATIVE",
    Answer.DECLINED.value: "DECLINED",
}
ROLES = {
    SeatRole.CHAIR.value: "CHAIR",
    SeatRole.REQUIRED.value: "REQ-PARTICIPANT",
    SeatRole.OPTIONAL.value: "OPT-PARTICIPANT",
    SeatRole.OBSERVER.value: "NON-PARTICIPANT",
}


@dataclass(frozen=True)
class Guest:
    """For whom an invitation is: the officer, what its agency is there for, the answer so far, where answers go."""

    appointment: Appointment
    role: str = ""
    answer: str = ""
    organizer: str = ""


def uid_of(meeting: Meeting) -> str:
    """One for life."""
    return f"{meeting.pk}@entente"


def method_of(meeting: Meeting) -> str:
    return CANCEL if meeting.state == MeetingState.CANCELLED else REQUEST


def guest(meeting: Meeting, reader: Appointment, organizer: str = "") -> Guest:
    seat = meeting.seats.filter(agency__in=reader.agencies).first()
    answer = attending.answers(meeting).get(reader.pk, "")
    return Guest(reader, seat.role if seat else "", answer, organizer)


def invitation(
    meeting: Meeting, to: Guest, *, method: str = "", sequence: int | None = None, stamp: datetime | None = None
) -> bytes:
    """The invitation for one reader. SEQUENCE counts significant changes; `stamp`: when this state of it was made."""
    method = method or method_of(meeting)
    number = meeting.sequence if sequence is None else sequence
    found = events(meeting, stamp or meeting.changed_at)
    if method == CANCEL:
        # All of it, whatever was moved alone: its first event says so for the whole row.
        found = found[:1]
        if number != meeting.sequence:
            # For who does not come any more: what changed since is not told.
            _keep_silent(found[0])
    for event in found:
        event.add("sequence", number)
        event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
        event.add("organizer", _address(to.organizer or settings.DEFAULT_FROM_EMAIL, "Entente"))
        if to.appointment.officer.email:
            event.add("attendee", _attendee(to), encode=False)
    return _written(found, method)


def _keep_silent(event: Event) -> None:
    for name in ("dtstart", "dtend", "rrule", "exdate"):
        event.pop(name, None)


def events(meeting: Meeting, stamp: datetime) -> list[Event]:
    """The meeting, and each of its times that was moved alone."""
    rows = list(meeting.times.all())
    for row in rows:
        row.meeting = meeting
    main = _event(meeting, stamp)
    if not meeting.rule:
        _span(main, meeting.starts_at.astimezone(UTC), meeting.ends_at.astimezone(UTC))
        return [main]
    zone = meeting.zone
    first = timing.wall(meeting.starts_at, meeting)
    given = set(recurring.times(meeting.rule, first, zone))
    _span(main, meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone))
    main.add("rrule", vRecur.from_ical(meeting.rule))
    gone = [row.planned.replace(tzinfo=zone) for row in rows if row.planned in given and not _stands(row)]
    if gone:
        main.add("exdate", gone)
    return [main, *(_moved(row, stamp) for row in rows if row.planned in given and _stands(row) and row.moved)]


def _stands(row: MeetingTime) -> bool:
    return row.state == MeetingState.CALLED


def _moved(row: MeetingTime, stamp: datetime) -> Event:
    event, zone = _event(row.meeting, stamp), row.meeting.zone
    event.add("recurrence-id", row.planned.replace(tzinfo=zone))
    _span(event, row.starts_at.astimezone(zone), row.ends_at.astimezone(zone))
    return event


def _event(meeting: Meeting, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("summary", f"Entente meeting {meeting.record.reference}")
    event.add("class", "CONFIDENTIAL")
    event.add("url", vUri(settings.SITE_URL.rstrip("/") + reverse("meetings:meeting-detail", args=[meeting.pk])))
    return event


def _span(event: Event, starts_at: datetime, ends_at: datetime) -> None:
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)


def feed(rows: Iterable[tuple[Meeting, str]]) -> bytes:
    """All meetings of one officer, each with the officer's answer: published, not asked (METHOD:PUBLISH)."""
    found = []
    for meeting, answer in rows:
        for event in events(meeting, meeting.changed_at):
            event.add("sequence", meeting.sequence)
            event.add("status", "CANCELLED" if meeting.state == MeetingState.CANCELLED else _status(answer))
            found.append(event)
    return _written(found, PUBLISH, name="Entente meetings")


def _status(answer: str) -> str:
    return "CONFIRMED" if answer == Answer.ACCEPTED else "TENTATIVE"


def _written(found: Iterable[Event], method: str, name: str = "") -> bytes:
    outside = Calendar()
    outside.add("prodid", "-//Entente//Meetings//EN")
    outside.add("version", "2.0")
    outside.add("method", method)
    if name:
        outside.add("x-wr-calname", name)
    rows = list(found)
    for part in _zones(rows):
        outside.add_component(part)
    for event in rows:
        outside.add_component(event)
    return outside.to_ical()


def _zones(rows: Iterable[Event]) -> list[Timezone]:
    """The rules of each zone that an event is written in, for the years that its events are about."""
    spans: dict[ZoneInfo, tuple[datetime, datetime]] = {}
    for event in rows:
        if "DTSTART" not in event or not isinstance(event["DTSTART"].dt.tzinfo, ZoneInfo):
            continue
        first = event["DTSTART"].dt
        last = first + relativedelta(years=LONGEST_SERIES_YEARS) if "RRULE" in event else first
        since, until = spans.get(first.tzinfo, (first, last))
        spans[first.tzinfo] = min(since, first), max(until, last)
    return [zones.component(zone, *span) for zone, span in spans.items() if zone.key != "UTC"]


def response(meeting: Meeting, reader: Appointment) -> HttpResponse:
    """The file for the reader, with the reader's own answer; it is named after the meeting's reference alone."""
    content = invitation(meeting, guest(meeting, reader))
    kind = f"{CONTENT_TYPE}; method={method_of(meeting)}"
    name = f"entente-{meeting.record.reference}.ics"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _attendee(to: Guest) -> Any:
    attendee = _address(to.appointment.officer.email, to.appointment.function)
    attendee.params["ROLE"] = vText(ROLES.get(to.role, "REQ-PARTICIPANT"))
    attendee.params["PARTSTAT"] = vText(PARTSTAT.get(to.answer, "NEEDS-ACTION"))
    attendee.params["RSVP"] = vText("TRUE")
    return attendee


def _address(mail: str, name: str) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{mail}")
    address.params["CN"] = vText(name)
    return address
