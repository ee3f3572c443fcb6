"""Words of alerts: urgency as the Common Alerting Protocol has it, and how far a mail has come."""

from django.db import models


class Urgency(models.TextChoices):
    """CAP 1.2, `urgency`: how soon something is to be done."""

    IMMEDIATE = "Immediate", "Immediate"
    EXPECTED = "Expected", "Expected"
    FUTURE = "Future", "Future"
    PAST = "Past", "Past"
    UNKNOWN = "Unknown", "Unknown"


class Channel(models.TextChoices):
    MAIL = "mail", "Mail"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    WITHHELD = "withheld", "Withheld"
