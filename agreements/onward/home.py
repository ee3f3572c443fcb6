"""What home tells: requests of partners that wait for an answer."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.onward.reading import open_for
from agreements.sharing.middleware import access_of
from portal.ui import home


def register() -> None:
    card = home.Card(
        "onward.asked", "Consent", "arrow-right-circle", "", _asked, order=6, permission=Permission.RECORD_RELEASE
    )
    home.register(card)


def _asked(request: HttpRequest) -> home.Content:
    url = f"{reverse('onward:request-list')}?state=asked&side=owner"
    label = "requests to pass on wait"
    return home.Content(
        [home.Number(open_for(access_of(request)), label, url, "warning", one="request to pass on waits")]
    )
