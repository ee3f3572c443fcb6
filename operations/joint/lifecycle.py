"""A joint report is a draft, waits for signatures, and is then signed by all; until then it can be withdrawn."""

from operations.joint.choices import State
from portal.ui.errors import Refused

S = State
STEPS: dict[str, frozenset[State]] = {
    "change": frozenset({S.DRAFT, S.OPEN}),
    "put": frozenset({S.DRAFT}),
    "sign": frozenset({S.OPEN}),
    "take_back": frozenset({S.OPEN}),
    "withdraw": frozenset({S.DRAFT, S.OPEN}),
    "release": frozenset({S.OPEN, S.SEALED}),
}
SAYS = {
    S.DRAFT: "This is a draft: put it to its sides first.",
    S.OPEN: "It waits for signatures.",
    S.SEALED: "It is signed by all: what is new goes into another report.",
    S.WITHDRAWN: "It is withdrawn.",
}


def may(state: str, step: str) -> bool:
    return state in STEPS[step]


def require(state: str, step: str) -> None:
    """Raises Refused when the state does not allow the step."""
    if not may(state, step):
        raise Refused(SAYS[State(state)], code="state")
