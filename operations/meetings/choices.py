"""Words of meetings."""

from django.db import models


class MeetingState(models.TextChoices):
    CALLED = "called", "Called"
    CANCELLED = "cancelled", "Cancelled"


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
