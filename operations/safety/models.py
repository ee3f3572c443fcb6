"""Alarms of teams in the field, who was told of them, the timers that raise them, and when a legal basis fell away."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.distress.models import DistressCall
from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.field.models import Crossing, Signal
from operations.safety.choices import (
    CAUSE_ICONS,
    DESK_AFTER,
    NEIGHBOURS_AFTER,
    PARTNERS_AFTER,
    AlarmState,
    Cause,
    Result,
    Step,
)
from operations.safety.querysets import (
    AlarmQuerySet,
    AnswerQuerySet,
    FallQuerySet,
    LimitChangeQuerySet,
    NoticeQuerySet,
)


class Timer(models.Model):
    """How often a team checks in on a patrol, and how long its alarm waits before it is told further. Minutes.

    `patrol` is a key and no foreign key, as in signals: a team is looked for though the patrol is hidden by now.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    patrol = models.UUIDField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    every = models.PositiveSmallIntegerField(null=True, blank=True, help_text="None: the team checks in as it likes.")
    desk_after = models.PositiveSmallIntegerField(default=DESK_AFTER)
    partners_after = models.PositiveSmallIntegerField(default=PARTNERS_AFTER)
    neighbours_after = models.PositiveSmallIntegerField(default=NEIGHBOURS_AFTER, help_text="Of a call for help.")
    set_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patrol", "agency"], name="timer_once_per_team")]

    def __str__(self) -> str:
        return f"every {self.every} minutes" if self.every else "none"


class Alarm(models.Model):
    """A check-in was missed, or somebody calls for help: of the own agency alone. Partners read its notice."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    signal = models.OneToOneField(Signal, models.PROTECT, related_name="alarm")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=8, choices=Cause)
    raised_at = models.DateTimeField(default=timezone.now)
    neighbours_asked = models.BooleanField(default=False, help_text="The officer asked for neighbours at once.")
    acknowledged_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    call = models.ForeignKey(DistressCall, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-id"]
        indexes = [models.Index(fields=["agency", "-raised_at"], name="alarm_of_agency")]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alarm_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="alarm_closed_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}, {self.agency.short}"

    @property
    def state(self) -> AlarmState:
        if self.closed_at is not None:
            return AlarmState.CLOSED
        return AlarmState.OPEN if self.acknowledged_at is None else AlarmState.ACTED

    @property
    def since(self) -> datetime:
        """Since when nothing was heard, or when help was called."""
        return self.signal.next_at or self.signal.at

    @property
    def icon(self) -> str:
        return CAUSE_ICONS[Cause(self.cause)]


class Told(models.Model):
    """One step of an alarm: whom it was told to, or why nobody."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="steps")
    step = models.CharField(max_length=10, choices=Step)
    result = models.CharField(max_length=6, choices=Result)
    count = models.PositiveSmallIntegerField(default=0, help_text="Officers, of partners and neighbours agencies.")
    why = models.CharField(max_length=300, blank=True, help_text="Why nobody was told, in the portal's words.")
    by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["alarm", "step"], name="alarm_step_once")]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_result_display()}"


class Notice(Detail):
    """What partners on the patrol are told of an alarm: a record of the agency whose team it is, hosted by the patrol,
    that goes out by its standing order or by a tap (R6). Place and time are the record's; it names nobody."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="alarm_notice")
    alarm = models.OneToOneField(Alarm, models.PROTECT, related_name="notice")
    cause = models.CharField(max_length=8, choices=Cause)
    since = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]


class Answer(models.Model):
    """A partner's answer to a notice: it reaches its owner and nobody else (R5)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="answers")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    acts = models.BooleanField()
    words = models.CharField(max_length=200, blank=True, help_text="With what, and when. Name no person.")
    at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["notice", "agency"], name="notice_answered_once_per_agency")]

    def __str__(self) -> str:
        return f"{self.agency.short}: {'acts' if self.acts else 'cannot'}"


class LimitChange(models.Model):
    """The limits of a stay on partner territory from an instant on: the treaty changed while it lasted (R24)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    crossing = models.ForeignKey(Crossing, models.PROTECT, related_name="limit_changes")
    at = models.DateTimeField(default=timezone.now)
    limits = models.JSONField(help_text="Lines of the powers card for the basis, as they are from then on.")
    permitted = models.BooleanField(help_text="Whether any article still permits it.")

    objects = LimitChangeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["crossing", "-at"], name="limit_change_of_crossing")]

    def __str__(self) -> str:
        return "Limits changed" if self.permitted else "No article permits it any more"


class Fall(models.Model):
    """The legal basis of an operation fell away for an agency while a patrol was under way, as it was noticed (R24).

    What the basis is, is worked out at each reading: this keeps when the officers were told, and of what.
    `operation` is a key and no foreign key: it is hidden from partners by that.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    operation = models.UUIDField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    noticed_at = models.DateTimeField(default=timezone.now)
    over_at = models.DateTimeField(null=True, blank=True, help_text="It holds again, or no patrol is under way.")

    objects = FallQuerySet.as_manager()

    class Meta:
        ordering = ["-noticed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "agency"], condition=Q(over_at=None), name="fall_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short}, {self.noticed_at:%Y-%m-%d %H:%MZ}"
