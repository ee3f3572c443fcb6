"""A meeting as iCalendar (RFC 5545, 5546): nothing in it tells what the meeting is about (R17)."""

from datetime import UTC

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText, vUri

from agencies.directory.models import Appointment
from operations.meetings.choices import Answer, MeetingState
from operations.meetings.models import Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"
PARTSTAT = {
    Answer.ACCEPTED.value: "ACCEPTED",
    Answer.TENTATIVE.value: "TENTATIVE",
    Answer.DECLINED.value: "DECLINED",
}


def method_of(meeting: Meeting) -> str:
    return "CANCEL" if meeting.state == MeetingState.CANCELLED else "REQUEST"


def calendar(meeting: Meeting, reader: Appointment, answer: str = "") -> bytes:
    """The invitation for one reader. The UID never changes; SEQUENCE counts significant changes."""
    event = Event()
    event.add("uid", f"{meeting.pk}@entente")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("summary", f"Entente meeting {meeting.record.reference}")
    event.add("class", "CONFIDENTIAL")
    event.add("status", "CANCELLED" if meeting.state == MeetingState.CANCELLED else "CONFIRMED")
    event.add("url", vUri(settings.SITE_URL.rstrip("/") + reverse("meetings:meeting-detail", args=[meeting.pk])))
    event.add("organizer", _address(settings.DEFAULT_FROM_EMAIL, "Entente"))
    if reader.officer.email:
        attendee = _address(reader.officer.email, reader.function)
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText(PARTSTAT.get(answer, "NEEDS-ACTION"))
        event.add("attendee", attendee, encode=False)
    outside = Calendar()
    outside.add("prodid", "-//Entente//Meetings//EN")
    outside.add("version", "2.0")
    outside.add("method", method_of(meeting))
    outside.add_component(event)
    return outside.to_ical()


def response(meeting: Meeting, reader: Appointment) -> HttpResponse:
    """The file for the reader, with the reader's own answer; it is named after the meeting's reference alone."""
    reply = meeting.replies.filter(appointment=reader).first()
    content = calendar(meeting, reader, reply.answer if reply else "")
    kind = f"{CONTENT_TYPE}; method={method_of(meeting)}"
    name = f"entente-{meeting.record.reference}.ics"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _address(mail: str, name: str) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{mail}")
    address.params["CN"] = vText(name)
    return address
