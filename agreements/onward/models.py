"""A receiver asks the originator whether it may pass a record on (R11)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.onward.choices import CHIPS, OVER, State
from agreements.register.choices import Purpose
from agreements.sharing.models import Audience, Record, Release
from agreements.sharing.policy import Access


class ConsentRequestQuerySet(models.QuerySet["ConsentRequest"]):
    def visible_to(self, access: Access) -> Self:
        """The two sides' own, while they see the record: nobody else learns that one was asked (R5, R17)."""
        if access.appointment is None:
            return self.none()
        own = access.appointment.agencies
        rows = self.filter(Q(record__owner__in=own) | Q(asked_by__agency__in=own))
        return rows.filter(record__in=Record.objects.visible_to(access))

    def with_words(self) -> Self:
        return self.select_related(
            "record__owner__country",
            "asked_by__agency__country",
            "asked_by__officer",
            "decided_by__agency",
            "agency__country",
            "audience__clause__agreement",
            "audience__agency",
            "audience__country",
            "audience__unit",
            "audience__circle",
            "audience__appointment__agency",
            "release",
        )


class ConsentRequest(models.Model):
    """Asked by a receiver of the record's originator: for an audience under an article of the receiver's own, or,
    where it has none, for an agency to which only the originator could release."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="consent_requests")
    via = models.ForeignKey(Release, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, models.PROTECT, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=30, choices=Purpose)
    reason = models.CharField(max_length=500)
    until = models.DateTimeField(null=True, blank=True, help_text="Until when it is wanted.")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Until when the consent holds.")
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ConsentRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["record", "state"], name="consent_record_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience=None, agency__isnull=False) | Q(audience__isnull=False, agency=None),
                name="consent_for_one_target",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CONSENTED, State.PASSED]) | Q(ends_at__isnull=False),
                name="consent_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} ({self.get_state_display()})"

    @property
    def target(self) -> str:
        """Whom it is for, in words."""
        if self.audience is None:
            return str(self.agency)
        return self.audience.words

    @property
    def chip(self) -> str:
        return CHIPS[State(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state == State.ASKED

    @property
    def is_over(self) -> bool:
        return self.state in OVER
