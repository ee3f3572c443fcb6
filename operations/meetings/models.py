"""A meeting: a record of the agency that calls it, with its circle, and the answers of those who attend (R5, R23)."""

from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.register.models import Agreement
from agreements.sharing.models import Circle, Record
from operations.meetings.choices import DEFAULT_REMINDERS, Answer, MeetingState
from operations.meetings.querysets import MeetingQuerySet


def default_reminders() -> list[int]:
    return list(DEFAULT_REMINDERS)


class Meeting(models.Model):
    """When, where, what about. Its title, zone and operation are its record's."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="meeting")
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True, related_name="meetings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=300, blank=True)
    agenda = models.TextField(blank=True)
    reminders = ArrayField(models.PositiveIntegerField(), default=default_reminders, help_text="Minutes before.")
    sequence = models.PositiveIntegerField(default=0, help_text="RFC 5545: of the last significant change.")
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.CALLED)
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "record_id"]
        indexes = [models.Index(fields=["starts_at", "record"], name="meeting_agenda")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_end_after_start"),
        ]

    def __str__(self) -> str:
        return self.record.title

    @property
    def circle(self) -> Circle:
        return self.record.circle

    @property
    def caller(self) -> Agency:
        return self.record.owner

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.record.zone)

    @property
    def version(self) -> int:
        return self.record.version


class Reply(models.Model):
    """One officer's answer. It reaches the meeting's owner by the act itself, and nobody else (R5)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="replies")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["answered_at"]
        verbose_name_plural = "replies"
        constraints = [models.UniqueConstraint(fields=["meeting", "appointment"], name="reply_once_per_officer")]
