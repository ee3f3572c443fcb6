"""What home tells of records: what partners gave and by which article, what is held, what there is at all."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.roles import Permission, Role
from agreements.sharing import kinds
from agreements.sharing.holding import MOST as MOST_HELD
from agreements.sharing.holding import held_count
from agreements.sharing.latest import latest_shared
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from portal.ui import home

LATEST = 8
CAP = 1000
WEEK = timedelta(days=7)
READERS = frozenset({Role.COMMANDER, Role.LIAISON_OFFICER, Role.PATROL_LEADER, Role.ANALYST})


def register() -> None:
    home.register(
        home.Card(
            "sharing.held",
            "Held",
            "lock",
            "",
            _held,
            order=5,
            permission=Permission.RECORD_RELEASE,
        )
    )
    home.register(
        home.Card(
            "sharing.latest",
            "Latest shared with us",
            "box-arrow-in-down",
            "sharing/home_latest.html",
            _latest,
            order=30,
            roles=READERS,
        )
    )
    home.register(
        home.Card(
            "sharing.kinds",
            "All that you may read",
            "collection",
            "sharing/home_kinds.html",
            _kinds,
            order=90,
            roles=READERS | {Role.AUDITOR},
            aside=True,
        )
    )


def _list(**filters: Any) -> str:
    return f"{reverse('sharing:record-list')}?{urlencode(filters)}"


def _held(request: HttpRequest) -> home.Content:
    count = held_count(access_of(request))
    url = reverse("sharing:held")
    return home.Content([home.Number(count, "entries held back", url, "warning", MOST_HELD, "entry held back")])


def _latest(request: HttpRequest) -> home.Content:
    access = access_of(request)
    assert access.appointment is not None
    rows = latest_shared(access, LATEST)
    since = timezone.localdate(access.at - WEEK)
    foreign = Record.objects.visible_to(access).exclude(owner__in=access.appointment.agencies)
    recent = foreign.filter(occurred_at__gte=timezone.make_aware(datetime.combine(since, time.min)))
    fresh, week = recent.unopened_by(access.appointment), {"shared": "on", "since": since.isoformat()}
    tone = "warning" if access.appointment.role == Role.ANALYST else ""
    numbers = [
        home.Number(fresh.capped_count(CAP), "of this week not opened by you", _list(**week, unread="on"), tone, CAP),
        home.Number(recent.capped_count(CAP), "shared with us, of this week", _list(**week), cap=CAP),
    ]
    return home.Content(numbers, {"rows": rows, "url": _list(shared="on")}, [row.record for row in rows])


def _kinds(request: HttpRequest) -> home.Content:
    access = access_of(request)
    visible = Record.objects.visible_to(access)
    found = [
        (kind, home.Number(visible.of_kind(kind.name).capped_count(CAP), kind.plural, _list(kind=kind.name), cap=CAP))
        for kind in kinds.all_kinds()
        if kind.name in access.kinds
    ]
    return home.Content(context={"rows": found})
