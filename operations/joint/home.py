"""What home tells of joint reports: those that wait for the own side's signature."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.sharing.middleware import access_of
from operations.joint.models import JointReport
from portal.ui import home

MOST = 5


def register() -> None:
    home.register(
        home.Card(
            "joint.awaiting",
            "Joint reports",
            "people",
            "joint/home_awaiting.html",
            _awaiting,
            order=8,
            permission=Permission.PATROL_RUN,
        )
    )


def _awaiting(request: HttpRequest) -> home.Content:
    access = access_of(request)
    by = access.appointment
    assert by is not None
    found = JointReport.objects.visible_to(access).awaiting(by.agencies)
    rows = list(found.order_by("put_at", "pk")[:MOST])
    address = f"{reverse('joint:report-list')}?show=mine"
    label, one = "joint reports to sign", "joint report to sign"
    number = home.Number(found.count(), label, address, "warning", one=one)
    context = {"rows": rows, "url": reverse("joint:report-list")} if rows else None
    return home.Content([number], context, [row.record for row in rows])
