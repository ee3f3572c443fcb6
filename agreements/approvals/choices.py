"""Words of two-person release."""

from django.db import models


class State(models.TextChoices):
    WAITING = "waiting", "Waits for a second officer"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Taken back"
