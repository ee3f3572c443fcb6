"""A proposed correction: what a receiver holds to be wrong in another agency's record (R21)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.corrections.lifecycle import CorrectionState
from agreements.corrections.querysets import CorrectionQuerySet
from agreements.sharing.models import Record

CLOSED = [state.value for state in CorrectionState if state != CorrectionState.OPEN]


class Correction(models.Model):
    """An answer to a record that one can see: it reaches the record's owner by the act itself, nobody else (R5).

    It carries neither category nor marking of its own: it is read under its record's, and only with the record.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="corrections")
    proposed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    record_version = models.PositiveIntegerField(help_text="The record's version that the proposer read.")
    wrong = models.TextField(help_text="What is wrong in the record.")
    instead = models.TextField(help_text="What it should say, and how one knows.")
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.OPEN)
    answered_by = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who accepted or declined it; of one withdrawn, who withdrew it.",
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-id"]
        indexes = [
            models.Index(fields=["record", "-proposed_at"], name="correction_record"),
            models.Index(fields=["-proposed_at", "-id"], name="correction_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CorrectionState.OPEN.value, answered_by=None, answered_at=None, answer="")
                | Q(state__in=CLOSED, answered_by__isnull=False, answered_at__isnull=False),
                name="correction_open_or_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.DECLINED.value) | ~Q(answer=""),
                name="correction_declined_with_a_reason",
            ),
            models.CheckConstraint(condition=~Q(wrong="") & ~Q(instead=""), name="correction_says_what_and_why"),
        ]

    def __str__(self) -> str:
        return f"Correction of {self.record.reference}"

    @property
    def is_overtaken(self) -> bool:
        """Whether the record was changed since the proposer read it."""
        return self.record.version != self.record_version
