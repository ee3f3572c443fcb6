"""What home tells: an officer's new alerts; a system admin, whether everything runs. Counts and keys, no content."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.alerts.models import Alert
from agreements.alerts.querysets import MOST_COUNTED
from agreements.alerts.waiting import health_at
from agreements.sharing.middleware import access_of
from portal.outbox.health import PATIENCE, broker_answers
from portal.ui import home


def register() -> None:
    home.register(home.Card("alerts.new", "Alerts", "bell", "", _new, order=2))
    home.register(
        home.Card(
            "alerts.health",
            "Health",
            "activity",
            "alerts/home_health.html",
            _health,
            order=3,
            permission=Permission.SYSTEM_HEALTH,
        )
    )


def _new(request: HttpRequest) -> home.Content:
    count = Alert.objects.visible_to(access_of(request)).unread().capped_count()
    url = f"{reverse('alerts:alert-list')}?state=unread"
    return home.Content([home.Number(count, "new alerts", url, "warning", MOST_COUNTED, "new alert")])


def _health(request: HttpRequest) -> home.Content:
    found = health_at(access_of(request).at)
    url = reverse("alerts:health")
    numbers = [
        home.Number(found.set_aside_count, "messages given up", f"{url}#set-aside", "danger", one="message given up"),
        home.Number(found.waiting, "messages wait", f"{url}#waiting", one="message waits"),
    ]
    at = access_of(request).at
    beats = [(beat, at - beat.at <= PATIENCE) for beat in found.heartbeats if beat.name == "outbox.sweep"]
    return home.Content(numbers, {"health": found, "beats": beats, "broker": broker_answers(), "url": url})
