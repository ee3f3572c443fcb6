"""What each agency says of the minutes, and the sealed copy that each then owns (R3)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.minutes.choices import Decision, Lapse
from operations.minutes.models.minutes import Minutes
from operations.minutes.querysets import AnnotationQuerySet, AssentQuerySet, MinutesCopyQuerySet
from operations.sealing.models import Said, SealedText

COPY_FORMAT = "entente.minutes.copy/1"


class Annotation(Detail):
    """What an agency adds to the minutes: its own record, hosted by them (R23)."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="annotation")
    revision = models.PositiveIntegerField(help_text="Of the minutes that it is about.")
    text = models.TextField()

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]


class Assent(Said):
    """That an agency agrees, and when.

    Whoever reads the minutes sees it; the name of the officer is for the own agency alone (R18).
    """

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="approvals")
    decision = models.CharField(max_length=10, choices=Decision)
    annotation = models.ForeignKey(Record, models.PROTECT, null=True, blank=True, related_name="+")
    annotation_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the annotation's text.")
    agreed_at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64, help_text="SHA-256 of all that is said here.")
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


class MinutesCopy(SealedText):
    """The minutes as an agency agreed to them. `minutes` is a key and no foreign key: they may be hidden by now (R23)."""

    FORMAT = COPY_FORMAT

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="minutes_copy")
    minutes = models.UUIDField(db_index=True)
    content_digest = models.CharField(max_length=64, help_text="That every agency agreed to; the same in all copies.")

    objects = MinutesCopyQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        verbose_name_plural = "minutes copies"
