"""Words of alerts, as the Common Alerting Protocol has them, and the families that officers make rules about."""

from django.db import models


class Urgency(models.TextChoices):
    """CAP 1.2, `urgency`: how soon something is to be done."""

    IMMEDIATE = "Immediate", "Immediate"
    EXPECTED = "Expected", "Expected"
    FUTURE = "Future", "Future"
    PAST = "Past", "Past"
    UNKNOWN = "Unknown", "Unknown"


class Severity(models.TextChoices):
    """CAP 1.2, `severity`: how grave what it is about is. Order: gravest first."""

    EXTREME = "Extreme", "Extreme"
    SEVERE = "Severe", "Severe"
    MODERATE = "Moderate", "Moderate"
    MINOR = "Minor", "Minor"
    UNKNOWN = "Unknown", "Unknown"


class Certainty(models.TextChoices):
    """CAP 1.2, `certainty`: how sure it is. Order: surest first."""

    OBSERVED = "Observed", "Observed"
    LIKELY = "Likely", "Likely"
    POSSIBLE = "Possible", "Possible"
    UNLIKELY = "Unlikely", "Unlikely"
    UNKNOWN = "Unknown", "Unknown"


class Family(models.TextChoices):
    """What officers make rules about: kinds that belong together."""

    SHARED = "shared", "Shared with you"
    RECALL = "recall", "Recalls"
    ANSWER_DUE = "answer_due", "Answers and consent"
    PATROL = "patrol", "Patrols and safety"
    INCIDENT = "incident", "Incidents"
    AGREEMENT = "agreement", "Agreements"
    MEETING = "meeting", "Meetings"
    TASK = "task", "Tasks"
    BULLETIN = "bulletin", "Alerts sent by officers"
    SYSTEM = "system", "System"
