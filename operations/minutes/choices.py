"""Words of minutes, of action items and of the regular rhythm."""

from django.db import models


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUT = "put_to_agencies", "Waiting for agreement"
    AGREED = "agreed_by_all", "Agreed by all"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Level(models.TextChoices):
    """What a point of the minutes is. Actions follow from decisions, and decisions are taken under an item."""

    ITEM = "item", "Item"
    DECISION = "decision", "Decision"


class Decision(models.TextChoices):
    """What an agency says of the minutes. Nobody edits another's words."""

    AGREES = "agrees", "Agrees"
    ANNOTATES = "annotates", "Agrees with an annotation"


class Lapse(models.TextChoices):
    """Why an agency's agreement counts no more."""

    TEXT = "text", "The minutes were changed"
    MARKING = "marking", "They were marked anew"
    SIGHT = "sight", "Its officer sees them no more"
    TAKEN_BACK = "taken_back", "Taken back"
    WITHDRAWN = "withdrawn", "They were withdrawn"


class ActionState(models.TextChoices):
    """Overdue is derived: open, and past the end of its last day."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class Subject(models.TextChoices):
    """What is to come round regularly."""

    MEETING = "meeting", "The board meets"
    REVIEW = "review", "The plan is reviewed"


class Unit(models.TextChoices):
    WEEKS = "weeks", "weeks"
    MONTHS = "months", "months"


# How an agency stands, with the words of a page. Tone and icon stand in portal/ui/states.py.
SIDE_STATES = {
    "awaited": "Agreement awaited",
    "agrees": "Agrees",
    "annotates": "Agrees, with an annotation",
    "reopened": "To agree again",
}
# Of an action item, beside its state.
OVERDUE = "overdue"
