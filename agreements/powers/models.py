"""Powers are facts that hang from an article (R22): recorded by one party, counting for what they are in `ruling`."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Appointment, Country, new_key
from agreements.powers.choices import Act, Answer, Border, Lead, NotifyWhen, Occasion, Origin, Report, Requirement
from agreements.powers.querysets import PowerQuerySet
from agreements.register.days import WITHIN as DAYS
from agreements.register.models import Agreement, Clause, Fact

FARTHEST_M, LONGEST_MIN = 2_000_000, 366 * 24 * 60


def _listed(choices: type[models.TextChoices]) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=30, choices=choices.choices), default=list, blank=True)


class Power(Fact):
    """What an article says of one act: officers of `actor` in `host` (empty: of every party, in every other).

    Distances are in metres, times in minutes from the crossing. One that `replaces` another stands in its place between
    the two states as soon as both confirmed it and while its own article binds them (see docs/adr/0022).
    """

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="powers")
    act = models.CharField(max_length=30, choices=Act)
    occasions = _listed(Occasion)
    answer = models.CharField(max_length=12, choices=Answer)
    actor = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    host = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    borders = _listed(Border)
    stretch = models.CharField(max_length=120, blank=True, help_text="Of one named stretch of the border only.")
    triggers = _listed(Requirement)
    conditions = _listed(Requirement)
    words = models.TextField(blank=True, help_text="Conditions that no word of the list fits.")
    distance_m = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(FARTHEST_M)]
    )
    depth_m = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(FARTHEST_M)]
    )
    minutes = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MIN)]
    )
    area = models.CharField(max_length=200, blank=True)
    notify_when = models.CharField(max_length=10, choices=NotifyWhen, blank=True)
    notify_whom = models.CharField(max_length=200, blank=True)
    lead = models.CharField(max_length=10, choices=Lead, blank=True)
    report = models.CharField(max_length=10, choices=Report, blank=True)
    starts_on = models.DateField(null=True, blank=True, validators=list(DAYS))
    ends_on = models.DateField(null=True, blank=True, validators=list(DAYS), help_text="Last day of effect.")
    replaces = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="replaced_by")
    source = models.TextField(blank=True)

    objects = PowerQuerySet.as_manager()

    class Meta:
        ordering = ["clause", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(actor=F("host")), name="power_is_abroad"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="power_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.SILENT) | Q(replaces__isnull=False), name="only_a_correction_is_silent"
            ),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="power_does_not_replace_itself"),
        ]

    def __str__(self) -> str:
        sides = f"{self.actor or 'every party'} in {self.host or 'every other'}"
        return f"{self.clause.article}: {self.get_act_display().lower()}, {sides}: {self.get_answer_display().lower()}"

    @property
    def agreement(self) -> Agreement:
        return self.clause.agreement


class PowerConfirmation(models.Model):
    """A party's treaty admin stands behind a power, which permits nothing between two states before both do (R22)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    power = models.ForeignKey(Power, models.CASCADE, related_name="confirmations")
    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["confirmed_at", "id"]
        constraints = [models.UniqueConstraint(fields=["power", "country"], name="power_confirmed_once_per_country")]


class PowerText(Fact):
    """A power in the words of a language. It explains and decides nothing: the sign beside it does."""

    power = models.ForeignKey(Power, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    words = models.TextField()
    origin = models.CharField(max_length=12, choices=Origin)

    class Meta:
        ordering = ["language", "recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.language}: {self.words[:60]}"
