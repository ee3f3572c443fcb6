"""What system admins are told: a message was given up, and waits for somebody to look at it. Numbers, no content."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.alerts import concerned, raising
from agreements.alerts.choices import Family, Severity, Urgency
from agreements.alerts.kinds import AlertKind
from agreements.alerts.kinds import register as register_kind
from agreements.alerts.models import Alert
from agreements.sharing.policy import Access
from portal.outbox.models import Message

GIVEN_UP = "system.given_up"
# What is given up within one hour is told once.
HOUR = timedelta(hours=1)


def register() -> None:
    register_kind(
        AlertKind(
            GIVEN_UP,
            "Messages given up",
            "exclamation-triangle",
            Urgency.EXPECTED,
            True,
            _line,
            _page,
            standalone=True,
            shown=_for_admins,
            family=Family.SYSTEM,
            severity=Severity.MODERATE,
        )
    )


def _for_admins(access: Access) -> Q:
    may = access.appointment is not None and access.appointment.may(Permission.SYSTEM_HEALTH)
    return Q() if may else Q(pk=None)


def _line(alert: Alert) -> str:
    return "Messages were given up after their last attempt: look why, and bring them back"


def _page(alert: Alert) -> str:
    return f"{reverse('alerts:health')}#set-aside"


def watch(at: datetime) -> int:
    """Alert the system admins of what was given up within the hour, once for each hour; how many alerts are new."""
    rows = Message.objects.set_aside().filter(set_aside_at__gt=at - HOUR, set_aside_at__lte=at)
    latest = rows.order_by("-set_aside_at", "-pk").values_list("set_aside_at", flat=True).first()
    if latest is None:
        return 0
    roles = concerned.roles_with(Permission.SYSTEM_HEALTH)
    admins = concerned.in_effect(at, role__in=roles)
    return raising.raise_alert(kind=GIVEN_UP, key=f"{latest:%Y-%m-%dT%H}", recipients=admins)
