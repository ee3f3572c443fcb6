"""Words of responses, and the times that are kept to."""

from datetime import timedelta

from django.db import models

from agreements.distress.choices import Nature
from agreements.register.choices import ClauseKind

# How long before a task is due its assignee is reminded.
REMIND = timedelta(minutes=15)
# After which times without any answer the asker is told, so that somebody telephones.
UNANSWERED = (timedelta(minutes=5), timedelta(minutes=15))
# How long after the expected arrival both sides are asked where the help is.
LATE = timedelta(minutes=5)
# Articles by which one agency may ask another to come, the plainest first.
ASSISTING = (ClauseKind.MUTUAL_ASSISTANCE, ClauseKind.JOINT_PATROL)


class ResponseState(models.TextChoices):
    OPEN = "open", "Under way"
    CLOSED = "closed", "Closed"


class Result(models.TextChoices):
    """How a response ended."""

    RESOLVED = "resolved", "Resolved"
    HANDED_OVER = "handed_over", "Handed over to others"
    NOT_NEEDED = "not_needed", "Nothing was needed"
    NOT_POSSIBLE = "not_possible", "Nothing more could be done"


class TaskState(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class HandoverState(models.TextChoices):
    OFFERED = "offered", "Offered"
    TAKEN = "taken", "Taken"
    FINISHED = "finished", "Done by them"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Taken back"


# Of a task one such at a time: it is out of the owner's hands, or on its way.
STANDING = (HandoverState.OFFERED, HandoverState.TAKEN, HandoverState.FINISHED)


class Situation(models.TextChoices):
    """Why somebody is needed at the place."""

    OFFICER = "officer", "Officer in danger"
    PERSON = "person", "Person in danger"
    SHOTS = "shots", "Shots fired"
    PURSUIT = "pursuit", "Pursuit towards the border"
    CROWD = "crowd", "Crowd or disorder"
    ACCIDENT = "accident", "Accident"
    VESSEL = "vessel", "Vessel in distress"
    FIRE = "fire", "Fire"
    SEARCH = "search", "Search for a missing person"
    OTHER = "other", "Something else"

    @property
    def nature(self) -> str:
        """The same as a call of danger to life names it (R24)."""
        return self.value if self.value in Nature.values else Nature.OTHER.value


class AskedState(models.TextChoices):
    ASKED = "asked", "Asked"
    ACCEPTED = "accepted", "On the way"
    ARRIVED = "arrived", "Arrived"
    DECLINED = "declined", "Declined"


class Ending(models.TextChoices):
    """Why assistance is needed no more."""

    HELPED = "helped", "Helped"
    OWN_MEANS = "own_means", "Done with own means"
    FALSE_ALARM = "false_alarm", "False alarm"
    NOBODY_CAME = "nobody_came", "Nobody came"
