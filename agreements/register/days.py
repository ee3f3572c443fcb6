"""Which days a fact about a treaty can have: so that no calendar runs out of years when a period is worked out."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator

# From the Peace of Westphalia on; the oldest treaties in force are of the nineteenth century.
FIRST, LAST = date(1648, 1, 1), date(2199, 12, 31)
WITHIN = (
    MinValueValidator(FIRST, f"The year must be {FIRST.year} or later."),
    MaxValueValidator(LAST, f"The year must be {LAST.year} or earlier. Keep it empty when there is no end."),
)
