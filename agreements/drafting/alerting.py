"""Alerts of drafting: a second officer is needed, a request is decided, a draft is shared."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.drafting.actions import going
from agreements.drafting.actions.submissions import approvers
from agreements.drafting.causes import ACTIVATE, ASKED, DECIDED, SHARED
from agreements.drafting.choices import State
from agreements.drafting.models import Share, Submission
from portal.outbox import handlers

# What became of a request: how it is told, to whom asked and to whom approved.
_ENDS: dict[str, tuple[str, str, str]] = {
    State.APPROVED: ("Draft approved", "check2-circle", "A colleague approved the draft {}: it goes out on its day"),
    State.SENT_BACK: ("Draft sent back", "reply", "A colleague sent the draft {} back to you"),
    State.VOID: ("Approval void", "exclamation-triangle", "Nothing came of the request for {}: it was changed, or could not go out"),
    State.CANCELLED: ("Stopped before its day", "slash-circle", "The draft {} does not go out: a colleague stopped it"),
    State.PUT: ("Put to the parties", "send-check", "{} was put to its parties: they confirm now"),
}  # fmt: skip


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    kinds.register(
        kinds.AlertKind(
            ASKED, "Second officer needed", "person-check", Urgency.EXPECTED, False,
            _line("A colleague asks you to approve {} before it goes to its parties"), _page, family=Family.AGREEMENT,
        )
    )  # fmt: skip
    kinds.register(
        kinds.AlertKind(
            SHARED, "Draft shared", "people", Urgency.EXPECTED, False,
            _line("You are asked to work on a draft: {}"), _page, family=Family.AGREEMENT,
        )
    )  # fmt: skip
    for state, (label, icon, words) in _ENDS.items():
        kinds.register(
            kinds.AlertKind(
                _kind(state),
                label,
                icon,
                Urgency.EXPECTED,
                False,
                _line(words),
                _page,
                family=Family.AGREEMENT,
            )
        )
    handlers.register(ASKED, asked)
    handlers.register(DECIDED, decided)
    handlers.register(SHARED, shared)
    handlers.register(ACTIVATE, going.activate)


def _kind(state: str) -> str:
    return f"drafting.{state}"


def _line(words: str) -> Any:
    return lambda alert: words.format(alert.agreement.short_name)


def _page(alert: Any) -> str:
    """The draft, or the agreement that became of it."""
    name = "drafting:draft-detail" if alert.agreement.is_draft else "register:agreement-detail"
    return reverse(name, args=[alert.agreement_id])


def asked(payload: dict[str, Any]) -> None:
    """Alert those of the same state who may approve it."""
    row = _submission(payload)
    if row is None or row.state != State.WAITING:
        return
    people = approvers(row.agreement, row.asked_by)
    raising.raise_alert(kind=ASKED, key=str(row.pk), recipients=people, agreement=row.agreement)


def decided(payload: dict[str, Any]) -> None:
    """Nobody need decide any more; the officers who asked and approved are told, but for whose step it was."""
    row = _submission(payload)
    if row is None:
        return
    raising.settle(kind=ASKED, key=str(row.pk))
    state = payload["state"]
    if state not in _ENDS or state != row.state:
        return
    own_step = row.ended_by if row.ended_by else (row.decided_by if state == State.APPROVED else None)
    at = timezone.now()
    people = [_held(row.asked_by, at), _held(row.decided_by, at) if state != State.SENT_BACK else None]
    told = [
        one for one in people if one and (state == State.PUT or one.officer_id != getattr(own_step, "officer_id", None))
    ]
    key = f"{row.pk}:{row.put_on or ''}"
    raising.raise_alert(kind=_kind(state), key=key, recipients=told, agreement=row.agreement)


def _held(person: Appointment | None, at: Any) -> Appointment | None:
    return person.held_on(at) if person else None


def shared(payload: dict[str, Any]) -> None:
    """Alert the colleague, or the treaty admins of the invited agency."""
    row = (
        Share.objects.select_related("agreement", "appointment__officer", "appointment__agency__country")
        .filter(pk=payload["share"])
        .first()
    )
    if row is None or not row.agreement.is_draft:
        return
    at = timezone.now()
    if row.appointment is not None:
        people = [one for one in [row.appointment.held_on(at)] if one]
    else:
        people = concerned.who_may(Permission.AGREEMENT_DRAFT, [row.agency_id], at) if row.agency_id else []
    raising.raise_alert(kind=SHARED, key=str(row.pk), recipients=people, agreement=row.agreement)


def _submission(payload: dict[str, Any]) -> Submission | None:
    rows = Submission.objects.select_related(
        "agreement", "asked_by__officer", "asked_by__agency__country", "decided_by__officer",
        "decided_by__agency__country", "ended_by",
    )  # fmt: skip
    return rows.filter(pk=payload["submission"]).first()
