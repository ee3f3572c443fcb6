"""On what the entry into force of an agreement depends."""

from django.db import models
from django.db.models import Q

from agencies.directory.models import Country
from agreements.register.choices import DelayUnit
from agreements.register.models.agreements import Agreement
from agreements.register.models.fact import Fact


class ForceCondition(Fact):
    """So many consents, and so long after: the day of entry into force is computed from the consents on record.

    `consents` empty: those of `required`, or, when none is named, of all parties. With both, at least so many, and
    those of the named among them. `later_delay` is for parties that consent after the condition was met; empty: as for
    the first. An entry into force that is recorded wins over what is computed. It widens, so that between two parties
    it works once both stand behind it (R22).
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="force_conditions")
    consents = models.PositiveSmallIntegerField(null=True, blank=True)
    required = models.ManyToManyField(Country, blank=True, related_name="+")
    delay = models.PositiveSmallIntegerField(default=0)
    delay_unit = models.CharField(max_length=12, choices=DelayUnit, default=DelayUnit.DAYS)
    later_delay = models.PositiveSmallIntegerField(null=True, blank=True)
    later_unit = models.CharField(max_length=12, choices=DelayUnit, blank=True)
    article = models.CharField(max_length=30, blank=True, help_text="As cited: Art. 38.")
    rectifies = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="rectified_by")
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(later_delay=None, later_unit="") | (Q(later_delay__isnull=False) & ~Q(later_unit="")),
                name="later_delay_with_its_unit",
            ),
            models.CheckConstraint(
                condition=~Q(delay_unit=DelayUnit.MONTH_STARTS, delay=0)
                & ~Q(later_unit=DelayUnit.MONTH_STARTS, later_delay=0),
                name="a_following_month_is_one_at_least",
            ),
            models.CheckConstraint(condition=Q(consents=None) | Q(consents__gte=1), name="one_consent_at_least"),
        ]

    def __str__(self) -> str:
        return "The condition of its entry into force"
