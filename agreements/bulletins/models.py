"""A bulletin that an officer sends, to whom in each agency, and what each agency answers."""

import uuid
from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agencies.directory.roles import ROLE_CHOICES
from agreements.alerts.choices import Certainty, Severity, Urgency
from agreements.bulletins.choices import Acknowledging, BulletinEnd, ReceiptState, TargetKind
from agreements.bulletins.querysets import BulletinQuerySet, EscalationQuerySet, ReceiptQuerySet
from agreements.register.models import Clause
from agreements.sharing.details import Detail
from agreements.sharing.models import Record

LONGEST_DEADLINE = 7 * 24 * 60
INSTRUCTION_LENGTH = 500


class Bulletin(Detail):
    """An alert in an officer's words: a record of its own, so that it crosses a border by an article or not at all.

    Headline, marking and operation are its record's. `about`: the record that it speaks of, shown to who sees that.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="bulletin")
    instruction = models.CharField(max_length=INSTRUCTION_LENGTH, help_text="What is to be done.")
    urgency = models.CharField(max_length=9, choices=Urgency)
    severity = models.CharField(max_length=9, choices=Severity)
    certainty = models.CharField(max_length=9, choices=Certainty)
    exercise = models.BooleanField(default=False, help_text="Marked everywhere; never leaves for a real channel.")
    acknowledging = models.CharField(max_length=6, choices=Acknowledging, default=Acknowledging.NOBODY)
    acknowledging_role = models.CharField(max_length=20, choices=ROLE_CHOICES, blank=True)
    minutes = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DEADLINE)],
        help_text="Until when it is to be acknowledged, from sending.",
    )
    about = models.ForeignKey(Record, models.PROTECT, null=True, blank=True, related_name="bulletins_about")
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        help_text="The one that it updates.",
    )
    sent_at = models.DateTimeField(default=timezone.now)
    ending = models.CharField(max_length=9, choices=BulletinEnd, blank=True)
    ending_words = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledging="nobody", minutes=None)
                | (~Q(acknowledging="nobody") & Q(minutes__range=(1, LONGEST_DEADLINE))),
                name="bulletin_deadline_where_one_answers",
            ),
            models.CheckConstraint(
                condition=Q(acknowledging="role") & ~Q(acknowledging_role="")
                | ~Q(acknowledging="role") & Q(acknowledging_role=""),
                name="bulletin_role_where_one_is_asked",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ending="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ending="")),
                name="bulletin_ended_how_and_when",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def asks(self) -> bool:
        return self.acknowledging != Acknowledging.NOBODY

    @property
    def deadline_at(self) -> datetime | None:
        return None if self.minutes is None else self.sent_at + timedelta(minutes=self.minutes)

    @property
    def who_answers(self) -> str:
        if self.acknowledging == Acknowledging.ROLE:
            return f"One {self.get_acknowledging_role_display().lower()} of each agency"
        return "Anyone of each agency" if self.asks else "Nobody need acknowledge"


class Target(models.Model):
    """To whom in an agency it goes. Who that is at an instant is worked out then (R13)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="targets")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=TargetKind)
    role = models.CharField(max_length=20, choices=ROLE_CHOICES, blank=True)
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "agency", "kind", "role", "appointment"],
                nulls_distinct=False,
                name="bulletin_target_once",
            ),
            models.CheckConstraint(
                condition=(Q(kind="role", appointment=None) & ~Q(role=""))
                | Q(kind="officer", appointment__isnull=False, role="")
                | Q(kind__in=["desk", "circle"], role="", appointment=None),
                name="bulletin_target_names_what_its_kind_asks",
            ),
        ]

    def __str__(self) -> str:
        if self.kind == TargetKind.ROLE:
            return f"every {self.get_role_display().lower()}"
        if self.kind == TargetKind.OFFICER and self.appointment is not None:
            return self.appointment.function
        return self.get_kind_display().lower()


class Receipt(models.Model):
    """An agency that was alerted: by which article, whether it has acknowledged, and how far its duty chain was told."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="receipts")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    exhausted_at = models.DateTimeField(null=True, blank=True, help_text="Its duty chain was told to the end.")

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["agency__country_id", "agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "agency"], name="receipt_once_per_agency"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="receipt_acknowledged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short}: {self.bulletin_id}"

    @property
    def record(self) -> Record:
        return self.bulletin.record

    @property
    def record_id(self) -> uuid.UUID:
        return self.bulletin_id

    def state_at(self, at: datetime) -> ReceiptState:
        deadline = self.bulletin.deadline_at
        if deadline is None:
            return ReceiptState.TOLD
        if self.acknowledged_at is not None:
            return ReceiptState.LATE if self.acknowledged_at > deadline else ReceiptState.ACKNOWLEDGED
        if not self.bulletin.is_open:
            return ReceiptState.OVER
        return ReceiptState.OVERDUE if at >= deadline else ReceiptState.WAITING


class Escalation(models.Model):
    """A step of an agency's duty chain that was told. Which step: to both sides; whom: to its own agency alone (R18)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="escalations")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="escalations")
    number = models.PositiveSmallIntegerField(help_text="From 1.")
    position = models.PositiveSmallIntegerField(help_text="Of the step in the chain, as it was.")
    words = models.CharField(max_length=260, help_text="Whom the step tells, by function.")
    reached = models.BooleanField(help_text="Whether anybody was there who may see it.")
    at = models.DateTimeField(default=timezone.now)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["at", "number"]
        constraints = [models.UniqueConstraint(fields=["receipt", "number"], name="escalation_once_per_step")]

    def __str__(self) -> str:
        return f"step {self.position}"


def alerted(record: Record) -> set[uuid.UUID]:
    """The agencies that a bulletin is addressed to."""
    return set(Receipt.objects.filter(bulletin=record.pk).values_list("agency", flat=True))
