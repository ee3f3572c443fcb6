"""Words of partner agencies: what a contact is for, how far an invitation has come, what is left to enter."""

from django.db import models

# A contact that nobody has tried for so many days is flagged.
STALE_DAYS = 180
# The tongues that are offered. Agencies may hold others, by their ISO 639-1 code.
LANGUAGES = [
    ("bg", "Bulgarian"), ("hr", "Croatian"), ("cs", "Czech"), ("da", "Danish"), ("nl", "Dutch"), ("en", "English"),
    ("et", "Estonian"), ("fi", "Finnish"), ("fr", "French"), ("de", "German"), ("el", "Greek"), ("hu", "Hungarian"),
    ("ga", "Irish"), ("it", "Italian"), ("lv", "Latvian"), ("lt", "Lithuanian"), ("mt", "Maltese"), ("no", "Norwegian"),
    ("pl", "Polish"), ("pt", "Portuguese"), ("ro", "Romanian"), ("rm", "Romansh"), ("sr", "Serbian"), ("sk", "Slovak"),
    ("sl", "Slovene"), ("es", "Spanish"), ("sv", "Swedish"), ("tr", "Turkish"), ("uk", "Ukrainian"),
]  # fmt: skip
LANGUAGE_NAMES = dict(LANGUAGES)


class Function(models.TextChoices):
    """What a partner calls for. The 24/7 desk is the agency's own entry, and answers for what has no contact."""

    PURSUIT = "pursuit", "Pursuit notification"
    REQUESTS = "requests", "Requests"
    EMERGENCY = "emergency", "Emergencies"
    TREATY = "treaty", "Treaty matters"
    DATA_PROTECTION = "data_protection", "Data protection"
    TECHNICAL = "technical", "Technical matters"


class Level(models.TextChoices):
    """How well a tongue is spoken on duty, in the steps of the Common European Framework."""

    NATIVE = "native", "Working language"
    FLUENT = "C1", "Fluent, C1–C2"
    INDEPENDENT = "B1", "Independent, B1–B2"
    BASIC = "A1", "Basic, A1–A2"


class State(models.TextChoices):
    """How far an invitation has come."""

    SENT = "sent", "Sent"
    OPENED = "opened", "Opened"
    ACCEPTED = "accepted", "Accepted, waits to be let in"
    RELEASED = "released", "Let in"
    DECLINED = "declined", "Declined"
    REFUSED = "refused", "Not let in"
    EXPIRED = "expired", "Expired"
    WITHDRAWN = "withdrawn", "Withdrawn"


# The chip of each state (portal.ui.states).
CHIPS = {
    State.SENT: "invited",
    State.OPENED: "invited",
    State.ACCEPTED: "waiting",
    State.RELEASED: "active",
    State.DECLINED: "declined",
    State.REFUSED: "declined",
    State.EXPIRED: "expired",
    State.WITHDRAWN: "withdrawn",
}


class Task(models.TextChoices):
    """What a new agency's admin enters, in this order."""

    DESK = "desk", "Duty desk, day and night"
    CONTACTS = "contacts", "Contacts for each function"
    LANGUAGES = "languages", "Languages"
    UNITS = "units", "Units"
    OFFICERS = "officers", "Officers"
    DESIGNATIONS = "designations", "Designations in agreements"


class Progress(models.TextChoices):
    """Where a task stands. The words are those of the register's task list."""

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    LOOKED_AT = "looked_at", "Incomplete (looked at)"
    DONE = "done", "Done"
    CANNOT_START = "cannot_start", "Cannot start yet"
