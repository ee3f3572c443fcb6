"""Serious incidents, and to whom they go."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.incidents import choices as words
from operations.incidents.querysets import SeriousQuerySet


class SeriousIncident(Detail):
    """Use of force, an injury, fundamental rights: told outside the chain of command, to those named for it (R21).

    Its record is RED: it is its author's and theirs whom the operation names, of the author's agency (R8).
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="serious")
    kind = models.CharField(max_length=10, choices=words.SeriousKind)
    account = models.TextField()
    taken_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    finding = models.TextField(blank=True)

    objects = SeriousQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="serious_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, finding="")
                | (Q(taken_at__isnull=False, closed_at__isnull=False) & ~Q(finding="")),
                name="serious_closed_with_a_finding",
            ),
        ]

    @property
    def state(self) -> str:
        if self.closed_at is not None:
            return "closed"
        return "open" if self.taken_at is None else "accepted"


class Concerned(models.Model):
    """An officer of the own agency whom a serious incident concerns: that officer changes nothing of it."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    serious = models.ForeignKey(SeriousIncident, models.PROTECT, related_name="concerned")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["serious", "appointment"], name="serious_concerns_once")]

    def __str__(self) -> str:
        return str(self.appointment)


class Recipient(models.Model):
    """Whom an operation names for serious incidents: an officer of one of its agencies, named by that agency."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    operation = models.ForeignKey(Record, models.CASCADE, related_name="serious_recipients")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    named_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["named_at", "id"]
        constraints = [models.UniqueConstraint(fields=["operation", "appointment"], name="serious_recipient_once")]

    def __str__(self) -> str:
        return str(self.appointment)
