"""What home tells of patrols: the officer's next step; for commanders, what is under way."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission, Role
from agreements.sharing.middleware import access_of
from operations.patrols.choices import PatrolState
from operations.patrols.models import Patrol
from operations.patrols.next_steps import next_steps
from portal.ui import home

MOST = 8


def register() -> None:
    home.register(
        home.Card(
            "patrols.mine",
            "My patrols",
            "person-walking",
            "patrols/home_mine.html",
            _mine,
            order=3,
            permission=Permission.PATROL_RUN,
            roles=frozenset({Role.LIAISON_OFFICER, Role.PATROL_LEADER}),
        )
    )
    home.register(
        home.Card(
            "patrols.own",
            "My patrols",
            "person-walking",
            "patrols/home_mine.html",
            _mine,
            order=45,
            permission=Permission.PATROL_RUN,
            roles=frozenset({Role.COMMANDER}),
            aside=True,
        )
    )
    home.register(
        home.Card(
            "patrols.watch",
            "Patrols under way",
            "broadcast",
            "patrols/home_watch.html",
            _watch,
            order=8,
            permission=Permission.PATROL_VIEW,
            roles=frozenset({Role.COMMANDER, Role.LIAISON_OFFICER, Role.PATROL_LEADER, Role.ANALYST}),
        )
    )


def _list(state: str) -> str:
    return f"{reverse('patrols:patrol-list')}?{urlencode({'state': state})}"


def _mine(request: HttpRequest) -> home.Content:
    access = access_of(request)
    found = next_steps(access, access.at)
    number = home.Number(found.count, "my patrols now and next", reverse("patrols:mine"), one="my patrol now or next")
    return home.Content([number], {"steps": found}, found.records)


def _watch(request: HttpRequest) -> home.Content:
    """Numbers for everybody; the list itself for those who command."""
    access = access_of(request)
    assert access.appointment is not None
    visible = Patrol.objects.visible_to(access)
    numbers = [
        home.Number(
            visible.overdue(access.at).count(), "patrols overdue", _list("overdue"), "danger", one="patrol overdue"
        ),
        home.Number(
            visible.filter(state=PatrolState.ACTIVE).count(), "patrols active", _list("active"), one="patrol active"
        ),
    ]
    if access.appointment.role != Role.COMMANDER:
        return home.Content(numbers)
    rows = _under_way(visible, access.at)
    return home.Content(numbers, {"rows": rows, "more_url": _list("active")}, [row.record for row in rows])


def _under_way(visible: "object", at: datetime) -> list[Patrol]:
    """Active ones and those that are late, the most urgent first."""
    rows = visible.filter(state=PatrolState.ACTIVE) | visible.overdue(at)  # type: ignore[attr-defined]
    return list(rows.order_by("ends_at", "pk").prefetch_related("teams__agency__country")[:MOST])
