"""What each agency says of the minutes, and the sealed copy that each then owns (R3)."""

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.sharing.models import Record
from operations.minutes.choices import Decision, Lapse
from operations.minutes.models.minutes import Minutes
from operations.minutes.querysets import AnnotationQuerySet, AssentQuerySet, MinutesCopyQuerySet

COPY_FORMAT = "entente.minutes.copy/1"


class Annotation(models.Model):
    """What an agency adds to the minutes: its own record, hosted by them (R23)."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="annotation")
    revision = models.PositiveIntegerField(help_text="Of the minutes that it is about.")
    text = models.TextField()

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]

    def __str__(self) -> str:
        return self.record.title


class Assent(models.Model):
    """That an agency agrees: who said so, when, over which content. One that lapsed is kept.

    Whoever reads the minutes sees it; the name of the officer is for the own agency alone (R18).
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="approvals")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    function = models.CharField(max_length=200, help_text="Of the officer, as it was then.")
    decision = models.CharField(max_length=10, choices=Decision)
    annotation = models.ForeignKey(Record, models.PROTECT, null=True, blank=True, related_name="+")
    annotation_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the annotation's text.")
    revision = models.PositiveIntegerField()
    content_digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical content.")
    agreed_at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64, help_text="SHA-256 of all that is said here.")
    lapsed_at = models.DateTimeField(null=True, blank=True)
    lapsed_why = models.CharField(max_length=12, choices=Lapse, blank=True)

    objects = AssentQuerySet.as_manager()

    class Meta:
        ordering = ["agreed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "agency"], condition=Q(lapsed_at=None), name="minutes_agreed_once_by_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.AGREES.value, annotation=None, annotation_digest="")
                | (Q(decision=Decision.ANNOTATES.value, annotation__isnull=False) & ~Q(annotation_digest="")),
                name="minutes_annotated_with_an_annotation",
            ),
            models.CheckConstraint(
                condition=Q(lapsed_at=None, lapsed_why="") | (Q(lapsed_at__isnull=False) & ~Q(lapsed_why="")),
                name="minutes_lapsed_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short}: {self.get_decision_display()}"


class MinutesCopy(models.Model):
    """The minutes as an agency agreed to them, its own record: nothing takes it away (R3).

    `text` is the canonical JSON that was sealed, letter for letter; the row is never changed, and the database
    refuses it to web and worker. `minutes` is a key and no foreign key: they may be hidden by now (R23).
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="minutes_copy")
    minutes = models.UUIDField(db_index=True)
    text = models.TextField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the text.")
    content_digest = models.CharField(max_length=64, help_text="That every agency agreed to; the same in all copies.")
    sealed_at = models.DateTimeField(default=timezone.now)

    objects = MinutesCopyQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        verbose_name_plural = "minutes copies"

    def __str__(self) -> str:
        return self.record.title

    @property
    def version(self) -> int:
        return self.record.version

    @property
    def content(self) -> dict[str, Any]:
        """What was sealed; empty where the text is none any more, as only a hand in the database could make it."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) and found.get("format") == COPY_FORMAT else {}
