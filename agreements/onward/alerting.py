"""Alerts of onward transfer: consent is asked, it is decided, something was passed on (R11)."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.onward.actions import ASKED, DECIDED, PASSED
from agreements.onward.models import ConsentRequest
from agreements.sharing.models import Release
from portal import second_lock
from portal.outbox import handlers

# Who is concerned is asked of the policy, officer by officer.
FAN_OUT = "finding those concerned"


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    for kind in (
        kinds.AlertKind(
            ASKED,
            "Consent asked",
            "arrow-right-circle",
            Urgency.EXPECTED,
            False,
            _asks,
            _page,
            family=Family.ANSWER_DUE,
        ),
        kinds.AlertKind(
            DECIDED,
            "Consent decided",
            "check2-circle",
            Urgency.EXPECTED,
            False,
            _decides,
            _page,
            family=Family.ANSWER_DUE,
        ),
        kinds.AlertKind(PASSED, "Passed on", "arrow-right-circle", Urgency.PAST, False, _passed, family=Family.SHARED),
    ):
        kinds.register(kind)
    handlers.register(ASKED, asked)
    handlers.register(DECIDED, decided)
    handlers.register(PASSED, passed)


def _page(alert: Any) -> str:
    return reverse("onward:request-detail", args=[alert.subject])


def _asks(alert: Any) -> str:
    return f"A partner asks to pass on “{alert.record.title}”"


def _decides(alert: Any) -> str:
    return f"{alert.record.owner.short} has answered: passing on “{alert.record.title}”"


def _passed(alert: Any) -> str:
    return f"A partner passed on “{alert.record.title}”"


@second_lock.opened(FAN_OUT)
def asked(payload: dict[str, Any]) -> None:
    """Alert those of the originator who may decide and see the record."""
    row = _request(payload)
    if row is not None and row.is_open:
        people = concerned.for_owner(row.record, Permission.RECORD_RELEASE, timezone.now())
        raising.raise_alert(kind=ASKED, key=str(row.pk), recipients=people, record=row.record, subject=str(row.pk))


@second_lock.opened(FAN_OUT)
def decided(payload: dict[str, Any]) -> None:
    """Alert who asked, if the record is visible to that officer still; nobody need decide any more."""
    row = _request(payload)
    if row is None or row.is_open:
        return
    raising.settle(kind=ASKED, key=str(row.pk))
    at = timezone.now()
    people = [row.asked_by] if row.asked_by.is_in_effect(at) else []
    seeing = concerned.who_see(row.record, people, at)
    key = f"{row.pk}:{row.state}"
    raising.raise_alert(kind=DECIDED, key=key, recipients=seeing, record=row.record, subject=str(row.pk))


@second_lock.opened(FAN_OUT)
def passed(payload: dict[str, Any]) -> None:
    """Tell the originator: one alert for each record, however often it is passed on."""
    rows = Release.objects.select_related("content_object__owner", "content_object__author__agency__country")
    row = rows.filter(pk=payload["release"], revoked_at=None).first()
    if row is not None:
        people = concerned.for_owner(row.content_object, Permission.RECORD_RELEASE, timezone.now())
        raising.raise_alert(kind=PASSED, key=str(row.pk), recipients=people, record=row.content_object)


def _request(payload: dict[str, Any]) -> ConsentRequest | None:
    return ConsentRequest.objects.with_words().filter(pk=payload["request"]).first()
