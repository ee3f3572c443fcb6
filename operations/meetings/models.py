"""A meeting: a record of the agency that calls it, with its circle, and the answers of those who attend (R5, R23)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.register.models import Agreement
from agreements.sharing.details import Detail
from agreements.sharing.models import Circle, Record
from operations.meetings.choices import DEFAULT_REMINDERS, Answer, MeetingKind, MeetingState, SeatRole
from operations.meetings.querysets import MeetingQuerySet, MeetingTimeQuerySet


def default_reminders() -> list[int]:
    return list(DEFAULT_REMINDERS)


class Meeting(Detail):
    """When, where, what about. Its title, zone and operation are its record's.

    `starts_at` and `ends_at` are those of the first of its times; `over_at` is the end of the last that takes place.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="meeting")
    kind = models.CharField(max_length=12, choices=MeetingKind, default=MeetingKind.COORDINATION)
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True, related_name="meetings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    over_at = models.DateTimeField()
    rule = models.CharField(max_length=300, blank=True, help_text="How it recurs (RFC 5545, RRULE). Empty: once.")
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=300, blank=True)
    agenda = models.TextField(blank=True)
    reminders = ArrayField(models.PositiveIntegerField(), default=default_reminders, help_text="Minutes before.")
    quorum = models.PositiveSmallIntegerField(null=True, blank=True, help_text="So many agencies must be there.")
    sequence = models.PositiveIntegerField(default=0, help_text="RFC 5545: of the last significant change.")
    changed_at = models.DateTimeField(default=timezone.now, help_text="Of the last change that calendars show.")
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.CALLED)
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "record_id"]
        indexes = [
            models.Index(fields=["starts_at", "record"], name="meeting_agenda"),
            models.Index(fields=["over_at"], name="meeting_over"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_end_after_start"),
            models.CheckConstraint(
                condition=Q(over_at__gte=F("ends_at")) | ~Q(rule=""), name="meeting_over_at_its_end"
            ),
        ]

    @property
    def circle(self) -> Circle:
        return self.record.circle

    @property
    def caller(self) -> Agency:
        return self.record.owner

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.record.zone)


class MeetingTime(models.Model):
    """One time at which a meeting takes place: what its own zone's wall clock shows, and the instant that this is.

    `planned_day` and `planned_clock` are what its rule gave: they name it for life (RFC 5545, RECURRENCE-ID), also when
    it was moved.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="times")
    planned_day = models.DateField()
    planned_clock = models.TimeField()
    day = models.DateField(help_text="On the wall clock of the meeting's zone.")
    clock = models.TimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.CALLED)
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = MeetingTimeQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["starts_at", "id"], name="meeting_time_agenda")]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "planned_day", "planned_clock"], name="meeting_time_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_time_end_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.clock:%H:%M}"

    @property
    def planned(self) -> datetime:
        """On the wall clock of the meeting's zone."""
        return datetime.combine(self.planned_day, self.planned_clock)

    @property
    def local(self) -> datetime:
        return datetime.combine(self.day, self.clock)

    @property
    def moved(self) -> bool:
        return self.local != self.planned

    @property
    def takes_place(self) -> bool:
        return self.state == MeetingState.CALLED and self.meeting.state == MeetingState.CALLED


class Seat(models.Model):
    """What an agency is at the meeting for: its caller says so. An agency without a seat may come."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=SeatRole)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "agency"], name="meeting_seat_once")]


class Presence(models.Model):
    """Which agency was there at one time of a meeting, as its caller noted."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    time = models.ForeignKey(MeetingTime, models.CASCADE, related_name="presences")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "presences"
        constraints = [models.UniqueConstraint(fields=["time", "agency"], name="meeting_presence_once")]


class AgendaItem(models.Model):
    """One thing to talk about, in its order. `source` names what put it there by itself: once for each."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    minutes = models.PositiveSmallIntegerField(default=0, help_text="How long it takes. 0: not said.")
    presenter = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=100, blank=True, help_text="A key, never content.")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position", "added_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "source"], condition=~Q(source=""), name="meeting_agenda_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class MeetingPaper(models.Model):
    """A record laid before a meeting. It opens nothing: it is listed only for who sees the record anyhow (R5)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="papers")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "record"], name="meeting_paper_once")]


class PersonalLead(models.Model):
    """How long before a meeting one officer wants to be reminded, instead of the meeting's own lead times."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="personal_leads")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    minutes = ArrayField(models.PositiveIntegerField(), help_text="Minutes before. Empty: never.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "appointment"], name="meeting_lead_once")]


class Invitation(models.Model):
    """The calendar mail to one officer: which state of the meeting went out last. Its key is part of the address that
    answers come to."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    sent_method = models.CharField(max_length=8, blank=True, help_text="REQUEST or CANCEL: of the last mail.")
    sent_sequence = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0, help_text="How many went out.")
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "appointment"], name="meeting_invitation_once")]


class CalendarFeed(models.Model):
    """The address of one officer's calendar: shown once, kept as a digest, revoked at will."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="calendar_feeds")
    name = models.CharField(max_length=60, help_text="Of the device or program that reads it.")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.name


class Reply(models.Model):
    """One officer's answer. It reaches the meeting's owner by the act itself, and nobody else (R5)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="replies")
    time = models.ForeignKey(
        MeetingTime, models.CASCADE, null=True, blank=True, related_name="replies", help_text="Of this one alone."
    )
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["answered_at", "id"]
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "appointment", "time"], nulls_distinct=False, name="reply_once_per_officer"
            ),
        ]
