"""What home tells treaty admins: what falls due soon."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission, Role
from agreements.deadlines.asking import rows_for
from portal.ui import home

SOON, LATER = 30, 90
SHOWN = 5


def register() -> None:
    home.register(
        home.Card(
            "deadlines.due",
            "Deadlines",
            "calendar-event",
            "deadlines/home_deadlines.html",
            _deadlines,
            order=5,
            permission=Permission.AGREEMENT_VIEW,
            roles=frozenset({Role.TREATY_ADMIN}),
        )
    )


def _deadlines(request: HttpRequest) -> home.Content:
    now = request.now  # type: ignore[attr-defined]
    today = now.date()
    rows = rows_for(request.appointment, now, until=today + timedelta(days=LATER))  # type: ignore[attr-defined]
    numbers = []
    for days, tone in ((SOON, "warning"), (LATER, "")):
        until = today + timedelta(days=days)
        count = sum(row.day <= until for row in rows)
        url = f"{reverse('deadlines:deadline-list')}?{urlencode({'until': until})}"
        numbers.append(
            home.Number(count, f"fall due within {days} days", url, tone, one=f"falls due within {days} days")
        )
    return home.Content(numbers, {"rows": rows[:SHOWN], "more": len(rows) > SHOWN})
