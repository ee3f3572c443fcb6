"""What an officer chose: which alerts reach them how, and when they want quiet."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from agencies.directory.models import Officer, new_key
from agreements.alerts.choices import Family, Severity
from agreements.delivery.choices import Channel, Manner, Weekday
from agreements.sharing.models import Record


class Preference(models.Model):
    """An officer's number, quiet hours and digest hour, on the clock of the officer's own zone. None: the defaults."""

    officer = models.OneToOneField(Officer, models.CASCADE, primary_key=True, related_name="preference")
    number = models.CharField(max_length=20, blank=True, help_text="Where text messages go: +, country, number.")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True, help_text="Earlier than the start: on the next day.")
    quiet_days = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        default=list,
        blank=True,
        help_text="On which quiet hours begin. Empty: each.",
    )
    digest_hour = models.PositiveSmallIntegerField(default=7, validators=[MaxValueValidator(23)])
    digest_weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.MONDAY)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_two_ends",
            ),
            models.CheckConstraint(condition=Q(digest_hour__lt=24), name="digest_hour_is_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"of {self.officer_id}"


class Rule(models.Model):
    """What happens with alerts that fit all it names. The first rule that fits decides; without one: by mail at once.

    Operation, area and words are compared with records only where the officer may see them at that moment (R17).
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="delivery_rules")
    position = models.PositiveSmallIntegerField()
    families = ArrayField(models.CharField(max_length=12, choices=Family), default=list, blank=True)
    severity_least = models.CharField(max_length=9, choices=Severity, blank=True)
    operation = models.ForeignKey(Record, models.CASCADE, null=True, blank=True, related_name="+")
    area = models.JSONField(null=True, blank=True, help_text="GeoJSON Polygon.")
    words = models.CharField(max_length=100, blank=True, help_text="All of them in the title.")
    manner = models.CharField(max_length=6, choices=Manner, default=Manner.NOW)
    channels = ArrayField(models.CharField(max_length=8, choices=Channel), default=list, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.position}: {self.manner}"

    @property
    def asks_content(self) -> bool:
        """Whether it compares something of the record itself."""
        return bool(self.operation_id or self.area or self.words)
