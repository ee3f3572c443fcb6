"""Words of observation types: what an entry counts as, and what a field may hold."""

from django.db import models


class ObservationType(models.TextChoices):
    """What every entry counts as, whichever operation it is of. Extended by adding a line here."""

    SIGHTING = "sighting", "Sighting"
    CHECK = "check", "Check"
    CONTACT = "contact", "Contact"
    HAZARD = "hazard", "Hazard"
    HANDOVER = "handover", "Handover"
    CROSSING = "crossing", "Crossing"
    NOTE = "note", "Note"
    OTHER = "other", "Other"


# Bootstrap icon of each word: a type is never told by colour alone.
TYPE_ICONS = {
    ObservationType.SIGHTING: "eye",
    ObservationType.CHECK: "person-badge",
    ObservationType.CONTACT: "people",
    ObservationType.HAZARD: "exclamation-diamond",
    ObservationType.HANDOVER: "arrow-left-right",
    ObservationType.CROSSING: "signpost-split",
    ObservationType.NOTE: "sticky",
    ObservationType.OTHER: "three-dots",
}


class FieldKind(models.TextChoices):
    """What a field of an observation type takes."""

    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    WHOLE = "whole", "Whole number"
    YES_NO = "yes_no", "Yes or no"
    CHOICE = "choice", "Choice"
    CHOICES = "choices", "Several choices"
    DATE = "date", "Date"
    INSTANT = "instant", "Date and time"


NUMBERS = (FieldKind.NUMBER, FieldKind.WHOLE)
LISTED = (FieldKind.CHOICE, FieldKind.CHOICES)
# Every label is there in English, the portal's own tongue; those of the parties stand beside it.
ENGLISH = "en"
