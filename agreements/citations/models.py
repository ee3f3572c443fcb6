"""A record cites another: what it says came in part from there (R12)."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.sharing.models import Record
from agreements.sharing.policy import Access


class CitationQuerySet(models.QuerySet["Citation"]):
    def visible_to(self, access: Access) -> Self:
        """Those whose two records the officer sees: a hidden source is not named (R17)."""
        seen = Record.objects.visible_to(access)
        return self.filter(record__in=seen, source__in=seen)


class Citation(models.Model):
    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="citations")
    source = models.ForeignKey(Record, models.PROTECT, related_name="cited_in")
    cited_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    cited_at = models.DateTimeField(default=timezone.now)

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["cited_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["record", "source"], name="citation_once"),
            models.CheckConstraint(condition=~Q(record=F("source")), name="citation_not_of_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} cites {self.source_id}"
