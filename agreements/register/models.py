"""On what terms: agreements and the dated facts about them. What they permit is worked out, never stored."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Classification, Country, new_key, valid_time_zone
from agreements.register.choices import (
    NARROWING,
    WIDENING,
    ActionKind,
    Category,
    ClauseKind,
    Direction,
    InstrumentKind,
    Onward,
    Purpose,
    Way,
)
from agreements.register.querysets import AgreementQuerySet


class Agreement(models.Model):
    """A treaty, or any lesser instrument, between states or international organisations.

    Days begin at 00:00 in `time_zone` (the depositary's unless the agreement says otherwise). An instrument made
    under an article of another (`made_under`) binds a party only while that article does.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    title = models.CharField(max_length=400)
    short_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=30, choices=InstrumentKind)
    depositary = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=120, blank=True, help_text="Official gazette or UN registration.")
    made_under = models.ForeignKey(
        "Clause", models.PROTECT, null=True, blank=True, related_name="instruments_made_under"
    )
    time_zone = models.CharField(max_length=64, default="UTC", validators=[valid_time_zone])
    concluded_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True, help_text="Last day of effect.")
    notice_months = models.PositiveSmallIntegerField(null=True, blank=True)
    summary = models.TextField(blank=True)
    invented = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    drafted_by = models.ForeignKey(Agency, models.PROTECT, related_name="drafted_agreements")
    invited = models.ManyToManyField(Agency, blank=True, related_name="drafts_open_to")
    registered_at = models.DateTimeField(null=True, blank=True, help_text="When it was put to the parties.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["short_name"]

    def __str__(self) -> str:
        return self.short_name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_draft(self) -> bool:
        return self.registered_at is None


class Party(models.Model):
    """A country named in the agreement: negotiating, signatory or bound. Which of these, the facts say."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    country = models.ForeignKey(Country, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["country_id"]
        verbose_name_plural = "parties"
        constraints = [models.UniqueConstraint(fields=["agreement", "country"], name="party_once_per_agreement")]

    def __str__(self) -> str:
        return self.country.name


class Fact(models.Model):
    """What every dated fact carries: when and by whom it was recorded (R14), and for which country."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+", editable=False)
    recorded_for = models.ForeignKey(Country, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        abstract = True


class Clause(Fact):
    """An article. It opens a channel when it names data categories; others say what officers may do."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="clauses")
    article = models.CharField(max_length=30, help_text="As cited: Art. 21, § 3.")
    kind = models.CharField(max_length=30, choices=ClauseKind)
    summary = models.TextField(blank=True)
    categories = ArrayField(models.CharField(max_length=30, choices=Category), default=list, blank=True)
    ceiling = models.PositiveSmallIntegerField(choices=Classification, default=Classification.RESTRICTED.value)
    direction = models.CharField(max_length=10, choices=Direction, default=Direction.MUTUAL)
    senders = models.ManyToManyField(Country, blank=True, related_name="+")
    receivers = models.ManyToManyField(Country, blank=True, related_name="+")
    purposes = ArrayField(models.CharField(max_length=30, choices=Purpose), default=list, blank=True)
    onward = models.CharField(max_length=10, choices=Onward, default=Onward.CONSENT)
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True, help_text="First day; empty: with the agreement.")
    ends_on = models.DateField(null=True, blank=True, help_text="Last day of effect.")
    survives = models.BooleanField(default=False, help_text="What was live stays readable after the end.")
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        help_text="The article of an earlier agreement whose place it takes: what was released under that is read under this.",
    )
    displaced_by = models.ManyToManyField(Agreement, blank=True, related_name="displaces")
    position = models.PositiveSmallIntegerField(default=0)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["agreement", "position", "article", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="clause_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article} of the {self.agreement.short_name}"

    @property
    def opens_channel(self) -> bool:
        return bool(self.categories and self.purposes)


class TreatyAction(Fact):
    """A dated act in UN vocabulary, by one country or (country empty) of the agreement as a whole.

    `effective_on` is the first day of its effect: for a denunciation, the day after the notice has run out.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=30, choices=ActionKind)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    counterpart = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="An objection or selective suspension works towards this party only.",
    )
    clauses = models.ManyToManyField(Clause, blank=True, related_name="actions")
    done_on = models.DateField()
    effective_on = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="Last day, of an extension or an application.")
    lifts = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="liftings")
    excludes = ArrayField(models.CharField(max_length=30, choices=Category), default=list, blank=True)
    lowers_ceiling_to = models.PositiveSmallIntegerField(choices=Classification, null=True, blank=True)
    way = models.CharField(
        max_length=10, choices=Way, blank=True, help_text="Of a reservation: it narrows this direction alone."
    )
    note = models.TextField(blank=True)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["done_on", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_on=None) | Q(effective_on__gte=F("done_on")),
                name="action_effect_not_before_act",
            ),
            models.CheckConstraint(condition=Q(kind=ActionKind.LIFTING) | Q(lifts=None), name="only_a_lifting_lifts"),
        ]

    def __str__(self) -> str:
        who = f" by {self.country.name}" if self.country else ""
        return f"{self.get_kind_display()}{who}"

    @property
    def narrows(self) -> bool:
        return self.kind in NARROWING

    @property
    def widens(self) -> bool:
        return self.kind in WIDENING

    @property
    def works_from(self) -> "datetime | None":
        """00:00 of its first day in the agreement's zone."""
        day = self.effective_on or self.done_on
        return datetime(day.year, day.month, day.day, tzinfo=self.agreement.zone)


class Designation(Fact):
    """An agency named by a party as competent authority for the agreement or for some of its clauses."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="designations")
    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="designations")
    clauses = models.ManyToManyField(Clause, blank=True, related_name="designations")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="Last day of effect.")
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["country_id", "agency__name", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="designation_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} for {self.country.name}"


class Confirmation(models.Model):
    """A party's treaty admin confirms a fact that widens; it works between two parties once both did (R22)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    action = models.ForeignKey(TreatyAction, models.CASCADE, null=True, blank=True, related_name="confirmations")
    clause = models.ForeignKey(Clause, models.CASCADE, null=True, blank=True, related_name="confirmations")
    designation = models.ForeignKey(Designation, models.CASCADE, null=True, blank=True, related_name="confirmations")
    confirmed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["confirmed_at"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(action__isnull=False, clause=None, designation=None)
                    | Q(action=None, clause__isnull=False, designation=None)
                    | Q(action=None, clause=None, designation__isnull=False)
                ),
                name="confirmation_of_exactly_one_fact",
            ),
            models.UniqueConstraint(fields=["country", "action"], name="action_confirmed_once_per_country"),
            models.UniqueConstraint(fields=["country", "clause"], name="clause_confirmed_once_per_country"),
            models.UniqueConstraint(fields=["country", "designation"], name="designation_confirmed_once_per_country"),
        ]
