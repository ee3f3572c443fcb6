"""Reviews of the invented arrangements, so that the calendar has something beside ends and notices."""

from datetime import timedelta

from django.utils import timezone

from agreements.deadlines import actions
from agreements.deadlines.models import Review
from agreements.register.demo.people import admin
from agreements.register.models import Agreement

# Agreement, country, what, days from the first load, months until the next.
REVIEWS = (
    ("Technical Arrangement Upper Rhine", "CH", "Yearly meeting of the two services on § 3", 40, 12),
    ("Technical Arrangement Alpine Rhine", "AT", "Weekly rosters", 12, 3),
)


def load() -> int:
    """Plan what is not planned yet; how many are new."""
    today, made = timezone.localdate(), 0
    for name, country, what, days, months in REVIEWS:
        agreement = Agreement.objects.get(short_name=name)
        if not Review.objects.filter(agreement=agreement, what=what).exists():
            first = today + timedelta(days=days)
            actions.plan_review(agreement=agreement, what=what, first_on=first, every_months=months, by=admin(country))
            made += 1
    return made
