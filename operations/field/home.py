"""What home tells: versions that wait for a decision, and what waits in quarantine."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.sharing.middleware import access_of
from operations.field.models import Quarantined, Version
from portal.ui import home


def register() -> None:
    home.register(
        home.Card("field.versions", "Two versions", "files", "", _versions, order=7, permission=Permission.PATROL_RUN)
    )
    home.register(
        home.Card(
            "field.quarantine",
            "Quarantine",
            "shield-exclamation",
            "",
            _quarantine,
            order=8,
            permission=Permission.FIELD_SUPERVISE,
        )
    )


def _versions(request: HttpRequest) -> home.Content:
    count = Version.objects.visible_to(access_of(request)).waiting().count()
    url = reverse("field:version-list")
    label, one = "entries have two versions", "entry has two versions"
    return home.Content([home.Number(count, label, url, "warning", one=one)])


def _quarantine(request: HttpRequest) -> home.Content:
    count = Quarantined.objects.visible_to(access_of(request)).waiting().count()
    url = reverse("field:quarantine-list")
    label, one = "items wait in quarantine", "item waits in quarantine"
    return home.Content([home.Number(count, label, url, "warning", one=one)])
