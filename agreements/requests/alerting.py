"""Alerts of access requests: the owner is asked; the asker is answered, or learns that no answer came."""

from typing import Any

from django.urls import reverse

from agreements.alerts import kinds
from agreements.alerts.choices import Family, Urgency
from agreements.requests.actions import ASKED, DECIDED

REFUSED, OVER = "requests.refused", "requests.over"


def register() -> None:
    for kind in (
        kinds.AlertKind(
            ASKED,
            "Access asked",
            "person-raised-hand",
            Urgency.EXPECTED,
            False,
            _asks,
            _received,
            family=Family.ANSWER_DUE,
        ),
        kinds.AlertKind(
            DECIDED, "Access given", "check2-circle", Urgency.EXPECTED, False, _gives, _mine, family=Family.ANSWER_DUE
        ),
        kinds.AlertKind(
            REFUSED,
            "Access refused",
            "x-circle",
            Urgency.EXPECTED,
            False,
            _refuses,
            _of_key,
            standalone=True,
            family=Family.ANSWER_DUE,
        ),
        kinds.AlertKind(
            OVER,
            "Access request over",
            "hourglass-bottom",
            Urgency.PAST,
            False,
            _over,
            _of_key,
            standalone=True,
            family=Family.ANSWER_DUE,
        ),
    ):
        kinds.register(kind)


def _received(alert: Any) -> str:
    return reverse("requests:asked-detail", args=[alert.subject])


def _mine(alert: Any) -> str:
    return reverse("requests:request-detail", args=[alert.subject])


def _of_key(alert: Any) -> str:
    return reverse("requests:request-detail", args=[alert.key])


def _asks(alert: Any) -> str:
    return f"A partner asks for access to “{alert.record.title}”"


def _gives(alert: Any) -> str:
    return f"{alert.record.owner.short} gave you access to “{alert.record.title}”, for a time"


def _refuses(alert: Any) -> str:
    return f"Your access request was refused: reference {alert.subject}"


def _over(alert: Any) -> str:
    return f"No answer came to your access request: reference {alert.subject}"
