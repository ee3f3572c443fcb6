"""Open, accepted, declined, withdrawn: which step leads where. A correction is answered once."""

from django.db import models

from portal.ui.errors import Refused


class CorrectionState(models.TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


STEPS: dict[tuple[str, str], CorrectionState] = {
    (CorrectionState.OPEN, "accept"): CorrectionState.ACCEPTED,
    (CorrectionState.OPEN, "decline"): CorrectionState.DECLINED,
    (CorrectionState.OPEN, "withdraw"): CorrectionState.WITHDRAWN,
}
ENDED_SAYS = {
    CorrectionState.ACCEPTED: "It was accepted already.",
    CorrectionState.DECLINED: "It was declined already.",
    CorrectionState.WITHDRAWN: "It was withdrawn by those who proposed it.",
}


def may(state: str, step: str) -> bool:
    return (state, step) in STEPS


def after(state: str, step: str) -> CorrectionState:
    """The state that a step leads to. Raises Refused when it was answered or withdrawn before."""
    try:
        return STEPS[(state, step)]
    except KeyError:
        raise Refused(ENDED_SAYS[CorrectionState(state)], code="state") from None
