"""The record, who takes part in what, and the access rows: releases on guardian's direct-key group table."""

from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Right
from django.utils import timezone
from guardian.managers import GroupObjectPermissionManager
from guardian.models import GroupObjectPermissionBase

from agencies.directory.models import Agency, Appointment, Classification, Country, Unit, new_key, valid_time_zone
from agreements.register.choices import Category, Onward, Purpose
from agreements.register.models import Clause
from agreements.sharing.choices import (
    AssignmentRole,
    AudienceKind,
    CircleKind,
    HandlingCode,
    Tlp,
)
from agreements.sharing.querysets import RecordQuerySet, ReleaseQuerySet


class Record(models.Model):
    """The unit of sharing: whatever can cross a border is a record, with its details in a row of its room.

    Exactly one agency owns it, its originator (R3). Times are UTC; `zone` is the event's own zone.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(Agency, models.PROTECT, related_name="records")
    author = models.ForeignKey(Appointment, models.PROTECT, related_name="records")
    operation = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="operation_records")
    host = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="contributions")
    categories = ArrayField(models.CharField(max_length=30, choices=Category), default=list, blank=True)
    classification = models.PositiveSmallIntegerField(choices=Classification, default=0)
    tlp = models.PositiveSmallIntegerField(choices=Tlp, default=Tlp.AMBER.value)
    rel_to = ArrayField(
        models.CharField(max_length=12),
        null=True,
        blank=True,
        help_text="Countries it may go to; absent narrows nothing, empty means nobody (R7).",
    )
    display_only = models.BooleanField(default=False)
    handling_codes = ArrayField(models.CharField(max_length=2, choices=HandlingCode), default=list, blank=True)
    handling_note = models.CharField(max_length=300, blank=True)
    onward = models.CharField(
        max_length=10,
        choices=Onward,
        default=Onward.FREE,
        help_text="The strictest onward rule of what it cites (R12). An article on the way may be stricter.",
    )
    compartment = models.ForeignKey("Circle", models.PROTECT, null=True, blank=True, related_name="compartment_records")
    occurred_at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    zone = models.CharField(max_length=64, default="UTC", validators=[valid_time_zone])
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("title", "search_text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    version = models.PositiveIntegerField(default=1)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["owner", "kind", "-occurred_at"], name="record_owner_kind_time"),
            models.Index(fields=["operation", "kind", "-occurred_at"], name="record_operation_kind_time"),
            models.Index(fields=["host", "kind"], name="record_host_kind"),
            models.Index(fields=["-occurred_at", "-id"], name="record_newest"),
            GinIndex(fields=["search"], name="record_search"),
            models.Index(fields=["latitude", "longitude"], condition=Q(latitude__isnull=False), name="record_place"),
            models.Index(F("owner"), Right(Cast("id", models.TextField()), 8), name="record_reference"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(latitude=None) & Q(longitude=None))
                | (Q(latitude__range=(-90, 90)) & Q(longitude__range=(-180, 180))),
                name="record_position_whole_and_on_earth",
            ),
            models.CheckConstraint(
                condition=~Q(handling_codes__contains=["H3"]) | ~Q(handling_note=""),
                name="record_h3_has_its_note",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """A short reference that counts nothing: the random tail of the key (R17)."""
        return f"{self.kind[:3].upper()}-{self.pk.hex[-8:].upper()}"


class MarkingChange(models.Model):
    """The history of a record's marking: what it was before, who changed it and why."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="marking_changes")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["changed_at", "id"]


class Circle(models.Model):
    """Those who take part in something: agencies with dated participation, officers with dated assignment.

    A compartment is an agency's own (R3): a case team, or one of its units, whose officers are inside while they are
    posted there.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    kind = models.CharField(max_length=12, choices=CircleKind)
    name = models.CharField(max_length=200)
    owner = models.ForeignKey(Agency, models.PROTECT, related_name="circles")
    record = models.OneToOneField(Record, models.PROTECT, null=True, blank=True, related_name="circle")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="compartments")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]

    def __str__(self) -> str:
        return self.name


class Participation(models.Model):
    """An agency's part in a circle: invited by the owner, accepted by the agency, ended by either (R23)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="participations")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="participations")
    invited_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "agency"],
                condition=Q(ended_at=None),
                name="participation_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="participation_accepted_by_somebody",
            ),
        ]


class Assignment(models.Model):
    """An officer's dated role in a circle, given by the officer's own agency alone (R23)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="assignments")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=16, choices=AssignmentRole, default=AssignmentRole.MEMBER)
    directs = models.ManyToManyField(Agency, blank=True, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now)
    assigned_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    ends_on = models.DateField(null=True, blank=True, help_text="Last day, in the agency's zone.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["assigned_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "appointment"],
                condition=Q(ended_at=None),
                name="assignment_once_at_a_time",
            )
        ]


def unit_words(unit: Unit, agency: Agency) -> str:
    return f"Unit: {unit}, {agency}"


def function_words(function: str, agency: Agency) -> str:
    """An audience that follows the function, whoever has it."""
    return f"Whoever is {function}, {agency}"


def officer_words(appointment: Appointment) -> str:
    """An audience of one, told by the function alone (R18)."""
    return f"One officer: {appointment.function}, {appointment.agency}"


class Audience(models.Model):
    """One auth Group per audience. Nobody is ever a stored member: who is inside is worked out when asked."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    group = models.OneToOneField(Group, models.PROTECT, related_name="audience")
    kind = models.CharField(max_length=12, choices=AudienceKind)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="audiences")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    function = models.CharField(max_length=120, blank=True, help_text="As partners are shown it (R18).")
    circle = models.ForeignKey(Circle, models.PROTECT, null=True, blank=True, related_name="audiences")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "clause", "country", "agency", "unit", "function", "circle", "appointment"],
                nulls_distinct=False,
                name="audience_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__startswith="own_", clause=None)
                | (~Q(kind__startswith="own_") & Q(clause__isnull=False)),
                name="audience_abroad_needs_a_clause",
            ),
        ]

    def __str__(self) -> str:
        part = self.unit or self.function
        if part:
            return f"{part}, {self.agency}"
        target = self.country or self.agency or self.circle or (self.appointment and self.appointment.function)
        return f"{self.get_kind_display()}: {target}" if target else self.get_kind_display()

    @property
    def words(self) -> str:
        """For the giver's officers, as the form of a release names it: one officer and nobody who comes after, or
        whoever has a function. A circle without its name: what it belongs to may be hidden from them (R17)."""
        if self.circle:
            return f"Those who take part in the {self.circle.kind}"
        if self.appointment:
            return officer_words(self.appointment)
        if self.agency and self.unit:
            return unit_words(self.unit, self.agency)
        return function_words(self.function, self.agency) if self.agency and self.function else str(self)


class Release(GroupObjectPermissionBase):
    """An access row: a record given to an audience, by an agency, under a clause, for a purpose.

    A row for the owner's own officers has no clause. The copied columns are kept by a database trigger. Whether
    the row opens anything is decided at every reading (R13); ending a treaty touches no row here.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    content_object = models.ForeignKey(Record, models.CASCADE, related_name="releases")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="releases")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="releases")
    purpose = models.CharField(max_length=30, choices=Purpose, blank=True)
    provider = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    via = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="onward")
    released_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    standing_order = models.ForeignKey("StandingOrder", models.PROTECT, null=True, blank=True, related_name="releases")
    until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    # Copied from the record by trigger.
    classification = models.PositiveSmallIntegerField(default=0, editable=False)
    categories = ArrayField(models.CharField(max_length=30), default=list, editable=False)
    tlp = models.PositiveSmallIntegerField(default=0, editable=False)
    rel_to = ArrayField(models.CharField(max_length=12), null=True, editable=False)
    kind = models.CharField(max_length=30, default="", editable=False)
    occurred_at = models.DateTimeField(default=timezone.now, editable=False)

    # Guardian declares the manager as a class variable, which one made from a queryset cannot be.
    objects = GroupObjectPermissionManager.from_queryset(ReleaseQuerySet)()  # type: ignore[misc]

    class Meta:
        ordering = ["released_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "group", "permission", "provider"],
                condition=Q(revoked_at=None),
                name="release_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(clause=None, purpose="") | (Q(clause__isnull=False) & ~Q(purpose="")),
                name="release_abroad_has_clause_and_purpose",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("released_at")), name="release_until_after_start"
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "-occurred_at", "-content_object"],
                include=["classification", "tlp", "provider", "released_at", "kind"],
                condition=Q(revoked_at=None),
                name="release_feed",
            ),
            models.Index(
                fields=["group", "kind", "-occurred_at", "-content_object"],
                condition=Q(revoked_at=None),
                name="release_feed_by_kind",
            ),
            models.Index(fields=["group", "released_at"], condition=Q(revoked_at=None), name="release_by_release_time"),
            models.Index(
                fields=["group", "via", "provider"],
                condition=Q(revoked_at=None, via__isnull=False),
                name="release_onward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience} under {self.clause}" if self.clause else str(self.audience)


class StandingOrder(models.Model):
    """What an agency's log in an operation releases by itself (R6). All else is held for a tap."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    circle = models.ForeignKey(Circle, models.PROTECT, related_name="standing_orders")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="standing_orders")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=30, choices=Purpose)
    kinds = ArrayField(models.CharField(max_length=30))
    categories = ArrayField(models.CharField(max_length=30, choices=Category))
    ceiling = models.PositiveSmallIntegerField(choices=Classification)
    tlp = models.PositiveSmallIntegerField(choices=Tlp, default=Tlp.AMBER.value)
    photographs = models.BooleanField(default=False)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    ends_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-issued_at", "-id"]


class Opening(models.Model):
    """The last time an officer of another agency opened a record: the owner may ask (R18)."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="openings")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "appointment"], name="opening_once_per_officer")]
