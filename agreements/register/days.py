"""Which days a fact about a treaty can have: so that no calendar runs out of years when a period is worked out."""

import calendar
from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator

# From the Peace of Westphalia on; the oldest treaties in force are of the nineteenth century.
FIRST, LAST = date(1648, 1, 1), date(2199, 12, 31)
WITHIN = (
    MinValueValidator(FIRST, f"The year must be {FIRST.year} or later."),
    MaxValueValidator(LAST, f"The year must be {LAST.year} or earlier. Keep it empty when there is no end."),
)


def add_months(day: date, months: int) -> date:
    """So many calendar months on, or back: the same day of the month, or the last one of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def first_of_month(day: date, months: int) -> date:
    """The first day of the month that is so many after the day's own."""
    return add_months(day.replace(day=1), months)


def term_end(first: date, months: int, on: date) -> date:
    """The last day of the term that runs on that day: the first term ends on `first`, each further so many months later."""
    number = max(((on.year - first.year) * 12 + on.month - first.month) // months - 1, 0)
    while add_months(first, number * months) < on:
        number += 1
    return add_months(first, number * months)


def stop_day(first: date, months: int, notice_months: int, given: date) -> date:
    """The last day of what renews itself, by a notice of that day: the end of the first term for which it is in time,
    so many months before."""
    last = term_end(first, months, given)
    while add_months(last, -notice_months) < given:
        last = term_end(first, months, last + timedelta(days=1))
    return last
