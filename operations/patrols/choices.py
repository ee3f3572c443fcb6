"""Words of the patrol log."""

from django.db import models


class PatrolState(models.TextChoices):
    PLANNED = "planned", "Planned"
    ACTIVE = "active", "Active"
    ENDED = "ended", "Ended"
    CANCELLED = "cancelled", "Cancelled"


class ObservationType(models.TextChoices):
    """What was observed. Extended by adding a line here."""

    SIGHTING = "sighting", "Sighting"
    CHECK = "check", "Check"
    CONTACT = "contact", "Contact"
    HAZARD = "hazard", "Hazard"
    HANDOVER = "handover", "Handover"
    CROSSING = "crossing", "Crossing"
    NOTE = "note", "Note"
    OTHER = "other", "Other"


# Bootstrap icon of each word: status and type are never told by colour alone.
STATE_ICONS = {
    PatrolState.PLANNED: "calendar-event",
    PatrolState.ACTIVE: "broadcast",
    PatrolState.ENDED: "check2-circle",
    PatrolState.CANCELLED: "x-circle",
}
OVERDUE_ICON = "exclamation-triangle"
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
