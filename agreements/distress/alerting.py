"""Alerts of calls of danger to life: to the duty desk at once, and to the sender when somebody acts on it (R24).

A desk's alert is there while the call is open to it, and gone afterwards (R13). A mail says as little as any other.
"""

import uuid
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Severity, Urgency
from agreements.alerts.models import Alert
from agreements.distress.actions import ACKNOWLEDGED, OVER, SENT
from agreements.distress.choices import CallState
from agreements.distress.models import DistressCall
from agreements.sharing.policy import Access
from portal.outbox import handlers


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    kinds.register(
        kinds.AlertKind(
            SENT,
            "Danger to life",
            "exclamation-octagon",
            Urgency.IMMEDIATE,
            mandatory=True,
            line=_calls,
            url=_page,
            standalone=True,
            shown=lambda access: _about(DistressCall.objects.received_by(access), access),
            family=Family.PATROL,
            severity=Severity.EXTREME,
        )
    )
    kinds.register(
        kinds.AlertKind(
            ACKNOWLEDGED,
            "Danger to life: they act on it",
            "check2-circle",
            Urgency.IMMEDIATE,
            mandatory=True,
            line=_acts,
            url=_page,
            standalone=True,
            shown=lambda access: _about(DistressCall.objects.sent_by_agency_of(access), access),
            family=Family.PATROL,
            severity=Severity.SEVERE,
        )
    )
    handlers.register(SENT, sent)
    handlers.register(ACKNOWLEDGED, acknowledged)
    handlers.register(OVER, over)


def _about(calls: Any, access: Access) -> Q:
    return Q(subject__in=calls.keys())


def _page(alert: Alert) -> str:
    return reverse("distress:call-detail", args=[alert.subject])


def _calls(alert: Alert) -> str:
    return "Danger to life: a neighbour calls your duty desk. Read it now, it is open for one hour"


def _acts(alert: Alert) -> str:
    return "A neighbour acts on your call of danger to life"


def _call(payload: dict[str, Any]) -> DistressCall | None:
    return DistressCall.objects.with_sides().filter(pk=payload["call"]).first()


def sent(payload: dict[str, Any]) -> None:
    """Alert those of each receiver who act for its desk, while the call is open."""
    call, at = _call(payload), timezone.now()
    if call is None or call.state_at(at) != CallState.LIVE:
        return
    for row in call.addressees.all():
        people = concerned.who_may(Permission.DISTRESS_SEND, [row.agency_id], at)
        raising.raise_alert(kind=SENT, key=_key(call, row.agency_id), recipients=people, subject=str(call.pk))


def acknowledged(payload: dict[str, Any]) -> None:
    """Nobody else of that desk need answer; who sent it is told."""
    call, at = _call(payload), timezone.now()
    if call is None:
        return
    key = _key(call, uuid.UUID(payload["agency"]))
    raising.settle(kind=SENT, key=key)
    if call.sent_by.is_in_effect(at):
        raising.raise_alert(kind=ACKNOWLEDGED, key=key, recipients=[call.sent_by], subject=str(call.pk))


def over(payload: dict[str, Any]) -> None:
    call = _call(payload)
    for row in call.addressees.all() if call else ():
        raising.settle(kind=SENT, key=_key(row.call, row.agency_id))


def _key(call: DistressCall, agency: uuid.UUID) -> str:
    return f"{call.pk}:{agency}"
