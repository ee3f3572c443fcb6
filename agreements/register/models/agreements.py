"""The agreement itself, and the countries that it names."""

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Country, new_key, valid_time_zone
from agreements.register.choices import InstrumentKind
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
    renews_months = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Renews itself for so many months when a term ends, unless a party gave notice. Empty: it does not.",
    )
    renewal_notice_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The notice against renewal comes so many months before the term ends."
    )
    territory = models.TextField(blank=True, help_text="Where it applies, as it says itself.")
    summary = models.TextField(blank=True)
    invented = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    drafted_by = models.ForeignKey(Agency, models.PROTECT, related_name="drafted_agreements")
    invited = models.ManyToManyField(Agency, blank=True, related_name="drafts_open_to")
    registered_at = models.DateTimeField(null=True, blank=True, help_text="When it was put to the parties.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["short_name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(renews_months=None) | Q(renews_months__gte=1, expires_on__isnull=False),
                name="what_renews_itself_has_a_term",
            ),
        ]

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
