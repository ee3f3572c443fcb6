"""What home tells of reports: those of partners to read, and own ones that nobody abroad was given."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission, Role
from agreements.sharing.middleware import access_of
from intel.reports.models import Report
from portal.ui import home

MOST = 6


def register() -> None:
    home.register(
        home.Card(
            "reports.latest",
            "Latest reports",
            "file-earmark-text",
            "reports/home_latest.html",
            _latest,
            order=7,
            permission=Permission.REPORT_VIEW,
            roles=frozenset({Role.ANALYST, Role.COMMANDER, Role.LIAISON_OFFICER}),
        )
    )


def _list(reach: str) -> str:
    return f"{reverse('reports:report-list')}?{urlencode({'reach': reach})}"


def _latest(request: HttpRequest) -> home.Content:
    """The list itself for those who write reports by profession; numbers for the others."""
    access = access_of(request)
    by = access.appointment
    assert by is not None
    visible = Report.objects.visible_to(access)
    numbers = [
        home.Number(visible.to_read(by).count(), "reports to read", _list("unread"), "warning", one="report to read")
    ]
    if by.may(Permission.REPORT_WRITE):
        own = visible.own_unreleased(by).count()
        numbers.append(home.Number(own, "own reports not released", _list("held"), one="own report not released"))
    if by.role != Role.ANALYST:
        return home.Content(numbers)
    rows = list(visible.with_reach().newest(MOST))
    unread = set(visible.to_read(by).values_list("pk", flat=True))
    context = {"rows": [(row, row.pk in unread) for row in rows], "url": reverse("reports:report-list")}
    return home.Content(numbers, context, [row.record for row in rows])
