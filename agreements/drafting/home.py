"""What home tells treaty admins: drafts that wait for their approval, and those they work on."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.drafting.querysets import drafts_for, narrowed, to_approve
from portal.ui import home


def register() -> None:
    home.register(
        home.Card(
            "drafting.drafts", "Drafts", "pencil-square", "", _drafts, order=5, permission=Permission.AGREEMENT_DRAFT
        )
    )


def _list(**filters: str) -> str:
    return f"{reverse('drafting:draft-list')}?{urlencode(filters)}"


def _drafts(request: HttpRequest) -> home.Content:
    by: Appointment = request.appointment  # type: ignore[attr-defined]
    label, one = "drafts wait for your approval", "draft waits for your approval"
    return home.Content(
        [
            home.Number(to_approve(by).count(), label, _list(show="approve"), "warning", one=one),
            home.Number(
                narrowed(drafts_for(by), by, "mine").count(),
                "drafts of yours",
                _list(show="mine"),
                one="draft of yours",
            ),
        ]
    )
