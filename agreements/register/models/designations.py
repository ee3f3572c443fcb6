"""Competent authorities."""

from django.db import models
from django.db.models import F, Q

from agencies.directory.models import Agency, Country
from agreements.register.models.agreements import Agreement
from agreements.register.models.clauses import Clause
from agreements.register.models.fact import Fact


class Designation(Fact):
    """An agency named by a party as competent authority for the agreement or for some of its clauses."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="designations")
    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="designations")
    clauses = models.ManyToManyField(Clause, blank=True, related_name="designations")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="Last day of effect.")
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["country_id", "agency__name", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="designation_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} for {self.country.name}"
