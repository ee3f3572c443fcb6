"""A disclosure that a court order or a law compels (R25)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from agreements.sharing.policy import Access


class CompelledDisclosureQuerySet(models.QuerySet["CompelledDisclosure"]):
    def visible_to(self, access: Access) -> Self:
        """Of records that the officer sees now: those of the own agency, and of own records what partners must disclose.

        Where the order forbids telling the originator, the writer and the writer's agency's auditors alone know of it.
        """
        by = access.appointment
        if by is None or not by.may(Permission.COMPELLED_RECORD):
            return self.none()
        ours = Q(recorded_by__agency__in=by.agencies)
        if not by.may(Permission.LEDGER_VIEW):
            ours &= Q(telling_forbidden=False) | Q(recorded_by__officer=by.officer_id)
        told = Q(record__owner__in=by.agencies, telling_forbidden=False)
        return self.filter(ours | told, record__in=Record.objects.visible_to(access).values("pk"))

    def with_words(self) -> Self:
        return self.select_related("record__owner__country", "recorded_by__officer", "recorded_by__agency__country")


class CompelledDisclosure(models.Model):
    """Which authority compels it, by what, and until when. It opens nothing in the portal to anybody (R5)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="compelled_disclosures")
    authority = models.CharField(max_length=160)
    legal_basis = models.CharField(max_length=200)
    what = models.CharField(max_length=500)
    due_on = models.DateField()
    telling_forbidden = models.BooleanField(help_text="The order forbids telling the originator.")
    recorded_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = CompelledDisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["record", "-recorded_at"], name="compelled_of_record")]

    def __str__(self) -> str:
        return f"{self.authority}, {self.legal_basis}"
