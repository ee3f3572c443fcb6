"""Words of onward transfer."""

from django.db import models


class State(models.TextChoices):
    """What became of a request for the originator's consent."""

    ASKED = "asked", "Asked"
    CONSENTED = "consented", "Consented"
    PASSED = "passed", "Passed on"
    RELEASED = "released", "Released by the originator"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Taken back"
    ENDED = "ended", "Consent ended"


# Where nothing more can come of it.
OVER = frozenset({State.RELEASED, State.REFUSED, State.WITHDRAWN, State.ENDED})
# The chip of each state (portal.ui.states).
CHIPS = {
    State.ASKED: "waiting",
    State.CONSENTED: "approved",
    State.PASSED: "released",
    State.RELEASED: "released",
    State.REFUSED: "declined",
    State.WITHDRAWN: "withdrawn",
    State.ENDED: "revoked",
}
