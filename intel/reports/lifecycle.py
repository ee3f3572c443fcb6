"""Issued, withdrawn: which step leads where. A report is issued when it is saved, and held until it is released."""

from django.db import models

from portal.ui.errors import Refused


class ReportState(models.TextChoices):
    ISSUED = "issued", "Issued"
    WITHDRAWN = "withdrawn", "Withdrawn"


STEPS: dict[tuple[str, str], ReportState] = {
    (ReportState.ISSUED, "change"): ReportState.ISSUED,
    (ReportState.ISSUED, "release"): ReportState.ISSUED,
    (ReportState.ISSUED, "withdraw"): ReportState.WITHDRAWN,
}
WITHDRAWN_SAYS = {
    "change": "This report is withdrawn: write a new one instead.",
    "release": "This report is withdrawn: nothing of it is released any more.",
    "withdraw": "This report is withdrawn already.",
}


def may(state: str, step: str) -> bool:
    return (state, step) in STEPS


def after(state: str, step: str) -> ReportState:
    """The state that a step leads to. Raises Refused when the state does not allow it."""
    try:
        return STEPS[(state, step)]
    except KeyError:
        raise Refused(WITHDRAWN_SAYS[step], code="state") from None
