"""Calls for assistance, what each agency that was asked answers, and where the desks are that come."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.limits import PHONE
from agencies.directory.models import Agency, Appointment, new_key
from agreements.distress.models import DistressCall
from agreements.register.models import Clause
from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.response import choices as words
from operations.response.querysets import AskedQuerySet, AssistanceQuerySet, DeskQuerySet


class AssistanceCall(Detail):
    """Assistance is needed at a place: a record of its own, hosted by the incident, so that asking for help tells of
    the incident nothing but what is written here. Place, operation and marking are its record's.

    `distress`: the call of danger to life that went, without an article, to those that no clause lets be asked (R24).
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="assistance")
    situation = models.CharField(max_length=10, choices=words.Situation)
    needed = models.CharField(max_length=300, help_text="Who or what should come.")
    place = models.CharField(max_length=120, blank=True)
    call_back = models.CharField(max_length=40, validators=[PHONE])
    distress = models.ForeignKey(DistressCall, models.PROTECT, null=True, blank=True, related_name="+")
    ending = models.CharField(max_length=12, choices=words.Ending, blank=True)
    ending_words = models.CharField(max_length=300, blank=True)
    ended_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ending="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ending="")),
                name="assistance_ended_when_and_why",
            ),
        ]

    @property
    def state(self) -> str:
        return "live" if self.ended_at is None else "over"


class Asked(models.Model):
    """An agency whose duty desk was asked, by which article, and its answer (R5). `clause` is why it may be asked; the
    release of the call says by which article it reads the call."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    call = models.ForeignKey(AssistanceCall, models.PROTECT, related_name="asked")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    desk = models.CharField(max_length=80, blank=True, help_text="The desk in reach that was found.")
    distance_km = models.PositiveIntegerField(null=True, blank=True)
    asked_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=words.AskedState, default=words.AskedState.ASKED)
    answered_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    means = models.CharField(max_length=200, blank=True, help_text="With what they come.")
    expected_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why they cannot.")
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrival_told_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AskedQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "agency__country_id", "agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["call", "agency"], name="asked_once_per_agency"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_by=None, answered_at=None)
                | (~Q(state="asked") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="asked_answered_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="asked_declined_with_a_reason"),
            models.CheckConstraint(
                condition=(~Q(state__in=["accepted", "arrived"])) | (~Q(means="") & Q(expected_at__isnull=False)),
                name="asked_accepted_with_what_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state="arrived", arrived_at__isnull=False, arrival_told_by__isnull=False)
                | (~Q(state="arrived") & Q(arrived_at=None, arrival_told_by=None)),
                name="asked_arrived_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short}: {self.get_state_display()}"

    @property
    def record(self) -> Record:
        return self.call.record

    @property
    def record_id(self) -> uuid.UUID:
        return self.call_id


class Desk(models.Model):
    """From where an agency's people come when they are called: a place, how far they go, and whom to ring.

    Degrees are WGS 84; `reach_km` is as the crow flies.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    telephone = models.CharField(max_length=40, blank=True, validators=[PHONE])
    latitude = models.FloatField(validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(validators=[MinValueValidator(-180), MaxValueValidator(180)])
    reach_km = models.PositiveIntegerField()
    set_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = DeskQuerySet.as_manager()

    class Meta:
        ordering = ["agency__name", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="desk_is_on_earth"
            ),
            models.UniqueConstraint(
                fields=["agency", "name"], condition=Q(closed_at=None), name="desk_name_once_per_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.agency.short}"
