"""Treaty actions."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agencies.directory.models import Classification, Country
from agreements.register.choices import LIFTABLE, NARROWING, WIDENING, ActionKind, Category, Way
from agreements.register.meanings import SIGNS
from agreements.register.models.agreements import Agreement
from agreements.register.models.clauses import Clause
from agreements.register.models.fact import Fact


class TreatyAction(Fact):
    """A dated act in UN vocabulary, by one country or (country empty) of the agreement as a whole.

    `effective_on` is the first day of its effect: for a denunciation, the day after the notice has run out.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=30, choices=ActionKind)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    counterpart = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="An objection or selective suspension works towards this party only.",
    )
    clauses = models.ManyToManyField(Clause, blank=True, related_name="actions")
    done_on = models.DateField()
    effective_on = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="Last day, of an extension or an application.")
    lifts = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="liftings")
    excludes = ArrayField(models.CharField(max_length=30, choices=Category), default=list, blank=True)
    lowers_ceiling_to = models.PositiveSmallIntegerField(choices=Classification, null=True, blank=True)
    way = models.CharField(
        max_length=10, choices=Way, blank=True, help_text="Of a reservation: it narrows this direction alone."
    )
    territory = models.CharField(max_length=200, blank=True, help_text="Of a territorial application or exclusion.")
    rectifies = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rectified_by",
        help_text="The act that was recorded wrongly and whose place this takes once the parties confirm it.",
    )
    note = models.TextField(blank=True)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["done_on", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_on=None) | Q(effective_on__gte=F("done_on")),
                name="action_effect_not_before_act",
            ),
            models.CheckConstraint(condition=Q(kind=ActionKind.LIFTING) | Q(lifts=None), name="only_a_lifting_lifts"),
        ]

    def __str__(self) -> str:
        who = f" by {self.country.name}" if self.country else ""
        return f"{self.get_kind_display()}{who}"

    @property
    def narrows(self) -> bool:
        return self.kind in NARROWING

    @property
    def may_be_lifted(self) -> bool:
        """Whether a lifting is yet to end it as a whole."""
        if self.kind not in LIFTABLE:
            return False
        return all(row.until or row.clauses.all() for row in self.liftings.all())

    @property
    def widens(self) -> bool:
        return self.kind in WIDENING

    @property
    def sign(self) -> str:
        """As the UN Treaty Collection prints it beside the date: a, A, AA, c, d, n, P, s; mostly none."""
        return SIGNS.get(ActionKind(self.kind), "")

    @property
    def works_from(self) -> "datetime | None":
        """00:00 of its first day in the agreement's zone."""
        day = self.effective_on or self.done_on
        return datetime(day.year, day.month, day.day, tzinfo=self.agreement.zone)
