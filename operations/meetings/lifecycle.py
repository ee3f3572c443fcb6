"""A meeting is called, may be moved, and may be cancelled; when it is over, only its record stays."""

from datetime import datetime

from operations.meetings.choices import MeetingState
from portal.ui.errors import Refused

STEPS: dict[tuple[str, str], MeetingState] = {
    (MeetingState.CALLED, "change"): MeetingState.CALLED,
    (MeetingState.CALLED, "invite"): MeetingState.CALLED,
    (MeetingState.CALLED, "attend"): MeetingState.CALLED,
    (MeetingState.CALLED, "answer"): MeetingState.CALLED,
    (MeetingState.CALLED, "cancel"): MeetingState.CANCELLED,
}
# What still makes sense when the meeting is over: to put on record where it was and who came.
AFTERWARDS = frozenset({"change", "invite", "attend"})


def after(state: str, step: str, ends_at: datetime, at: datetime) -> MeetingState:
    """The state that a step leads to. Raises Refused when state or time do not allow it."""
    if (state, step) not in STEPS:
        raise Refused("This meeting is cancelled.", code="state")
    if ends_at <= at and step not in AFTERWARDS:
        raise Refused("This meeting is over.", code="state")
    return STEPS[(state, step)]


def may(state: str, step: str, ends_at: datetime, at: datetime) -> bool:
    return (state, step) in STEPS and (ends_at > at or step in AFTERWARDS)
