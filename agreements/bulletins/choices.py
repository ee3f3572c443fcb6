"""Words of bulletins: to whom, who answers, and how it stands."""

from django.db import models


class TargetKind(models.TextChoices):
    """To whom in an agency a bulletin goes."""

    DESK = "desk", "Duty desk"
    ROLE = "role", "Whoever has a role"
    OFFICER = "officer", "One officer"
    CIRCLE = "circle", "Those assigned to the operation"


class Acknowledging(models.TextChoices):
    """Who of an agency must say that it was read."""

    NOBODY = "nobody", "Nobody: for information"
    ANYONE = "anyone", "Anyone of the agency"
    ROLE = "role", "An officer with a role"


class BulletinEnd(models.TextChoices):
    CANCELLED = "cancelled", "Cancelled"
    UPDATED = "updated", "Updated by another"


class ReceiptState(models.TextChoices):
    """Worked out at reading, never stored (R13)."""

    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    LATE = "late", "Acknowledged late"
    WAITING = "waiting", "Waiting"
    OVERDUE = "overdue", "Overdue"
    TOLD = "told", "For information"
    OVER = "over", "Not asked any more"
