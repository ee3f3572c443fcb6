"""A patrol is a record of the agency that plans it; each leg and observation is one of its logging agency (R23)."""

import base64
import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country, new_key
from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.patrols import lifecycle, resting
from operations.patrols.choices import OVERDUE_ICON, STATE_ICONS, TYPE_ICONS, ObservationType, PatrolState
from operations.patrols.querysets import LegQuerySet, ObservationQuerySet, PatrolQuerySet
from operations.patrols.recordings import Fixes, unpack
from operations.types.models import Filled


class Patrol(Detail):
    """A joint patrol. Its state is its owner's; where it meets is the record's position."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="patrol")
    objective = models.TextField()
    starts_at = models.DateTimeField(help_text="Planned.")
    ends_at = models.DateTimeField(help_text="Planned.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    meeting_point = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=PatrolState, default=PatrolState.PLANNED)
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = PatrolQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-record_id"]
        indexes = [
            models.Index(fields=["-starts_at", "-record"], name="patrol_newest"),
            models.Index(
                fields=["state", "ends_at"],
                name="patrol_open",
                condition=Q(state__in=[PatrolState.PLANNED.value, PatrolState.ACTIVE.value]),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="patrol_planned_end_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="patrol_end_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"], started_at=None, ended_at=None)
                | Q(state="active", started_at__isnull=False, ended_at=None)
                | Q(state="ended", started_at__isnull=False, ended_at__isnull=False),
                name="patrol_state_agrees_with_times",
            ),
        ]

    @property
    def overdue(self) -> bool:
        """Whether it is overdue now."""
        return lifecycle.is_overdue(self.state, self.starts_at, self.ends_at, timezone.now())

    @property
    def state_icon(self) -> str:
        return OVERDUE_ICON if self.overdue else STATE_ICONS[PatrolState(self.state)]

    @property
    def state_word(self) -> str:
        return "Overdue" if self.overdue else self.get_state_display()


class Team(models.Model):
    """One agency's part in a patrol. Members are told by number and function, never by name (R18)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    patrol = models.ForeignKey(Patrol, models.CASCADE, related_name="teams")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    leader = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    strength = models.PositiveSmallIntegerField(default=2, help_text="How many officers.")
    functions = models.CharField(max_length=200, blank=True)
    vehicles = models.CharField(max_length=200, blank=True)
    radio_channel = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["patrol", "agency__country_id", "agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["patrol", "agency"], name="team_once_per_agency"),
            models.CheckConstraint(condition=Q(strength__range=(1, 200)), name="team_has_members"),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short}, {self.strength}"


class Leg(Detail):
    """A team's stretch of a patrol in one territory: its contributor's own record, hosted by the patrol (R23)."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="leg")
    territory = models.ForeignKey(Country, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    # How long it rested until now: asked for when it is first needed, for a list by `resting.load`.
    rested: timedelta | None = None

    objects = LegQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "record_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="leg_end_after_start"
            ),
        ]

    @property
    def duration(self) -> timedelta:
        """From start to end, or until now while it runs, without its pauses."""
        resting.load([self])
        return max((self.ended_at or timezone.now()) - self.started_at - (self.rested or timedelta()), timedelta())


class Track(models.Model):
    """Where a leg went. Thinned for the map; length and duration are those of the whole recording."""

    leg = models.OneToOneField(Leg, models.CASCADE, primary_key=True, related_name="track")
    lines = models.JSONField(help_text="Coordinates of a GeoJSON MultiLineString: longitude, latitude.")
    times = models.JSONField(help_text="Unix seconds or null, one for each coordinate, by line.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file as it was sent.")
    point_count = models.PositiveIntegerField(help_text="Points in the file.")
    length_m = models.FloatField(help_text="Metres, by haversine over all points that are no outliers.")
    outliers = models.PositiveIntegerField(
        default=0, help_text="Points that only a jump of the receiver can have made."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()
    imported_at = models.DateTimeField(default=timezone.now)
    imported_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    south__gte=-90,
                    north__lte=90,
                    west__gte=-180,
                    east__lte=180,
                    south__lte=F("north"),
                    west__lte=F("east"),
                ),
                name="track_is_on_earth",
            ),
            models.CheckConstraint(condition=Q(length_m__gte=0), name="track_length_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.length_m / 1000:.1f} km"

    @property
    def bounds(self) -> list[float]:
        """West, south, east, north, in degrees, as in GeoJSON."""
        return [self.west, self.south, self.east, self.north]

    @property
    def packed(self) -> str:
        """The recording as a reading has it, in base64; empty for a track of before there were recordings."""
        row = Recording.objects.filter(track=self.pk).first()
        return base64.b64encode(row.packed).decode() if row else ""

    @property
    def duration(self) -> timedelta | None:
        if self.started_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.started_at


class Recording(models.Model):
    """Every fix of a track, packed (`recordings`): for exports, and for the map when one looks closely."""

    track = models.OneToOneField(Track, models.CASCADE, primary_key=True, related_name="recording")
    packed = models.BinaryField()

    def __str__(self) -> str:
        return f"Recording of {len(self.packed)} bytes"

    @property
    def fixes(self) -> Fixes:
        return unpack(bytes(self.packed))


class Observation(Detail):
    """An entry of the log: its contributor's own record, hosted by the patrol. When and where are the record's."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="observation")
    leg = models.ForeignKey(Leg, models.PROTECT, null=True, blank=True, related_name="observations")
    type = models.CharField(max_length=12, choices=ObservationType)
    text = models.TextField()
    accuracy_m = models.PositiveIntegerField(null=True, blank=True, help_text="Metres, as the device told.")
    promoted_to = models.ForeignKey(Record, models.PROTECT, null=True, blank=True, related_name="promoted_observations")

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["record__occurred_at", "record_id"]

    @property
    def occurred_at(self) -> datetime:
        return self.record.occurred_at

    @property
    def filled(self) -> Filled | None:
        """What it is filled in with, where its operation has types of its own (ADR 0034)."""
        return getattr(self.record, "filled", None)

    @property
    def word(self) -> str:
        """What it is, by its operation's word where that has one."""
        return self.filled.label() if self.filled else self.get_type_display()

    @property
    def icon(self) -> str:
        return TYPE_ICONS[ObservationType(self.type)]


def random_name(photo: "Photo", name: str) -> str:
    """A name that tells nothing, whatever the file was called."""
    key = secrets.token_hex(16)
    return f"photos/{key[:2]}/{key}.jpg"


class Photo(models.Model):
    """A photograph of an observation: drawn anew as JPEG, so that position and device data are gone."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    observation = models.ForeignKey(Observation, models.PROTECT, related_name="photos")
    image = models.FileField(upload_to=random_name, max_length=80)
    thumbnail = models.FileField(upload_to=random_name, max_length=80)
    width = models.PositiveIntegerField(help_text="Pixels.")
    height = models.PositiveIntegerField(help_text="Pixels.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the stored image.")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return f"Photograph {self.width} × {self.height}"
