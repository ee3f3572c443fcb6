"""How often a board is to meet, or a plan to be reviewed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.register.models import Agreement, Clause
from agreements.sharing.models import Record
from operations.minutes.choices import Subject, Unit
from operations.minutes.querysets import RhythmQuerySet

MOST_EVERY = 60


class Rhythm(models.Model):
    """That an agreement's or an operation's board meets, or its plan is reviewed, each so many weeks or months.

    Counted from `since` until the first time, then from the last time that it was kept. Ended, never deleted.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, null=True, blank=True, related_name="rhythms")
    operation = models.ForeignKey(Record, models.CASCADE, null=True, blank=True, related_name="rhythms")
    subject = models.CharField(max_length=10, choices=Subject)
    every = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_EVERY)])
    unit = models.CharField(max_length=10, choices=Unit)
    since = models.DateField(help_text="From which day the first is counted.")
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="+", help_text="That says so."
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RhythmQuerySet.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreement=None, operation__isnull=False) | Q(agreement__isnull=False, operation=None),
                name="rhythm_of_an_agreement_or_operation",
            ),
            models.CheckConstraint(condition=Q(every__gte=1, every__lte=MOST_EVERY), name="rhythm_every_one_or_more"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="rhythm_ended_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["agreement", "subject"],
                condition=Q(ended_at=None, agreement__isnull=False),
                name="rhythm_once_of_an_agreement",
            ),
            models.UniqueConstraint(
                fields=["operation", "subject"],
                condition=Q(ended_at=None, operation__isnull=False),
                name="rhythm_once_of_an_operation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.words}"

    @property
    def words(self) -> str:
        """As “every 3 months”."""
        return f"every {self.unit.removesuffix('s')}" if self.every == 1 else f"every {self.every} {self.unit}"


class Kept(models.Model):
    """A day on which the plan was reviewed. That a board met, its meetings tell."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    rhythm = models.ForeignKey(Rhythm, models.CASCADE, related_name="kept")
    on = models.DateField()
    noted_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name_plural = "kept"
        constraints = [models.UniqueConstraint(fields=["rhythm", "on"], name="rhythm_kept_once_a_day")]

    def __str__(self) -> str:
        return str(self.on)
