"""A release that waits for a second officer of the releasing agency (R20)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.approvals.choices import State
from agreements.register.choices import Purpose
from agreements.sharing.models import Audience, Record, Release
from agreements.sharing.policy import Access
from portal import second_lock


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, access: Access) -> Self:
        """Those of the own agency, of records that the officer sees."""
        if access.appointment is None:
            return self.none()
        own = self.filter(asked_by__agency__in=access.appointment.agencies)
        return own.filter(record__in=Record.objects.visible_to(access))

    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def with_words(self) -> Self:
        return self.select_related(
            "record__owner__country",
            "asked_by__officer",
            "asked_by__agency",
            "decided_by__officer",
            "audience__clause__agreement",
            "audience__agency",
            "audience__country",
            "audience__unit",
            "audience__circle",
            "audience__appointment__agency",
            "release",
        )


class Approval(models.Model):
    """What one officer asked to release, and what another said."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="approvals")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=30, choices=Purpose)
    until = models.DateTimeField(null=True, blank=True)
    via = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "audience", "asked_by"], condition=Q(state="waiting"), name="approval_asked_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(release__isnull=False, decided_by__isnull=False),
                name="approval_made_its_release",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} ({self.get_state_display()})"

    @property
    def way(self) -> Release | None:
        """The release that it leans on, if it passes something on: given to who asked, perhaps not to who approves."""
        with second_lock.opened("the release that it leans on"):
            return self.via

    @property
    def target(self) -> str:
        return self.audience.words

    @property
    def chip(self) -> str:
        return self.state
