"""The words of communication channels."""

from django.db import models


class Means(models.TextChoices):
    """How one talks. Two channels of different means never meet."""

    RADIO = "radio", "Radio"
    SATELLITE = "satellite", "Satellite"
    TELEPHONE = "telephone", "Telephone"
    SECURE_MAIL = "secure_mail", "Secure mail"
    NATIONAL_SYSTEM = "national_system", "National system"
    NAMED_SYSTEM = "named_system", "Shared system"


# Anybody with a number reaches anybody with a number; of the others both need the same network.
DIALLED = frozenset({Means.TELEPHONE})


class Encryption(models.TextChoices):
    NONE = "none", "In clear"
    LINK = "link", "Encrypted on the way"
    END_TO_END = "end_to_end", "Encrypted end to end"


class Weekday(models.IntegerChoices):
    """As ISO 8601 counts them."""

    MONDAY = 1, "Monday"
    TUESDAY = 2, "Tuesday"
    WEDNESDAY = 3, "Wednesday"
    THURSDAY = 4, "Thursday"
    FRIDAY = 5, "Friday"
    SATURDAY = 6, "Saturday"
    SUNDAY = 7, "Sunday"
