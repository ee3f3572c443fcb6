"""Words of meetings."""

from django.db import models


class MeetingState(models.TextChoices):
    CALLED = "called", "Called"
    CANCELLED = "cancelled", "Cancelled"


class MeetingKind(models.TextChoices):
    """What it is for. A board is the standing circle of an agreement or of an operation."""

    COORDINATION = "coordination", "Coordination meeting"
    BRIEFING = "briefing", "Briefing"
    BOARD = "board", "Board"


class SeatRole(models.TextChoices):
    """What an agency is there for, in iCalendar's words (RFC 5545, ROLE)."""

    CHAIR = "chair", "Chair"
    REQUIRED = "required", "Must be there"
    OPTIONAL = "optional", "May come"
    OBSERVER = "observer", "Observer"


class Answer(models.TextChoices):
    """An attendee's answer, in iCalendar's words (RFC 5545, PARTSTAT)."""

    ACCEPTED = "accepted", "Accepted"
    TENTATIVE = "tentative", "Tentative"
    DECLINED = "declined", "Declined"


# Minutes before the start.
DEFAULT_REMINDERS = (24 * 60, 15)
REMINDER_CHOICES = (
    (7 * 24 * 60, "1 week before"),
    (24 * 60, "1 day before"),
    (2 * 60, "2 hours before"),
    (60, "1 hour before"),
    (15, "15 minutes before"),
)
MOST_REMINDERS = 5
EARLIEST_REMINDER = 4 * 7 * 24 * 60
# A row of times is bounded: so many, within so many years of the first.
MOST_TIMES = 200
LONGEST_SERIES_YEARS = 5
MOST_ITEMS = 60
MOST_PAPERS = 100
MOST_FEEDS = 5
