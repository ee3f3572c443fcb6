"""Who: countries, agencies, officers and their dated appointments."""

import uuid
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.directory.querysets import AgencyQuerySet, AppointmentQuerySet, SuccessionQuerySet, UnitQuerySet
from agencies.directory.roles import ROLE_CHOICES, Permission, permissions_of
from portal.keys import new_key
from portal.positions.notations import Notation


def valid_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is not a time zone name such as Europe/Zurich.")


class Classification(models.IntegerChoices):
    """Ordered levels. National and EU names of a level are shown beside it; equivalence is per agreement."""

    UNCLASSIFIED = 0, "UNCLASSIFIED"
    RESTRICTED = 1, "RESTRICTED"
    CONFIDENTIAL = 2, "CONFIDENTIAL"
    SECRET = 3, "SECRET"
    TOP_SECRET = 4, "TOP SECRET"


class Country(models.Model):
    """A state or, where it can be party to a treaty, an international organisation.

    ISO 3166-1 alpha-2 is the key (XK for Kosovo is user-assigned, EU is reserved for the European Union);
    other organisations carry a code of their own.
    """

    class Kind(models.TextChoices):
        STATE = "state", "State"
        ORGANISATION = "organisation", "International organisation"

    code = models.CharField(max_length=12, primary_key=True)
    alpha3 = models.CharField(max_length=3, blank=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.STATE)

    class Meta:
        ordering = ["name", "code"]
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """An authority of a country or an international organisation; one that stands under another names its parent."""

    class Kind(models.TextChoices):
        BORDER_GUARD = "border_guard", "Border guard"
        COAST_GUARD = "coast_guard", "Coast guard"
        POLICE = "police", "Police"
        CRIMINAL_POLICE = "criminal_police", "Criminal police"
        GENDARMERIE = "gendarmerie", "Gendarmerie"
        FINANCIAL_POLICE = "financial_police", "Financial police"
        CUSTOMS = "customs", "Customs"
        IMMIGRATION = "immigration", "Immigration"
        MINISTRY = "ministry", "Ministry"
        JOINT_CENTRE = "joint_centre", "Joint centre"
        ORGANISATION = "organisation", "International organisation"

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    name = models.CharField(max_length=200)
    native_name = models.CharField(max_length=200, blank=True)
    acronym = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    country = models.ForeignKey(Country, models.PROTECT, related_name="agencies")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subordinates")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[valid_time_zone])
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    desk_phone = models.CharField("24/7 telephone", max_length=40, blank=True)
    desk_email = models.EmailField("24/7 mail", blank=True)
    second_officer_above = models.PositiveSmallIntegerField(
        choices=Classification,
        null=True,
        blank=True,
        help_text="A release of what is classified higher needs a second officer (R20). Empty: none does.",
    )
    colour = models.PositiveSmallIntegerField(default=0, help_text="Index of the partner colour (0–11).")
    desk_verified_on = models.DateField(null=True, blank=True, help_text="When somebody last tried it.")
    language_levels = models.JSONField(default=dict, blank=True, help_text="How well each of the languages is spoken.")
    is_active = models.BooleanField(default=True)
    suspended_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when nobody acts for it."
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="From when on it is no more.")
    succeeds_others = models.BooleanField(default=False, editable=False, help_text="Whether to look for successions.")
    source = models.TextField(blank=True, help_text="Where the facts come from, or that they are invented.")

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["country_id", "name"]
        verbose_name_plural = "agencies"
        constraints = [
            models.UniqueConstraint(fields=["country", "name"], name="agency_name_once_per_country"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="agency_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.short} ({self.country_id})"

    @property
    def short(self) -> str:
        return self.acronym or self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def acts(self, at: datetime) -> bool:
        """Whether anybody acts for it at `at`: it is here, neither suspended nor closed. What it gave stays (R3, R22)."""
        stops = (self.suspended_at, self.closed_at)
        return self.is_active and all(stop is None or stop > at for stop in stops)

    @property
    def acts_now(self) -> bool:
        return self.acts(timezone.now())

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None and self.closed_at <= timezone.now()

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None and not self.is_closed

    @cached_property
    def _taken_over(self) -> list[tuple[uuid.UUID, datetime]]:
        if not self.succeeds_others:
            return []
        rows = self.successions.accepted().values_list("predecessor", "starts_at")
        return [(key, starts_at) for key, starts_at in rows if starts_at]

    def stands_for(self, at: datetime) -> frozenset[uuid.UUID]:
        """The agency itself, and those that it has succeeded by `at` (R30)."""
        return frozenset([self.pk, *(key for key, starts_at in self._taken_over if starts_at <= at)])

    @property
    def version(self) -> int:
        """Another number after each change of what its admins keep, for If-Match. Keyed: it must not tell what."""
        kept = f"{self.desk_phone}\n{self.desk_email}\n{self.second_officer_above}"
        return int(salted_hmac("agency.version", kept).hexdigest()[:14], 16)


class Succession(models.Model):
    """From a day on one agency stands for another: for its records, designations, releases and duties (R30).

    A dated fact, proposed by the one and accepted by the other. Nothing is rewritten: what the predecessor owned, gave
    and received keeps its name, and whoever acts for the successor acts for it too. A succession of a successor leaves
    a row for each agency that this one stood for (`direct` is false).
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    predecessor = models.ForeignKey(Agency, models.PROTECT, related_name="succeeded_by")
    successor = models.ForeignKey(Agency, models.PROTECT, related_name="successions")
    starts_on = models.DateField(help_text="First day, where the predecessor is.")
    starts_at = models.DateTimeField(null=True, blank=True, help_text="Once accepted: the instant of effect.")
    direct = models.BooleanField(default=True)
    basis = models.CharField(max_length=300, help_text="The act that orders it.")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    proposed_by = models.ForeignKey("Appointment", models.PROTECT, null=True, related_name="+", editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey("Appointment", models.PROTECT, null=True, related_name="+", editable=False)
    dropped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor"], condition=Q(direct=True, dropped_at=None), name="one_successor_of_each"
            ),
            models.UniqueConstraint(
                fields=["predecessor", "successor"], condition=Q(dropped_at=None), name="succession_once"
            ),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="nobody_succeeds_itself"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, starts_at=None) | Q(accepted_at__isnull=False, starts_at__isnull=False),
                name="succession_works_once_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.successor} for {self.predecessor}"


class Unit(models.Model):
    """A part of an agency to which officers are posted. It owns nothing: its agency does.

    A release may be meant for one (R4), and an agency may confine records to one of its own (R3).
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    name = models.CharField(max_length=120)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["agency_id", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"], condition=Q(closed_at=None), name="unit_name_once_per_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Officer(AbstractUser):
    """A person with an account. Superuser and staff flags open nothing (R5)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    full_name = models.CharField(max_length=150)
    time_zone = models.CharField(max_length=64, blank=True, validators=[valid_time_zone])
    notation = models.CharField(
        max_length=8, choices=Notation, default=Notation.DECIMAL, help_text="How positions are shown."
    )
    invented = models.BooleanField(default=False, help_text="A demonstration person.")
    woken_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When an admin last woke it.")

    class Meta:
        ordering = ["full_name", "id"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """As Django's, but a superuser passes no question about an object: that is the policy's alone (R5)."""
        if obj is None:
            return super().has_perm(perm)
        return self.is_active and any(
            backend.has_perm(self, perm, obj) for backend in get_backends() if hasattr(backend, "has_perm")
        )


class Appointment(models.Model):
    """An officer's dated post at an agency, with one role and one clearance.

    The officer always acts under exactly one appointment (R1); named grants belong to it. `ends_on` is the last
    day of effect in the agency's zone; `ended_at` ends it at once.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="appointments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="appointments")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    title = models.CharField(max_length=120, blank=True, help_text="Function shown to partners, never the name.")
    clearance = models.PositiveSmallIntegerField(choices=Classification, default=Classification.RESTRICTED.value)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", help_text="The post it goes on from (R30)."
    )
    acts_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="deputies", help_text="Whose post it stands in for."
    )
    rests_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The officer's own post: ends with it.",
    )
    # Pairs of instants, from and until: postings elsewhere during which it does not work.
    paused = ArrayField(ArrayField(models.DateTimeField(), size=2), default=list, blank=True, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function}, {self.agency.short}"

    @property
    def function(self) -> str:
        """What partners are shown instead of a name (R18)."""
        return self.title or self.get_role_display()

    def is_in_effect(self, at: datetime) -> bool:
        """Whether the appointment works at `at`: days are those of the agency's zone."""
        if not self.officer.is_active or not self.agency.acts(at):
            return False
        if self.recorded_at > at or (self.ended_at is not None and self.ended_at <= at) or self.is_paused(at):
            return False
        day = at.astimezone(self.agency.zone).date()
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def is_paused(self, at: datetime) -> bool:
        """Whether the officer is posted elsewhere at `at` and has no rights here meanwhile."""
        return any(start <= at < until for start, until in self.paused)

    def stands_for(self, at: datetime) -> frozenset[uuid.UUID]:
        """The agencies for which the officer acts at `at`: the own one, and those that it succeeded (R30)."""
        return self.agency.stands_for(at)

    @cached_property
    def agencies(self) -> frozenset[uuid.UUID]:
        """`stands_for` now. An appointment is read anew for each request, so nothing of it outlives one."""
        return self.stands_for(timezone.now())

    @cached_property
    def chain(self) -> tuple[uuid.UUID, ...]:
        """This appointment and those it goes on from: what was named to these is named to it."""
        found, earlier = [self.pk], self.continues_id
        while earlier is not None:
            found.append(earlier)
            earlier = Appointment.objects.values_list("continues", flat=True).get(pk=earlier)
        return tuple(found)

    def held_on(self, at: datetime) -> "Appointment | None":
        """This appointment or the one that goes on from it, whichever is in effect at `at` (R30)."""
        row: Appointment | None = self
        while row is not None and not row.is_in_effect(at):
            row = Appointment.objects.select_related("officer", "agency__country").filter(continues=row).first()
        return row

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.role)

    def may(self, permission: str) -> bool:
        """Whether the role permits the verb. Says nothing about any record."""
        return permission in self.permissions


class AccessToken(models.Model):
    """A key for the API, bound to one appointment. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
