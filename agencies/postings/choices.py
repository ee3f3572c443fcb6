"""Words of postings and handovers."""

from django.db import models


class PostingKind(models.TextChoices):
    SECONDMENT = "secondment", "Secondment, with a role at the host"
    LIAISON = "liaison", "Liaison officer, without a right at the host"


class PostingState(models.TextChoices):
    PROPOSED = "proposed", "Waits for the other side"
    DECLINED = "declined", "Declined"
    PLANNED = "planned", "To come"
    ACTIVE = "active", "Running"
    ENDED = "ended", "Over"
    RECALLED = "revoked", "Recalled"


class AccountState(models.TextChoices):
    ACTIVE = "active", "Active"
    SOON = "soon_dormant", "Soon dormant"
    DORMANT = "dormant", "Dormant"
    ENDED = "ended", "Ended"


class Outcome(models.TextChoices):
    """What became of one open item when its officer handed over."""

    MOVED = "moved", "Handed over"
    ENDED = "ended", "Ended"
    LEFT = "left", "Left, with a reason"
    ANOTHER = "another", "Needs another person"
    PERSONAL = "personal", "Personal: ends with the appointment"


# What stays open after a handover.
GAPS = (Outcome.LEFT, Outcome.ANOTHER)
