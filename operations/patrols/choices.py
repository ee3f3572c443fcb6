"""Words of the patrol log."""

from django.db import models

from operations.types.choices import TYPE_ICONS, ObservationType

__all__ = ["OVERDUE_ICON", "STATE_ICONS", "TYPE_ICONS", "ObservationType", "PatrolState"]


class PatrolState(models.TextChoices):
    PLANNED = "planned", "Planned"
    ACTIVE = "active", "Active"
    ENDED = "ended", "Ended"
    CANCELLED = "cancelled", "Cancelled"


# Bootstrap icon of each word: status is never told by colour alone.
STATE_ICONS = {
    PatrolState.PLANNED: "calendar-event",
    PatrolState.ACTIVE: "broadcast",
    PatrolState.ENDED: "check2-circle",
    PatrolState.CANCELLED: "x-circle",
}
OVERDUE_ICON = "exclamation-triangle"
