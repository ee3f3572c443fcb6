"""What is planned about an agreement and no fact of it: reviews; and how long before a deadline a state is reminded."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Appointment, Country, new_key
from agreements.deadlines.querysets import ReviewQuerySet
from agreements.register.models import Agreement


class Review(models.Model):
    """A day on which the parties look at how an agreement works, once or each so many months. Ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reviews")
    what = models.CharField(max_length=200)
    first_on = models.DateField()
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["first_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("first_on")), name="review_until_after_first"
            ),
            models.CheckConstraint(
                condition=Q(every_months=None) | Q(every_months__gte=1), name="review_every_month_at_most"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="review_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class LeadTimes(models.Model):
    """How many days before a deadline the treaty admins of a state are reminded. Without a row: the usual ones."""

    country = models.OneToOneField(Country, models.CASCADE, primary_key=True, related_name="+")
    days = ArrayField(models.PositiveSmallIntegerField())
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "lead times"

    def __str__(self) -> str:
        return f"{self.country_id}: {', '.join(map(str, self.days))}"
