"""Alerts of two-person release: a colleague is needed, a colleague has decided (R20)."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.approvals.actions import ASKED, DECIDED
from agreements.approvals.choices import State
from agreements.approvals.models import Approval
from portal import second_lock
from portal.outbox import handlers

# Who is concerned is asked of the policy, officer by officer.
FAN_OUT = "finding those concerned"


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    for kind in (
        kinds.AlertKind(
            ASKED,
            "Second officer needed",
            "person-check",
            Urgency.EXPECTED,
            False,
            _asks,
            _page,
            family=Family.ANSWER_DUE,
        ),
        kinds.AlertKind(
            DECIDED,
            "Release decided",
            "check2-circle",
            Urgency.EXPECTED,
            False,
            _decides,
            _page,
            family=Family.ANSWER_DUE,
        ),
    ):
        kinds.register(kind)
    handlers.register(ASKED, asked)
    handlers.register(DECIDED, decided)


def _page(alert: Any) -> str:
    return reverse("approvals:approval-detail", args=[alert.subject])


def _asks(alert: Any) -> str:
    return f"A colleague asks you to approve a release of “{alert.record.title}”"


def _decides(alert: Any) -> str:
    return f"A colleague has decided on your release of “{alert.record.title}”"


@second_lock.opened(FAN_OUT)
def asked(payload: dict[str, Any]) -> None:
    """Alert the colleagues who may approve and see the record, but for who asked."""
    row = _approval(payload)
    if row is None or row.state != State.WAITING:
        return
    at = timezone.now()
    may = concerned.who_may(Permission.RECORD_RELEASE, [row.asked_by.agency_id], at)
    others = [person for person in may if person.officer_id != row.asked_by.officer_id]
    seeing = concerned.who_see(row.record, others, at)
    raising.raise_alert(kind=ASKED, key=str(row.pk), recipients=seeing, record=row.record, subject=str(row.pk))


@second_lock.opened(FAN_OUT)
def decided(payload: dict[str, Any]) -> None:
    """Nobody need decide any more; who asked is told, unless it was that officer's own step."""
    row = _approval(payload)
    if row is None or row.state == State.WAITING:
        return
    raising.settle(kind=ASKED, key=str(row.pk))
    at = timezone.now()
    if row.state == State.WITHDRAWN or not row.asked_by.is_in_effect(at):
        return
    seeing = concerned.who_see(row.record, [row.asked_by], at)
    raising.raise_alert(kind=DECIDED, key=str(row.pk), recipients=seeing, record=row.record, subject=str(row.pk))


def _approval(payload: dict[str, Any]) -> Approval | None:
    return Approval.objects.with_words().filter(pk=payload["approval"]).first()
