"""What home tells of incidents: what one validates, and first reports whose 24 hours run."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.sharing.middleware import access_of
from operations.incidents.models import IncidentReport
from operations.incidents.presenting import countdown
from portal.ui import home

MOST = 5


def register() -> None:
    home.register(
        home.Card(
            "incidents.waiting",
            "Incidents",
            "exclamation-diamond",
            "incidents/home_waiting.html",
            _waiting,
            order=9,
            permission=Permission.INCIDENT_REPORT,
        )
    )


def _list(show: str) -> str:
    return f"{reverse('incidents:report-list')}?{urlencode({'show': show})}"


def _waiting(request: HttpRequest) -> home.Content:
    access = access_of(request)
    by = access.appointment
    assert by is not None
    visible = IncidentReport.objects.visible_to(access)
    waiting = visible.to_validate(by).count()
    running = visible.running().filter(record__owner__in=by.agencies)
    rows = list(running.order_by("known_at", "pk")[:MOST])
    numbers = [
        home.Number(waiting, "incidents to validate", _list("validate"), "warning", one="incident to validate"),
        home.Number(running.count(), "first reports due within 24 hours", _list("running"), "warning", one="first report due within 24 hours"),
    ]  # fmt: skip
    told = [(row, countdown(row, access.at)) for row in rows]
    context = {"rows": told, "url": reverse("incidents:report-list")} if rows else None
    return home.Content(numbers, context, [row.record for row in rows])
