"""Articles."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agencies.directory.models import Classification, Country
from agreements.register.choices import Category, ClauseKind, Direction, Onward, Purpose
from agreements.register.models.agreements import Agreement
from agreements.register.models.fact import Fact


class Clause(Fact):
    """An article. It opens a channel when it names data categories; others say what officers may do."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="clauses")
    article = models.CharField(max_length=30, help_text="As cited: Art. 21, § 3.")
    kind = models.CharField(max_length=30, choices=ClauseKind)
    summary = models.TextField(blank=True)
    categories = ArrayField(models.CharField(max_length=30, choices=Category), default=list, blank=True)
    ceiling = models.PositiveSmallIntegerField(choices=Classification, default=Classification.RESTRICTED.value)
    direction = models.CharField(max_length=10, choices=Direction, default=Direction.MUTUAL)
    senders = models.ManyToManyField(Country, blank=True, related_name="+")
    receivers = models.ManyToManyField(Country, blank=True, related_name="+")
    purposes = ArrayField(models.CharField(max_length=30, choices=Purpose), default=list, blank=True)
    onward = models.CharField(max_length=10, choices=Onward, default=Onward.CONSENT)
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True, help_text="First day; empty: with the agreement.")
    ends_on = models.DateField(null=True, blank=True, help_text="Last day of effect.")
    survives = models.BooleanField(default=False, help_text="What was live stays readable after the end.")
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        help_text="The article of an earlier agreement whose place it takes: what was released under that is read under this.",
    )
    rectifies = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rectified_by",
        help_text="The article as it was recorded wrongly; this takes its place once the parties confirm it.",
    )
    displaced_by = models.ManyToManyField(Agreement, blank=True, related_name="displaces")
    position = models.PositiveSmallIntegerField(default=0)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["agreement", "position", "article", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="clause_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article} of the {self.agreement.short_name}"

    @property
    def opens_channel(self) -> bool:
        return bool(self.categories and self.purposes)
