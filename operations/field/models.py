"""What came in from devices: receipts, what waits in quarantine, second versions; and the crossing log."""

import secrets
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country, Officer, new_key
from agreements.powers.choices import Occasion
from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.field.choices import (
    Flag,
    ItemKind,
    PositionMethod,
    QuarantineCause,
    QuarantineState,
    ReceiptState,
    SignalKind,
    VersionState,
)
from operations.field.querysets import (
    CrossingQuerySet,
    PauseQuerySet,
    QuarantinedQuerySet,
    SignalQuerySet,
    ToldQuerySet,
    VersionQuerySet,
)
from operations.patrols.choices import ObservationType
from operations.patrols.models import Leg


class Receipt(models.Model):
    """That an item of a device was received, once: the same item again is answered the same (ADR 0031).

    It belongs to the officer, not to an appointment, and is kept for good: a tablet may lie in a drawer for a year.
    `record` is a key and no foreign key, for the receipt stays when the record is not the officer's to see any more.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.UUIDField(help_text="The key that the device made.")
    kind = models.CharField(max_length=20, choices=ItemKind)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the item as it was sent.")
    state = models.CharField(max_length=12, choices=ReceiptState)
    record = models.UUIDField(null=True, blank=True, help_text="Key of the record that it made or changed.")
    reference = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True, help_text="Of an entry, as it stood with the item.")
    held = models.BooleanField(default=False, help_text="Whether it was held when it was received (R6).")
    flags = ArrayField(models.CharField(max_length=10, choices=Flag), default=list, blank=True)
    device = models.UUIDField()
    happened_at = models.DateTimeField(help_text="By the device's clock.")
    made_at = models.DateTimeField(help_text="By the device's clock.")
    sent_at = models.DateTimeField(help_text="By the device's clock.")
    received_at = models.DateTimeField(default=timezone.now, help_text="By the server's clock.")
    drift_ms = models.BigIntegerField(help_text="Server minus device, milliseconds; of what came by hand, 0.")
    carried_by = models.ForeignKey(
        Appointment, models.PROTECT, null=True, blank=True, related_name="+", help_text="Who brought it in by hand."
    )

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["officer", "item"], name="receipt_once_per_officer_and_item")]
        indexes = [models.Index(fields=["record"], name="receipt_of_record", condition=Q(record__isnull=False))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"

    @property
    def drift(self) -> timedelta:
        return timedelta(milliseconds=self.drift_ms)


def random_name(row: "Quarantined", name: str) -> str:
    """A name that tells nothing, whatever the file was called."""
    key = secrets.token_hex(16)
    return f"quarantine/{key[:2]}/{key}"


class Quarantined(models.Model):
    """An item that nobody with a right to it sent: it waits for a supervisor of the agency."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="quarantined")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", help_text="For which the officer last acted.")
    cause = models.CharField(max_length=16, choices=QuarantineCause)
    item = models.JSONField(help_text="As it was sent.")
    file = models.FileField(upload_to=random_name, max_length=80, blank=True, help_text="Of a photograph.")
    state = models.CharField(max_length=10, choices=QuarantineState, default=QuarantineState.WAITING)
    decided_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = QuarantinedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "quarantined"
        indexes = [models.Index(fields=["agency", "state"], name="quarantined_of_agency")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
                name="quarantined_decided_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt.get_kind_display()} ({self.get_state_display()})"


class Version(models.Model):
    """Words of an entry, or the track of a leg, beside those that stand: nothing is overwritten (R21).

    One that waits was made on a version that a colleague had changed meanwhile: a person decides. One that was
    replaced is kept as it was.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="versions")
    based_on = models.PositiveIntegerField(help_text="The version of the record that it was made on.")
    type = models.CharField(max_length=12, choices=ObservationType, blank=True)
    text = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    values = models.JSONField(null=True, blank=True, help_text="Of an entry whose type has fields.")
    track = models.JSONField(null=True, blank=True, help_text="Of a leg: the track as it would be kept.")
    device = models.UUIDField(null=True, blank=True, help_text="Of a track: it grows with what that device sends.")
    made_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(help_text="When it was written, as far as clocks can be trusted.")
    recorded_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.WAITING)
    decided_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    entry = models.UUIDField(null=True, blank=True, help_text="Key of the entry of its own that it became.")

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(fields=["record", "state"], name="version_of_record")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "earlier"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="version_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, on version {self.based_on}"


class Pause(models.Model):
    """A stretch of a leg in which the team rests: not counted as effort."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    leg = models.ForeignKey(Leg, models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["leg"], condition=Q(ended_at=None), name="pause_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="pause_end_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"Pause from {self.started_at:%H:%MZ}"


class Crossing(Detail):
    """A team's stay on partner territory: the logging agency's own record, hosted by the patrol (R23).

    Where it entered is the record's position, when is its time. `limits` are those of the powers card at that
    instant; what counts afterwards, the card of the day says.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="crossing")
    territory = models.ForeignKey(Country, models.PROTECT, related_name="+")
    basis = models.CharField(max_length=14, choices=Occasion)
    place = models.CharField(max_length=200, blank=True)
    notified = models.CharField(max_length=200, blank=True, help_text="Whom, by function or desk. Name no person.")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_latitude = models.FloatField(null=True, blank=True)
    left_longitude = models.FloatField(null=True, blank=True)
    left_place = models.CharField(max_length=200, blank=True)
    limits = models.JSONField(default=list, help_text="Lines of the powers card for the basis, as they were then.")

    objects = CrossingQuerySet.as_manager()

    class Meta:
        ordering = ["entered_at", "record_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("entered_at")), name="crossing_left_after_entered"
            ),
            models.CheckConstraint(
                condition=Q(left_latitude=None, left_longitude=None)
                | Q(left_latitude__range=(-90, 90), left_longitude__range=(-180, 180)),
                name="crossing_left_on_earth",
            ),
        ]

    @property
    def until(self) -> datetime | None:
        """When the shortest limit in time runs out; None where none was ruled."""
        seconds = [line["seconds"] for line in self.limits if line.get("seconds") is not None]
        return self.entered_at + timedelta(seconds=min(seconds)) if seconds else None

    @property
    def is_over_limit(self) -> bool:
        """Whether it lasts, or lasted, longer than the shortest limit in time."""
        return self.until is not None and (self.left_at or timezone.now()) > self.until


class Told(models.Model):
    """What a device told beside an entry or a crossing: how it came by the place, and why another time was given.

    `at` is the device's clock as it stood; the record's own time is by the server's.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="told")
    at = models.DateTimeField(help_text="When it happened, by the device's clock.")
    drift_ms = models.BigIntegerField(help_text="Server minus device at the sending, milliseconds.")
    method = models.CharField(max_length=12, choices=PositionMethod, blank=True)
    accuracy_m = models.PositiveIntegerField(null=True, blank=True, help_text="Metres, as the device told.")
    time_reason = models.CharField(max_length=300, blank=True, help_text="Why another time than the tap's.")

    objects = ToldQuerySet.as_manager()

    class Meta:
        ordering = ["record_id"]
        verbose_name_plural = "told"

    def __str__(self) -> str:
        return self.get_method_display() or "Without a place"

    @property
    def drift(self) -> timedelta:
        return timedelta(milliseconds=self.drift_ms)


class Signal(models.Model):
    """A check-in of a team, or its call for help. Of the own agency alone.

    `patrol` is a key and no foreign key: who is in danger is heard though the patrol is hidden by now.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    kind = models.CharField(max_length=10, choices=SignalKind)
    patrol = models.UUIDField(null=True, blank=True)
    sent_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy_m = models.PositiveIntegerField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, help_text="When the next check-in is due.")

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["patrol", "-at"], name="signal_of_patrol")]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="signal_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at:%H:%MZ}"
