"""What home tells of danger to life: calls that nobody acts on yet, and calls that wait for their review (R24)."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.distress.models import DistressCall
from agreements.sharing.middleware import access_of
from portal.ui import home


def register() -> None:
    home.register(
        home.Card(
            "distress.now",
            "Danger to life",
            "exclamation-octagon",
            "",
            _now,
            order=1,
            permission=Permission.DISTRESS_SEND,
        )
    )
    home.register(
        home.Card(
            "distress.review",
            "Calls to review",
            "clipboard-check",
            "",
            _review,
            order=6,
            permission=Permission.DISTRESS_REVIEW,
        )
    )


def _now(request: HttpRequest) -> home.Content:
    access = access_of(request)
    assert access.appointment is not None
    rows = DistressCall.objects.received_by(access).unanswered_by(access.appointment)
    url = f"{reverse('distress:call-list')}?show=unanswered"
    label, one = "neighbours call: nobody acts yet", "neighbour calls: nobody acts yet"
    return home.Content([home.Number(rows.count(), label, url, "danger", one=one)])


def _review(request: HttpRequest) -> home.Content:
    access = access_of(request)
    assert access.appointment is not None
    rows = DistressCall.objects.to_review(access.appointment, access.at)
    url = f"{reverse('distress:call-list')}?show=review"
    label, one = "calls of danger to life to review", "call of danger to life to review"
    return home.Content([home.Number(rows.count(), label, url, "warning", one=one)])
