"""Responses to incidents, their tasks, and tasks handed to partners."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.response import choices as words
from operations.response.models.procedures import ProcedureVersion
from operations.response.querysets import HandoverQuerySet, ResponseQuerySet, TaskQuerySet


class Response(Detail):
    """What the owner of an incident report does about it, from its beginning to its outcome. It is the report's.

    Whoever sees the report reads that a response runs and how it ended; its tasks are its owner's business.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="response")
    lead = models.ForeignKey(Appointment, models.PROTECT, related_name="+", help_text="Who leads it: a duty.")
    started_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=words.ResponseState, default=words.ResponseState.OPEN)
    result = models.CharField(max_length=16, choices=words.Result, blank=True)
    result_words = models.CharField(max_length=500, blank=True)
    closed_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        indexes = [models.Index(fields=["lead"], condition=Q(state="open"), name="response_lead_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=words.ResponseState.OPEN.value, closed_at=None, closed_by=None, result="")
                | (
                    Q(state=words.ResponseState.CLOSED.value, closed_at__isnull=False, closed_by__isnull=False)
                    & ~Q(result="")
                ),
                name="response_closed_when_and_how",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == words.ResponseState.OPEN


class Task(models.Model):
    """Something to be done by the owner's officers; without an assignee it is anybody's there."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    response = models.ForeignKey(Response, models.PROTECT, related_name="tasks")
    what = models.CharField(max_length=200)
    assignee = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=words.TaskState, default=words.TaskState.OPEN)
    result = models.CharField(max_length=500, blank=True, help_text="What came of it, or why it was dropped.")
    procedure = models.ForeignKey(ProcedureVersion, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "position", "id"]
        indexes = [models.Index(fields=["assignee", "due_at"], condition=Q(state="open"), name="task_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=words.TaskState.OPEN.value, ended_at=None, ended_by=None)
                | (~Q(state=words.TaskState.OPEN.value) & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="task_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=words.TaskState.DROPPED.value) | ~Q(result=""), name="task_dropped_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def record(self) -> Record:
        return self.response.record

    @property
    def record_id(self) -> uuid.UUID:
        return self.response_id

    @property
    def standing(self) -> "Handover | None":
        """The handover by which it is out of the owner's hands, or on its way."""
        return next((row for row in self.handovers.all() if row.state in words.STANDING), None)

    @property
    def shown_state(self) -> tuple[str, str]:
        """State and its words, as people read them: a task that a partner took is no open one."""
        if self.state != words.TaskState.OPEN:
            return self.state, self.get_state_display()
        away = self.standing
        return (away.state, away.get_state_display()) if away else (self.state, self.get_state_display())

    def is_late(self, at: datetime) -> bool:
        return (
            self.state == words.TaskState.OPEN and self.due_at is not None and self.due_at <= at and not self.standing
        )


class Handover(models.Model):
    """A task offered to a partner that reads the incident, and its receipt: an answer (R5).

    `own` is the incident that the taker opened, citing the first; it is the taker's, and shown to who sees it.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    response = models.ForeignKey(Response, models.PROTECT, related_name="handovers")
    task = models.ForeignKey(Task, models.PROTECT, related_name="handovers")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    message = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=words.HandoverState, default=words.HandoverState.OFFERED)
    offered_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="The receipt, or when it was declined.")
    answer = models.CharField(max_length=300, blank=True)
    own = models.ForeignKey(Record, models.PROTECT, null=True, blank=True, related_name="taken_over")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(state__in=[state.value for state in words.STANDING]),
                name="handover_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn")
                | Q(state="offered", answered_by=None, answered_at=None)
                | Q(state__in=["taken", "finished", "declined"], answered_by__isnull=False, answered_at__isnull=False),
                name="handover_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="handover_declined_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False) | (~Q(state="finished") & Q(finished_at=None)),
                name="handover_finished_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short}: {self.get_state_display()}"

    @property
    def record(self) -> Record:
        return self.response.record

    @property
    def record_id(self) -> uuid.UUID:
        return self.response_id
