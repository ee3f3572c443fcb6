"""Words of joint reports."""

from django.db import models


class Form(models.TextChoices):
    """What the sides sign: what they did together, or what one team hands to the next."""

    JOINT = "joint", "Joint report"
    HANDOVER = "handover", "Handover"


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    OPEN = "open_to_sign", "Waiting for signatures"
    SEALED = "sealed", "Signed by all"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Decision(models.TextChoices):
    """What a side's signature says of the text. Nobody edits another's words."""

    CONFIRMS = "confirms", "Confirms"
    DISAGREES = "disagrees", "Records its own statement"


class Lapse(models.TextChoices):
    """Why a signature counts no more."""

    TEXT = "text", "The text was changed"
    MARKING = "marking", "It was marked anew"
    ENTRIES = "entries", "Entries of the log were changed"
    TAKEN_BACK = "taken_back", "Taken back"
    WITHDRAWN = "withdrawn", "The report was withdrawn"


# Tone and icon of a state stand in portal/ui/states.py; of how a side stands, here.
SIDE_STATES = {
    "awaited": "Signature awaited",
    "confirms": "Confirms",
    "disagrees": "Signed, with a statement of its own",
    "reopened": "To sign again",
}
