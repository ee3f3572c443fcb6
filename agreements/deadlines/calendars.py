"""Deadlines as iCalendar (RFC 5545): days without a time, so that no zone moves them. Drafts are not named."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event, vUri

from agreements.deadlines.asking import Row
from agreements.deadlines.sources import Deadline

CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar(rows: Iterable[Row]) -> bytes:
    """One event for each deadline; its UID stays when the list is downloaded again."""
    outside = Calendar()
    outside.add("prodid", "-//Entente//Deadlines//EN")
    outside.add("version", "2.0")
    outside.add("x-wr-calname", "Entente: deadlines")
    for row in rows:
        outside.add_component(event(row))
    return outside.to_ical()


def event(row: Row) -> Event:
    found = Event()
    found.add("uid", f"{uid_of(row.deadline)}@entente")
    found.add("dtstamp", timezone.now().astimezone(UTC))
    found.add("dtstart", row.day)
    found.add("dtend", row.day + timedelta(days=1))
    found.add("transp", "TRANSPARENT")
    found.add("class", "CONFIDENTIAL")
    found.add("summary", summary(row))
    found.add("description", f"Days begin at 00:00 in {row.agreement.time_zone}.")
    address = reverse("register:agreement-detail", args=[row.agreement.pk])
    found.add("url", vUri(settings.SITE_URL.rstrip("/") + address))
    return found


def uid_of(deadline: Deadline) -> str:
    """Of the fact that it comes from; a recurring review has one for each day."""
    return f"{deadline.agreement}-{deadline.kind.value}-{deadline.subject or 'agreement'}-{deadline.day:%Y%m%d}"


def summary(row: Row) -> str:
    """What falls due, of which agreement. The file leaves the portal: of a draft it holds no name and no words."""
    if row.agreement.is_draft:
        return f"{row.kind.label}: a draft agreement"
    words = [row.kind.label, row.deadline.words, row.party.name if row.party else ""]
    words += [row.agency.short] if row.agency else []
    return f"{row.agreement.short_name}: {', '.join(word for word in words if word)}"


def response(rows: Iterable[Row]) -> HttpResponse:
    headers = {
        "Content-Disposition": 'attachment; filename="entente-deadlines.ics"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(calendar(rows), content_type=CONTENT_TYPE, headers=headers)
