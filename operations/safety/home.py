"""What home tells: alarms that nobody acts on, and instructions that apply."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.sharing.middleware import access_of
from operations.patrols import rights
from operations.safety.models import Alarm, Fall
from portal.ui import home


def register() -> None:
    home.register(
        home.Card(
            "safety.alarms", "Alarms", "exclamation-octagon", "", _alarms, order=1, permission=Permission.PATROL_RUN
        )
    )


def _alarms(request: HttpRequest) -> home.Content:
    access = access_of(request)
    rows = Alarm.objects.visible_to(access).unanswered()
    url = f"{reverse('safety:alarm-list')}?state=unanswered"
    label, one = "alarms: nobody acts on them", "alarm: nobody acts on it"
    numbers = [home.Number(rows.count(), label, url, "danger", one=one)]
    by = access.appointment
    assert by is not None
    mine = rights.assignments_of(by, access.at).values("participation__circle__record")
    falls = Fall.objects.open().filter(agency__in=by.agencies, operation__in=mine).count()
    label, one = "operations without a legal basis", "operation without a legal basis"
    numbers.append(home.Number(falls, label, reverse("safety:now"), "danger", one=one))
    return home.Content(numbers)
