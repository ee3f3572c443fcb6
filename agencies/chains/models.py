"""Whom an agency wants told, one after the other, when nobody acts: steps with weekly hours and deputies."""

from collections import defaultdict
from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.chains.choices import DutyDay, StepKind
from agencies.chains.querysets import DutyStepQuerySet
from agencies.chains.week import NAMES, Shift
from agencies.directory.models import Agency, Appointment, new_key
from agencies.directory.roles import ROLE_CHOICES
from portal.clocks import weekdays

LONGEST_WAIT = 24 * 60


class DutyStep(models.Model):
    """One step of an agency's duty chain: who is told, in which hours, and how long the next step waits after it.

    Without hours it is on duty always. A post is told as whoever holds it or stands in for it then; where nobody does,
    the deputy is.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="duty_steps")
    position = models.PositiveSmallIntegerField(help_text="From 1: the first is told first.")
    kind = models.CharField(max_length=4, choices=StepKind)
    role = models.CharField(max_length=20, choices=ROLE_CHOICES, blank=True)
    post = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    deputy = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    wait = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WAIT)],
        help_text="Minutes until the next step is told.",
    )
    set_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+", editable=False)
    set_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DutyStepQuerySet.as_manager()

    class Meta:
        ordering = ["agency_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "position"],
                name="duty_step_once_at_a_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(kind="desk", role="", post=None, deputy=None)
                | (Q(kind="role", post=None, deputy=None) & ~Q(role=""))
                | Q(kind="post", role="", post__isnull=False),
                name="duty_step_names_what_its_kind_asks",
            ),
            models.CheckConstraint(condition=Q(deputy=None) | ~Q(deputy=F("post")), name="duty_step_deputy_is_another"),
            models.CheckConstraint(condition=Q(wait__range=(1, LONGEST_WAIT)), name="duty_step_waits_up_to_a_day"),
        ]

    def __str__(self) -> str:
        return f"Step {self.position}: {self.words}"

    @property
    def words(self) -> str:
        """Whom it tells, by function."""
        if self.kind == StepKind.ROLE:
            return f"every {self.get_role_display().lower()}"
        if self.kind == StepKind.POST and self.post is not None:
            return f"{self.post.function}, else {self.deputy.function}" if self.deputy else self.post.function
        return "duty desk"

    @property
    def hours_in_words(self) -> list[str]:
        """“Mon–Fri 07:00–19:00”, a line for each span; none where it is on duty always."""
        found: dict[tuple[time, time], list[int]] = defaultdict(list)
        for row in self.hours.all():
            found[row.starts, row.ends].append(row.day - 1)
        return [f"{weekdays(days)} {starts:%H:%M}–{ends:%H:%M}" for (starts, ends), days in found.items()]

    @property
    def shifts(self) -> list[Shift]:
        return [row.shift for row in self.hours.all()]


class DutyHours(models.Model):
    """Hours of a step on one day of the week, on the agency's clock. That end no later than they start: the day after."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    step = models.ForeignKey(DutyStep, models.CASCADE, related_name="hours")
    day = models.PositiveSmallIntegerField(choices=DutyDay)
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["day", "starts"]
        constraints = [
            models.UniqueConstraint(fields=["step", "day", "starts"], name="duty_hours_once"),
            models.CheckConstraint(condition=Q(day__range=(1, 7)), name="duty_hours_on_a_day"),
        ]

    def __str__(self) -> str:
        return f"{NAMES[self.day - 1]} {self.starts:%H:%M}–{self.ends:%H:%M}"

    @property
    def shift(self) -> Shift:
        return Shift(self.day, self.starts, self.ends)
