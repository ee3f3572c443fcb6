"""Minutes are a draft, are put to the agencies, and are then agreed by all; until then they can be withdrawn. An action
item is open, done or dropped, and can be taken up again."""

from operations.minutes.choices import ActionState, State
from portal.ui.errors import Refused

S = State
STEPS: dict[str, frozenset[State]] = {
    "change": frozenset({S.DRAFT, S.PUT}),
    "put": frozenset({S.DRAFT}),
    "agree": frozenset({S.PUT}),
    "take_back": frozenset({S.PUT}),
    "withdraw": frozenset({S.DRAFT, S.PUT}),
    "release": frozenset({S.PUT, S.AGREED}),
    # Action items bind from when the minutes are put to those who undertook them.
    "act": frozenset({S.PUT, S.AGREED}),
}
SAYS = {
    S.DRAFT: "These minutes are a draft: put them to the agencies first.",
    S.PUT: "They wait for the agencies' agreement.",
    S.AGREED: "They are agreed by all: what is new goes into the next minutes.",
    S.WITHDRAWN: "They are withdrawn.",
}
A = ActionState
ACTION_STEPS: dict[str, frozenset[ActionState]] = {
    "report": frozenset({A.OPEN}),
    "close": frozenset({A.OPEN}),
    "reopen": frozenset({A.DONE, A.DROPPED}),
}
ACTION_SAYS = {A.OPEN: "It is open.", A.DONE: "It is done already.", A.DROPPED: "It was dropped."}


def may(state: str, step: str) -> bool:
    return state in STEPS[step]


def require(state: str, step: str) -> None:
    """Raises Refused when the state does not allow the step."""
    if not may(state, step):
        raise Refused(SAYS[State(state)], code="state")


def action_may(state: str, step: str) -> bool:
    return state in ACTION_STEPS[step]


def require_action(state: str, step: str) -> None:
    if not action_may(state, step):
        raise Refused(ACTION_SAYS[ActionState(state)], code="state")
