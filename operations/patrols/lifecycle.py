"""Planned, active, ended, cancelled: which step leads where, and when a patrol is overdue."""

from datetime import datetime, timedelta

from operations.patrols.choices import PatrolState
from portal.ui.errors import Refused

STEPS: dict[tuple[str, str], PatrolState] = {
    (PatrolState.PLANNED, "start"): PatrolState.ACTIVE,
    (PatrolState.PLANNED, "cancel"): PatrolState.CANCELLED,
    (PatrolState.ACTIVE, "end"): PatrolState.ENDED,
}
# A planned patrol that has not started this long after its time is overdue, as is an active one past its end.
START_GRACE = timedelta(minutes=30)
# States in which teams may add entries to the log: an ended patrol is still written up.
OPEN_TO_LEGS = frozenset({PatrolState.ACTIVE})
OPEN_TO_ENTRIES = frozenset({PatrolState.ACTIVE, PatrolState.ENDED})


def may(state: str, step: str) -> bool:
    return (state, step) in STEPS


def after(state: str, step: str) -> PatrolState:
    """The state that a step leads to. Raises Refused when the state does not allow it."""
    try:
        return STEPS[(state, step)]
    except KeyError:
        word = PatrolState(state).label.lower()
        raise Refused(f"This patrol is {word}: it cannot {step}.", code="state") from None


def deadline(state: str, starts_at: datetime, ends_at: datetime) -> datetime | None:
    """The instant past which a patrol in this state is overdue; None when it no longer can be."""
    if state == PatrolState.PLANNED:
        return starts_at + START_GRACE
    return ends_at if state == PatrolState.ACTIVE else None


def is_overdue(state: str, starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    limit = deadline(state, starts_at, ends_at)
    return limit is not None and at > limit
