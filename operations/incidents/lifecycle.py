"""A report is written, validated step by step or returned, and stays or is withdrawn; an event is open or closed."""

from collections.abc import Collection
from datetime import datetime

from operations.incidents.choices import FIRST_REPORT, URGENT, ChainStep, EventState, ReportState
from portal.ui.errors import Refused

S = ReportState
WAITING = {S.WITH_CENTRE.value: ChainStep.CENTRE, S.WITH_HEADQUARTERS.value: ChainStep.HEADQUARTERS}
_WAITS_WITH = {step: ReportState(state) for state, step in WAITING.items()}
# In which states a report takes each step.
STEPS: dict[str, frozenset[ReportState]] = {
    # What was validated stands: what is new goes into a follow-up.
    "change": frozenset({S.DRAFT, S.RETURNED}),
    "involve": frozenset({S.DRAFT, S.RETURNED}),
    "submit": frozenset({S.DRAFT, S.RETURNED}),
    "validate": frozenset({S.WITH_CENTRE, S.WITH_HEADQUARTERS}),
    "send_back": frozenset({S.WITH_CENTRE, S.WITH_HEADQUARTERS}),
    "propose": frozenset({S.WITH_CENTRE, S.WITH_HEADQUARTERS, S.VALIDATED}),
    "follow": frozenset({S.WITH_CENTRE, S.WITH_HEADQUARTERS, S.RETURNED, S.VALIDATED}),
    "link": frozenset({S.WITH_CENTRE, S.WITH_HEADQUARTERS, S.RETURNED, S.VALIDATED}),
    "release": frozenset({S.WITH_CENTRE, S.WITH_HEADQUARTERS, S.RETURNED, S.VALIDATED}),
    "withdraw": frozenset(S) - {S.WITHDRAWN},
}
SAYS = {
    S.DRAFT: "This report is a draft: report it first.",
    S.WITH_CENTRE: "This report waits for the coordination centre: it is validated or returned first.",
    S.WITH_HEADQUARTERS: "This report waits for headquarters: it is validated or returned first.",
    S.RETURNED: "This report was returned: correct it and report it again first.",
    S.VALIDATED: "This report is validated: what is new goes into a follow-up.",
    S.WITHDRAWN: "This report is withdrawn.",
}


def may(state: str, step: str) -> bool:
    return state in STEPS[step]


def require(state: str, step: str) -> None:
    """Raises Refused when the state does not allow the step."""
    if not may(state, step):
        raise Refused(SAYS[ReportState(state)], code="state")


def next_state(chain: Collection[str], done: str | None = None) -> ReportState:
    """Where a report goes after a step, or at first: to the next link that the operation's chain has; without one it
    is validated."""
    order = list(ChainStep)
    ahead = order if done is None else order[order.index(ChainStep(done)) + 1 :]
    return next((_WAITS_WITH[step] for step in ahead if step in chain), S.VALIDATED)


def first_due(impact: int, known_at: datetime, *, is_follow_up: bool) -> datetime | None:
    """Until when the first report is due: 24 hours after the agency knew, where the impact is high or very high."""
    return known_at + FIRST_REPORT if impact in URGENT and not is_follow_up else None


def require_open(state: str) -> None:
    if state != EventState.OPEN:
        raise Refused("This event is closed.", code="state")
