"""Words of deadlines: what falls due."""

from django.db import models


class DeadlineKind(models.TextChoices):
    EXPIRY = "expiry", "Last day of effect"
    RENEWAL = "renewal", "Renews itself"
    NOTICE_DUE = "notice_due", "Last day to give notice against renewal"
    NOTICE_ENDS = "notice_ends", "Notice runs out"
    REVIEW = "review", "Review"
    ENTRY_INTO_FORCE = "entry_into_force", "Entry into force"
    DESIGNATION_ENDS = "designation_ends", "Designation ends"
    PROVISIONAL_ENDS = "provisional_ends", "Provisional application ends"
    SUSPENSION_ENDS = "suspension_ends", "Suspension ends"


ICONS = {
    DeadlineKind.EXPIRY: "calendar-x",
    DeadlineKind.RENEWAL: "arrow-repeat",
    DeadlineKind.NOTICE_DUE: "envelope-exclamation",
    DeadlineKind.NOTICE_ENDS: "hourglass-bottom",
    DeadlineKind.REVIEW: "search",
    DeadlineKind.ENTRY_INTO_FORCE: "check2-circle",
    DeadlineKind.DESIGNATION_ENDS: "person-dash",
    DeadlineKind.PROVISIONAL_ENDS: "hourglass-split",
    DeadlineKind.SUSPENSION_ENDS: "play-circle",
}
# Days before a deadline on which a state's treaty admins are reminded, unless the state says otherwise.
DEFAULT_LEADS = (180, 90, 30, 7, 0)
MOST_LEADS, LONGEST_LEAD = 12, 1095
