"""Words of deliveries: by what, how far, why not, and what officers may choose."""

from django.db import models


class Channel(models.TextChoices):
    """By what an alert leaves the portal. The page itself always has it."""

    MAIL = "mail", "Mail"
    WEBHOOK = "webhook", "Webhook"
    GATEWAY = "gateway", "Text message"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    HELD = "held", "Held"
    SENT = "sent", "Sent"
    MERGED = "merged", "Sent with another"
    WITHHELD = "withheld", "Withheld"
    FAILED = "failed", "Failed"


OPEN = (DeliveryState.WAITING, DeliveryState.HELD)
ARRIVED = (DeliveryState.SENT, DeliveryState.MERGED)


class Reason(models.TextChoices):
    """Why a delivery is held or was withheld. None tells what the alert is about, nor whose right ended (R17)."""

    NONE = "", "—"
    QUIET = "quiet", "Quiet hours"
    DIGEST = "digest", "For the digest"
    STORM = "storm", "Too many at once: for one summary"
    EXERCISE = "exercise", "An exercise never leaves the portal"
    READ = "read", "Read already"
    OVER = "over", "No longer for the recipient"
    NOWHERE = "nowhere", "No address or number any more"


class Outcome(models.TextChoices):
    """What came of one attempt."""

    ACCEPTED = "accepted", "Taken"
    LATER = "later", "Tried again later"
    REFUSED = "refused", "Refused for good"


class Manner(models.TextChoices):
    """What an officer's rule does with the alerts that it fits."""

    NOW = "now", "At once"
    HOURLY = "hourly", "In an hourly digest"
    DAILY = "daily", "In a daily digest"
    WEEKLY = "weekly", "In a weekly digest"
    PAGE = "page", "On the page only"


DIGESTS = (Manner.HOURLY, Manner.DAILY, Manner.WEEKLY)


class OutletKind(models.TextChoices):
    WEBHOOK = "webhook", "Signed webhook"
    GATEWAY = "gateway", "SMS or other HTTP gateway"


class Method(models.TextChoices):
    POST = "POST", "POST"
    PUT = "PUT", "PUT"
    GET = "GET", "GET"


class Weekday(models.IntegerChoices):
    """As `date.weekday()` counts."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


MOST_RULES, MOST_OUTLETS = 30, 5
