"""A joint operation: a record of the agency that leads it. What partners hold of it are records of theirs (R23)."""

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from agencies.directory.models import Agency, Country
from agreements.register.choices import Purpose
from agreements.register.models import Agreement, Clause
from agreements.sharing.details import Detail
from agreements.sharing.models import Circle, Record
from operations.planning.choices import OperationState
from operations.planning.querysets import InstructionQuerySet, OperationQuerySet


class Operation(Detail):
    """What is done together, where, when and on what legal basis. Its name and zone are its record's."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="operation_detail")
    objective = models.TextField()
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="operations")
    clauses = models.ManyToManyField(Clause, related_name="operations")
    purpose = models.CharField(max_length=30, choices=Purpose)
    host_state = models.ForeignKey(Country, models.PROTECT, related_name="+")
    host_commander = models.CharField(max_length=120, blank=True, help_text="Function, never a name.")
    host_contact = models.CharField(max_length=200, blank=True)
    area = models.JSONField(null=True, blank=True, help_text="GeoJSON Polygon, [longitude, latitude], WGS 84.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OperationState, default=OperationState.PLANNED)
    state_reason = models.CharField(max_length=300, blank=True)
    instructions = models.TextField(help_text="What teams do when the legal basis falls away (R24).")

    objects = OperationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-record_id"]
        indexes = [models.Index(fields=["-starts_at", "-record"], name="operation_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="operation_end_after_start"),
        ]

    @property
    def name(self) -> str:
        return self.record.title

    @property
    def lead(self) -> Agency:
        return self.record.owner

    @property
    def circle(self) -> Circle:
        return self.record.circle

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.record.zone)


class Instruction(Detail):
    """An agency's own copy of the instructions for when the basis falls away, received on accepting (R24).

    It stays when the operation becomes hidden; `operation_record` is then not shown (R23).
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="instruction")
    operation_record = models.ForeignKey(Record, models.PROTECT, related_name="instructions")
    text = models.TextField()

    objects = InstructionQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
