"""What home tells: bulletins that the own agency has not acknowledged."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.bulletins.models import Bulletin
from agreements.sharing.middleware import access_of
from portal.ui import home


def register() -> None:
    home.register(
        home.Card(
            "bulletins.waiting", "Bulletins", "megaphone", "", _waiting, order=3, permission=Permission.BULLETIN_VIEW
        )
    )


def _waiting(request: HttpRequest) -> home.Content:
    access = access_of(request)
    assert access.appointment is not None
    count = Bulletin.objects.visible_to(access).waiting_for(access.appointment).capped_count(100)
    url = f"{reverse('bulletins:bulletin-list')}?show=waiting"
    return home.Content(
        [home.Number(count, "bulletins to acknowledge", url, "warning", 100, "bulletin to acknowledge")]
    )
