"""Reports of incidents, who was involved, and the chain that validates them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agencies.directory.roles import ROLE_CHOICES
from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.incidents import choices as words
from operations.incidents import lifecycle, types
from operations.incidents.querysets import ReportQuerySet


class IncidentReport(Detail):
    """What an agency tells of an incident. Title, marking, operation, time, zone and position are its record's.

    A follow-up is hosted by the first report: that report's key is its record's `host`.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="incident")
    type = models.CharField(max_length=120, help_text="Of CISE's lists, with the list: law_infringement:Other.")
    impact = models.PositiveSmallIntegerField(choices=words.Impact)
    confidence = models.PositiveSmallIntegerField(choices=words.Confidence)
    account = models.TextField(help_text="What happened.")
    reaction = models.TextField(blank=True, help_text="What was done about it, or will be.")
    known_at = models.DateTimeField(help_text="When the agency came to know of it: the 24 hours run from here.")
    state = models.CharField(max_length=20, choices=words.ReportState, default=words.ReportState.DRAFT)
    reported_at = models.DateTimeField(null=True, blank=True, help_text="When it was first reported.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.CharField(max_length=300, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        indexes = [
            models.Index(fields=["state", "impact"], name="incident_state"),
            models.Index(fields=["known_at"], name="incident_unreported", condition=Q(reported_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=words.ReportState.WITHDRAWN.value, withdrawn_at__isnull=False)
                | (~Q(state=words.ReportState.WITHDRAWN.value) & Q(withdrawn_at=None, withdraw_reason="")),
                name="incident_withdrawn_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[words.ReportState.DRAFT.value, words.ReportState.WITHDRAWN.value])
                | Q(reported_at__isnull=False),
                name="incident_reported_when",
            ),
        ]

    @property
    def type_words(self) -> str:
        return types.label_of(self.type)

    @property
    def is_follow_up(self) -> bool:
        return self.record.host_id is not None

    @property
    def due_at(self) -> datetime | None:
        """Until when the first report is due; None where nothing runs, or it was made."""
        if self.reported_at is not None or self.state == words.ReportState.WITHDRAWN:
            return None
        return lifecycle.first_due(self.impact, self.known_at, is_follow_up=self.is_follow_up)

    @staticmethod
    def waiting_states(by: Appointment) -> Iterable[tuple[str, Any]]:
        """By state, the operations in whose chain the officer validates."""
        for state, step in lifecycle.WAITING.items():
            links = ChainLink.objects.filter(step=step, agency__in=by.agencies, role=by.role)
            yield state, links.values("operation")


class Involved(models.Model):
    """A person, vehicle, vessel or goods of a report. What it is brings its data category into the record (R4)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    report = models.ForeignKey(IncidentReport, models.PROTECT, related_name="involved")
    thing = models.CharField(max_length=10, choices=words.Thing)
    subject = models.CharField(max_length=12, choices=words.Subject, blank=True, help_text="Of persons alone.")
    goods = models.CharField(max_length=12, choices=words.Goods, blank=True, help_text="Of goods alone.")
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True, help_text="Document, plate, IMO or serial number.")
    amount = models.CharField(max_length=60, blank=True)
    is_fact = models.BooleanField(default=True, help_text="A fact; otherwise somebody's assessment.")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(thing="person") & ~Q(subject="")) | (~Q(thing="person") & Q(subject="")),
                name="involved_person_has_a_category",
            ),
            models.CheckConstraint(
                condition=(Q(thing="goods") & ~Q(goods="")) | (~Q(thing="goods") & Q(goods="")),
                name="involved_goods_have_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def categories(self) -> set[str]:
        return words.categories_of(self.thing, self.goods, self.number)


class Validation(models.Model):
    """A step of the chain that was taken: an answer to the report (R5)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    report = models.ForeignKey(IncidentReport, models.PROTECT, related_name="validations")
    step = models.CharField(max_length=12, choices=words.ChainStep)
    verdict = models.CharField(max_length=10, choices=words.Verdict)
    words = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict=words.Verdict.VALIDATED.value) | ~Q(words=""),
                name="validation_returned_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_verdict_display()}"


class ChainLink(models.Model):
    """Who validates reports of an operation at a step: whoever has that role in that agency, and sees the report."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    operation = models.ForeignKey(Record, models.CASCADE, related_name="incident_chain")
    step = models.CharField(max_length=12, choices=words.ChainStep)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)

    class Meta:
        ordering = ["step"]
        constraints = [models.UniqueConstraint(fields=["operation", "step"], name="chain_step_once")]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_role_display()}, {self.agency.short}"
