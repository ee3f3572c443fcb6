"""Words of alarms."""

from django.db import models

# How long an alarm waits for an own answer before the next step, unless the patrol's timer says otherwise.
DESK_AFTER, PARTNERS_AFTER, NEIGHBOURS_AFTER = 10, 20, 5  # minutes


class Cause(models.TextChoices):
    MISSED = "missed", "No check-in"
    CALLED = "called", "Call for help"


class Step(models.TextChoices):
    """Whom an alarm is told to, one after the other."""

    TEAM = "team", "Own officers in the operation"
    DESK = "desk", "Own duty desk"
    PARTNERS = "partners", "Partners on the patrol, by an article"
    NEIGHBOURS = "neighbours", "Duty desks of neighbours, without an article"


class Result(models.TextChoices):
    TOLD = "told", "Told"
    HELD = "held", "Held"
    NOBODY = "nobody", "Nobody told"


class AlarmState(models.TextChoices):
    """Worked out at reading (R13)."""

    OPEN = "unanswered", "Nobody acts on it"
    ACTED = "acted_on", "Somebody acts on it"
    CLOSED = "closed", "Closed"


CAUSE_ICONS = {Cause.MISSED: "person-exclamation", Cause.CALLED: "exclamation-octagon"}
