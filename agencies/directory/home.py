"""What home tells who keeps an agency: appointments that end soon, a duty desk nobody can reach."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from portal.ui import home

ENDING = timedelta(days=30)
MOST = 10


def register() -> None:
    home.register(
        home.Card(
            "directory.keeping",
            "Officers and duty desk",
            "people",
            "directory/home_keeping.html",
            _keeping,
            order=20,
            permission=Permission.AGENCY_MANAGE,
        )
    )


def is_ending(post: Appointment, at: datetime) -> bool:
    """In effect, with a last day within the next 30 days; not one that acts for another, which is meant to end."""
    return (
        post.ends_on is not None
        and post.acts_for_id is None
        and post.is_in_effect(at)
        and post.ends_on <= (at + ENDING).date()
    )


def _keeping(request: HttpRequest) -> home.Content:
    by: Appointment = request.appointment  # type: ignore[attr-defined]
    at: datetime = request.now  # type: ignore[attr-defined]
    agency = by.agency
    rows = [row for row in _posts(agency, at) if is_ending(row, at)]
    officers = reverse("directory:officer-list", args=[agency.pk])
    numbers = [
        home.Number(
            len(rows),
            "appointments end within 30 days",
            f"{officers}?ending=on",
            "warning",
            one="appointment ends within 30 days",
        )
    ]
    if by.may(Permission.AGENCY_MANAGE_ANY):
        desks = Agency.objects.active().without_desk().count()
        url = f"{reverse('directory:agency-list')}?desk=open"
        numbers.append(
            home.Number(
                desks, "agencies without a full duty desk", url, "warning", one="agency without a full duty desk"
            )
        )
    context = {"rows": rows[:MOST], "more": len(rows) > MOST, "agency": agency, "officers": officers}
    return home.Content(numbers, context)


def _posts(agency: Agency, at: datetime) -> list[Appointment]:
    rows = Appointment.objects.in_effect(at).filter(agency=agency, ends_on__isnull=False)
    return list(rows.select_related("officer", "agency").order_by("ends_on", "pk"))
