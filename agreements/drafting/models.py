"""What is known of a draft beside its text: who began it, who else writes, what was looked at, what was asked for."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.drafting.choices import OPEN, State
from agreements.register.models import Agreement


class Draft(models.Model):
    """Beside the agreement, while it is a draft and after: who began it and who changed it last."""

    agreement = models.OneToOneField(Agreement, models.CASCADE, primary_key=True, related_name="draft")
    started_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    changed_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Draft of {self.agreement}"


class Share(models.Model):
    """A colleague who works on it too, or an agency invited to read it and to fill in these tasks (R23)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="draft_shares")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    tasks = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    shared_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["shared_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(appointment=None, agency__isnull=False) | Q(appointment__isnull=False, agency=None),
                name="draft_share_with_one",
            ),
            models.UniqueConstraint(fields=["agreement", "appointment"], name="draft_shared_once_with_officer"),
            models.UniqueConstraint(fields=["agreement", "agency"], name="draft_shared_once_with_agency"),
        ]

    def __str__(self) -> str:
        return str(self.appointment or self.agency)


class Mark(models.Model):
    """That somebody looked at a task, and called it done with what it held then (`digest`)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="draft_marks")
    task = models.CharField(max_length=40)
    looked_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "task"], name="draft_task_marked_once")]

    def __str__(self) -> str:
        return self.task


class Submission(models.Model):
    """A request to put the draft to its parties, as it is (`digest`), on a day: approved by a second officer (R22)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="submissions")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    digest = models.CharField(max_length=64)
    put_on = models.DateField(null=True, blank=True, help_text="In the agreement's zone. Empty: once approved.")
    asked_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=300, blank=True, help_text="For the second officer.")
    decided_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True, help_text="Why it was sent back, or came to nothing.")
    ended_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(state__in=["waiting", "approved"]), name="one_open_submission"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent_back") | Q(decided_by__isnull=False), name="submission_sent_back_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} ({self.get_state_display()})"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def put_at(self) -> datetime | None:
        """00:00 of its day in the agreement's zone."""
        if self.put_on is None:
            return None
        day = self.put_on
        return datetime(day.year, day.month, day.day, tzinfo=self.agreement.zone)
