"""What home tells of corrections: how many wait for an answer, to those who may answer them."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.corrections.models import Correction
from agreements.corrections.querysets import MOST_COUNTED
from agreements.sharing.middleware import access_of
from portal.ui import home


def register() -> None:
    home.register(
        home.Card(
            "corrections.open",
            "Corrections",
            "pencil-square",
            "",
            _open,
            order=6,
            permission=Permission.RECORD_ANSWER,
        )
    )


def _open(request: HttpRequest) -> home.Content:
    access = access_of(request)
    assert access.appointment is not None
    count = Correction.objects.visible_to(access).to_answer(access.appointment).capped_count()
    url = f"{reverse('corrections:correction-list')}?{urlencode({'state': 'open', 'side': 'ours'})}"
    return home.Content(
        [home.Number(count, "corrections to answer", url, "warning", MOST_COUNTED, "correction to answer")]
    )
