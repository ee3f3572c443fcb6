"""Events, and the levels of events and reports."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.incidents import choices as words
from operations.incidents.querysets import EventQuerySet, ProposalQuerySet


class Event(Detail):
    """What happened, as one thing: groups the reports that tell of it. Its keeper links and closes; that opens
    nothing (R3)."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="event")
    keeper = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    summary = models.TextField()
    impact = models.PositiveSmallIntegerField(choices=words.Impact)
    confidence = models.PositiveSmallIntegerField(choices=words.Confidence)
    state = models.CharField(max_length=10, choices=words.EventState, default=words.EventState.OPEN)
    outcome = models.CharField(max_length=20, choices=words.Outcome, blank=True)
    outcome_words = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        indexes = [models.Index(fields=["state", "impact"], name="event_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=words.EventState.OPEN.value, closed_at=None, outcome="")
                | (Q(state=words.EventState.CLOSED.value, closed_at__isnull=False) & ~Q(outcome="")),
                name="event_closed_when_and_why",
            ),
        ]


class EventLink(models.Model):
    """That a report tells of an event. Shown only to who sees both; seeing one opens nothing of the other."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="links")
    report = models.ForeignKey(Record, models.PROTECT, related_name="event_links")
    linked_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["linked_at", "id"]
        constraints = [models.UniqueConstraint(fields=["event", "report"], name="event_link_once")]

    def __str__(self) -> str:
        return f"{self.event_id} groups {self.report_id}"


class Link(models.Model):
    """That a record (an entry, a patrol, a report of intelligence) belongs to an incident. Shown only to who sees both;
    it quotes nothing, so it opens and narrows nothing."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    report = models.ForeignKey("IncidentReport", models.PROTECT, related_name="links")
    record = models.ForeignKey(Record, models.PROTECT, related_name="incident_links")
    linked_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["linked_at", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "record"], name="incident_link_once")]

    def __str__(self) -> str:
        return f"{self.record_id} belongs to {self.report_id}"


class LevelProposal(models.Model):
    """Other levels for a report or an event: proposed by one officer, decided by another (R5)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="level_proposals")
    impact = models.PositiveSmallIntegerField(choices=words.Impact)
    confidence = models.PositiveSmallIntegerField(choices=words.Confidence)
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=words.ProposalState, default=words.ProposalState.PROPOSED)
    decided_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=words.ProposalState.PROPOSED.value, decided_by=None, decided_at=None)
                | (
                    ~Q(state=words.ProposalState.PROPOSED.value) & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="levels_proposed_or_decided",
            ),
            models.UniqueConstraint(
                fields=["record", "proposed_by"],
                condition=Q(state=words.ProposalState.PROPOSED.value),
                name="levels_one_open_proposal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_impact_display()}, {self.get_confidence_display()}"
