"""Words of calls of danger to life."""

from django.db import models


class Nature(models.TextChoices):
    PERSON = "person", "Person in danger"
    OFFICER = "officer", "Officer in danger"
    SHOTS = "shots", "Shots fired"
    ACCIDENT = "accident", "Accident"
    VESSEL = "vessel", "Vessel in distress"
    FIRE = "fire", "Fire"
    OTHER = "other", "Other danger to life"


class CallState(models.TextChoices):
    """Worked out at reading, never stored (R13)."""

    LIVE = "live", "Open now"
    OVER = "over", "Over"
    PASSED = "passed", "Hour has passed"


class Side(models.TextChoices):
    """How a reader comes to a call."""

    SENT = "sent", "Sent by the own agency"
    RECEIVED = "received", "Received, while its hour runs"
    ACCOUNT = "account", "Account of what was received, for its auditors"
