"""Words of drafting."""

from django.db import models


class Status(models.TextChoices):
    """How far a task of a draft is. Worked out from what it holds, and from what was looked at or called done."""

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    INCOMPLETE = "incomplete", "Incomplete (looked at)"
    DONE = "done", "Done"
    BLOCKED = "cannot_start", "Cannot start yet"


class State(models.TextChoices):
    """What became of a request to put a draft to its parties."""

    WAITING = "waiting", "Waits for a second officer"
    APPROVED = "approved", "Approved, goes out on its day"
    SENT_BACK = "sent_back", "Sent back"
    WITHDRAWN = "withdrawn", "Taken back"
    VOID = "void", "Void: the draft was changed"
    CANCELLED = "cancelled", "Stopped before its day"
    PUT = "put", "Put to the parties"


OPEN = (State.WAITING, State.APPROVED)
