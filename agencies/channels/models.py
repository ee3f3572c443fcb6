"""How an agency is reached beside its duty desk: dated, kept by its admin, shown to partners (R18)."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.channels.choices import Encryption, Means, Weekday
from agencies.channels.querysets import CommunicationChannelQuerySet
from agencies.directory.models import Agency, Appointment, new_key


class CommunicationChannel(models.Model):
    """One means of talking with an agency. Never edited: a change is the end of one and a new one.

    Hours are those of the agency's zone; one that opens later than it closes runs over midnight. Days begin at 00:00
    in the agency's zone, and `ends_on` is the last day.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="communication_channels")
    means = models.CharField(max_length=20, choices=Means)
    system = models.CharField(max_length=80, blank=True, help_text="The network or system, as both sides name it.")
    band = models.CharField(max_length=40, blank=True, help_text="Of a radio.")
    talk_group = models.CharField(max_length=60, blank=True, help_text="Of a radio.")
    address = models.CharField(max_length=200, blank=True, help_text="Number, mailbox or identifier.")
    encryption = models.CharField(max_length=12, choices=Encryption, default=Encryption.NONE)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(choices=Weekday), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    note = models.CharField(max_length=300, blank=True)
    invented = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommunicationChannelQuerySet.as_manager()

    class Meta:
        ordering = ["agency_id", "means", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="communication_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None) | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="communication_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.get_means_display(), self.system, self.talk_group) if part)

    def is_in_effect(self, at: datetime) -> bool:
        """Whether it is there on that day at all; whether somebody answers now, its hours say."""
        if self.recorded_at > at or (self.ended_at is not None and self.ended_at <= at):
            return False
        day = at.astimezone(self.agency.zone).date()
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def hours(self) -> str:
        """For people: "08:00–18:00, Monday to Friday"."""
        days = sorted(self.weekdays)
        span = f"{self.opens_at:%H:%M}–{self.closes_at:%H:%M}" if self.opens_at and self.closes_at else "day and night"
        return f"{span}, {_days(days)}" if days and len(days) < 7 else span


def _days(days: list[int]) -> str:
    labels = [str(Weekday(day).label) for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{labels[0]} to {labels[-1]}"
    return ", ".join(labels)
