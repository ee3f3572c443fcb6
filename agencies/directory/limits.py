"""What forms and the API accept of days and telephone numbers."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator

DAYS = (
    MinValueValidator(date(1990, 1, 1), "The year must be 1990 or later."),
    MaxValueValidator(date(2199, 12, 31), "The year must be 2199 or earlier. Keep it empty when there is no end."),
)
PHONE = RegexValidator(r"^\+?[0-9][0-9 ()/.-]{3,38}\Z", "Give a telephone number such as +41 58 000 00 00.")
