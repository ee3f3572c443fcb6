"""Words of access requests."""

from django.db import models


class State(models.TextChoices):
    """What the asker reads. It is the same for what does not exist, for what is refused in silence, and for what
    nobody answers (R17)."""

    SENT = "sent", "Sent"
    ANSWERED = "answered", "Access given"
    REFUSED = "refused", "Refused"
    LAPSED = "lapsed", "No answer"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Side(models.TextChoices):
    """What the owner reads, of each of its records that the reference is of."""

    OPEN = "open", "Waits for an answer"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    CLOSED = "closed", "Closed without an answer"


CHIPS = {
    State.SENT: "waiting",
    State.ANSWERED: "approved",
    State.REFUSED: "declined",
    State.LAPSED: "expired",
    State.WITHDRAWN: "withdrawn",
    Side.OPEN: "waiting",
    Side.APPROVED: "approved",
    Side.REFUSED: "declined",
    Side.CLOSED: "closed",
}
