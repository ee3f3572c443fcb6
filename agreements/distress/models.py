"""A call of danger to life (R24). It is no record: it has no title, no category, no clause, and names nobody."""

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.limits import PHONE
from agencies.directory.models import Agency, Appointment, new_key
from agreements.distress.choices import CallState, Nature
from agreements.distress.querysets import HOUR, DistressCallQuerySet


class DistressCall(models.Model):
    """Nature, position and a call-back number, sent to the duty desks of neighbours for one hour.

    The reason and the review are read by the sender's agency alone. Degrees are WGS 84.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    nature = models.CharField(max_length=10, choices=Nature)
    latitude = models.FloatField(validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(validators=[MinValueValidator(-180), MaxValueValidator(180)])
    place = models.CharField(max_length=120, blank=True)
    call_back = models.CharField(max_length=40, validators=[PHONE])
    reason = models.CharField(max_length=500)
    sent_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    after = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="again", help_text="The call that this one repeats."
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    justified = models.BooleanField(null=True, blank=True)
    review = models.CharField(max_length=500, blank=True)

    objects = DistressCallQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="distress_is_on_earth"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, justified=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, justified__isnull=False),
                name="distress_reviewed_or_not",
            ),
        ]
        indexes = [models.Index(fields=["-sent_at", "-id"], name="distress_newest")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} {self.reference}"

    @property
    def reference(self) -> str:
        """What officers call it on the telephone: the random tail of the key, which counts nothing (R17)."""
        return self.pk.hex[-8:].upper()

    @property
    def until(self) -> datetime:
        """Until when receivers read it: one hour at most, less when it was declared over."""
        return self.ended_at or self.sent_at + HOUR

    def state_at(self, at: datetime) -> CallState:
        if self.ended_at:
            return CallState.OVER
        return CallState.LIVE if at < self.until else CallState.PASSED


class Addressee(models.Model):
    """An agency whose duty desk got the call, and who there acts on it."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    call = models.ForeignKey(DistressCall, models.CASCADE, related_name="addressees")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    acknowledged_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["agency__country_id", "agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["call", "agency"], name="distress_once_per_agency"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="distress_acknowledged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)


class Reading(models.Model):
    """That an officer of a receiver read the position and the number: once each, and the ledger has it too."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    call = models.ForeignKey(DistressCall, models.CASCADE, related_name="readings")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "appointment"], name="distress_read_once_per_officer"),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} read {self.call_id}"
