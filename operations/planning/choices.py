"""Words of planning."""

from django.db import models


class OperationState(models.TextChoices):
    PLANNED = "planned", "Planned"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    ARCHIVED = "archived", "Archived"
    CANCELLED = "cancelled", "Cancelled"
