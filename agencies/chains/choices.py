"""The words of duty chains."""

from django.db import models


class StepKind(models.TextChoices):
    """Who is told at a step."""

    DESK = "desk", "Duty desk"
    ROLE = "role", "Whoever has a role"
    POST = "post", "One post"


class DutyDay(models.IntegerChoices):
    """As ISO 8601 counts them."""

    MONDAY = 1, "Monday"
    TUESDAY = 2, "Tuesday"
    WEDNESDAY = 3, "Wednesday"
    THURSDAY = 4, "Thursday"
    FRIDAY = 5, "Friday"
    SATURDAY = 6, "Saturday"
    SUNDAY = 7, "Sunday"
