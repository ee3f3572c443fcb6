"""What home tells: releases of colleagues that wait for a second officer."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.approvals.models import Approval
from agreements.sharing.middleware import access_of
from portal.ui import home


def register() -> None:
    card = home.Card(
        "approvals.waiting", "Releases", "person-check", "", _waiting, order=6, permission=Permission.RECORD_RELEASE
    )
    home.register(card)


def _waiting(request: HttpRequest) -> home.Content:
    access = access_of(request)
    rows = Approval.objects.visible_to(access).waiting()
    if access.appointment is not None:
        rows = rows.exclude(asked_by__officer=access.appointment.officer_id)
    url = f"{reverse('approvals:approval-list')}?state=waiting"
    label, one = "releases wait for a second officer", "release waits for a second officer"
    return home.Content([home.Number(rows.count(), label, url, "warning", one=one)])
