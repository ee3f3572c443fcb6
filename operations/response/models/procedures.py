"""Procedures: checklists that an agency keeps, for itself or for an operation, in versions."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.response.querysets import ProcedureQuerySet


class Procedure(Detail):
    """A record of the agency that keeps it: its own officers see it, partners by a release, like any other (R4).

    Its name is the record's title. With an operation it is offered for that operation's incidents alone.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="procedure")
    retired_at = models.DateTimeField(null=True, blank=True, help_text="Since when nobody begins with it.")

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]

    @property
    def current(self) -> "ProcedureVersion":
        return self.versions.prefetch_related("steps").latest("number")


class ProcedureVersion(models.Model):
    """A version as it was published. Never changed: tasks say by which version they were made."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=300, blank=True, help_text="What is new in it.")
    published_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedure_version_once"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class Step(models.Model):
    """One step of a version: it becomes a task."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="+")
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="Due so long after the procedure begins.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="procedure_step_once"),
            models.CheckConstraint(condition=Q(minutes=None) | Q(minutes__gt=0), name="procedure_step_takes_time"),
        ]

    def __str__(self) -> str:
        return self.what
