"""What home tells: access requests of partners that wait for an answer."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.requests.reading import waiting_for
from agreements.sharing.middleware import access_of
from portal.ui import home


def register() -> None:
    card = home.Card(
        "requests.asked", "Access", "person-raised-hand", "", _asked, order=6, permission=Permission.RECORD_RELEASE
    )
    home.register(card)


def _asked(request: HttpRequest) -> home.Content:
    url = f"{reverse('requests:asked-list')}?state=open"
    label, one = "access requests wait", "access request waits"
    return home.Content([home.Number(waiting_for(access_of(request)), label, url, "warning", one=one)])
