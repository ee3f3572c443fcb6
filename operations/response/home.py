"""What home tells of responses: calls for assistance that wait for the own desk, own tasks, tasks offered by partners."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.sharing.middleware import access_of
from operations.response.models import AssistanceCall, Handover, Task
from portal.ui import home

MOST = 5


def register() -> None:
    home.register(
        home.Card(
            "response.assistance",
            "Assistance needed",
            "megaphone",
            "response/home_assistance.html",
            _assistance,
            order=2,
            permission=Permission.DISTRESS_SEND,
        )
    )
    home.register(
        home.Card(
            "response.tasks",
            "Tasks of responses",
            "check2-square",
            "response/home_tasks.html",
            _tasks,
            order=10,
            permission=Permission.INCIDENT_REPORT,
        )
    )


def _list(name: str, show: str) -> str:
    return f"{reverse(name)}?{urlencode({'show': show})}"


def _assistance(request: HttpRequest) -> home.Content:
    access = access_of(request)
    by = access.appointment
    assert by is not None
    rows = AssistanceCall.objects.visible_to(access).waiting_for(by)
    found = list(rows.order_by("-record__occurred_at", "-pk")[:MOST])
    url = _list("response:assistance-list", "waiting")
    number = home.Number(
        rows.count(), "calls for assistance wait for your desk", url, "danger", one="call for assistance waits for your desk"
    )  # fmt: skip
    return home.Content([number], {"rows": found, "url": url} if found else None, [row.record for row in found])


def _tasks(request: HttpRequest) -> home.Content:
    access = access_of(request)
    by = access.appointment
    assert by is not None
    tasks = Task.objects.visible_to(access).todo()
    mine, offers = tasks.of(by), Handover.objects.visible_to(access).offered_to(by)
    rows = list(mine.with_words().order_by("due_at", "pk")[:MOST])
    numbers = [
        home.Number(mine.count(), "tasks for you", _list("response:task-list", "mine"), "info", one="task for you"),
        home.Number(tasks.late(access.at).count(), "tasks overdue", _list("response:task-list", "late"), "danger", one="task overdue"),
        home.Number(offers.count(), "tasks offered by partners", _list("response:task-list", "offered"), "warning", one="task offered by a partner"),
    ]  # fmt: skip
    told = [(row, row.is_late(access.at)) for row in rows]
    context = {"rows": told, "url": reverse("response:task-list")} if rows else None
    return home.Content(numbers, context, [row.record for row in rows])
