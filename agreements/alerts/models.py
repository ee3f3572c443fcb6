"""What needs somebody, and what became of a record that somebody opened. Neither holds content."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.alerts import kinds
from agreements.alerts.choices import Certainty, Severity, Urgency
from agreements.alerts.querysets import AlertQuerySet
from agreements.register.models import Agreement
from agreements.sharing.choices import Recalled
from agreements.sharing.models import Record


class Alert(models.Model):
    """Something one officer should know or do: a kind, a subject and an instant, never content.

    Its line is worked out at reading, and only while the recipient may see the subject; until then, and after, it
    is as if it did not exist (R13, R17). One row for each kind, key and recipient, however often it is raised.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200, help_text="Of the occurrence: raised again, it has no second effect.")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="alerts")
    record = models.ForeignKey(Record, models.CASCADE, null=True, blank=True, related_name="alerts")
    agreement = models.ForeignKey(Agreement, models.CASCADE, null=True, blank=True, related_name="alerts")
    subject = models.CharField(max_length=80, blank=True, help_text="A key or code of anything else, never content.")
    urgency = models.CharField(max_length=9, choices=Urgency)
    severity = models.CharField(max_length=9, choices=Severity, default=Severity.UNKNOWN)
    certainty = models.CharField(max_length=9, choices=Certainty, default=Certainty.OBSERVED)
    exercise = models.BooleanField(default=False, help_text="Marked as an exercise; never leaves for a real channel.")
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(
        null=True, blank=True, help_text="Cancelled, or another said it anew: nothing of it stands any more."
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["appointment", "kind", "key"], name="alert_once_per_recipient"),
        ]
        indexes = [
            models.Index(fields=["appointment", "-created_at", "-id"], name="alert_inbox"),
            models.Index(
                fields=["appointment"], name="alert_unread", condition=Q(seen_at__isnull=True, done_at__isnull=True)
            ),
            models.Index(fields=["kind", "key"], name="alert_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def reference(self) -> str:
        """What a mail calls it: the random tail of the key, which counts nothing (R17)."""
        return self.pk.hex[-8:].upper()

    @property
    def sheet(self) -> kinds.AlertKind:
        return kinds.get(self.kind)

    @property
    def line(self) -> str:
        """One sentence. Only for who may see the subject now."""
        return self.sheet.line(self)

    @property
    def change_set(self) -> str:
        """What it has in common with others that tell of the same: the subject, and the day (UTC) of telling."""
        about = self.record_id or self.agreement_id or self.subject or self.pk
        return f"{about}:{self.created_at:%Y-%m-%d}"

    @property
    def is_unread(self) -> bool:
        return self.seen_at is None and self.done_at is None


class Recall(models.Model):
    """What an alert tells who opened a record that was withdrawn, reclassified or corrected since (R16).

    The record's reference and what became of it: readable although the record is hidden by now, so it stands here
    and not behind the door, and there is neither title nor content in it.
    """

    alert = models.OneToOneField(Alert, models.CASCADE, primary_key=True, related_name="recall")
    record = models.ForeignKey(Record, models.CASCADE, related_name="recalls")
    reference = models.CharField(max_length=20)
    kind = models.CharField(max_length=30, help_text="The record's kind.")
    owner = models.ForeignKey(Agency, models.PROTECT, related_name="+", help_text="Whose duty desk answers questions.")
    what = models.CharField(max_length=12, choices=Recalled)
    at = models.DateTimeField(help_text="When that was.")
    opened_at = models.DateTimeField(help_text="When the recipient opened it last, before that.")

    class Meta:
        indexes = [models.Index(fields=["record"], name="recall_record")]

    def __str__(self) -> str:
        return f"{self.reference} {self.what}"
