"""Papers of an agreement: its texts and what belongs to its acts, in versions, each with the checksum of its file."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.papers.choices import EXTENSIONS, LANGUAGES, DocumentKind, MediaType, Reading
from agreements.papers.querysets import DocumentQuerySet
from agreements.register.models import Agreement, TreatyAction


def random_name(document: "Document", name: str) -> str:
    """No word of the uploaded file's name is kept: it is under a random one, outside what is served as a file."""
    key = new_key().hex[::-1]
    return f"documents/{key[:2]}/{key}"


class Document(models.Model):
    """One version of a document. A new version never takes the place of the old one's file: both stay.

    All versions of one document have the same `series`. `sha256` is the checksum of the file as it was given.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="documents")
    action = models.ForeignKey(TreatyAction, models.SET_NULL, null=True, blank=True, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=3, choices=LANGUAGES)
    is_official = models.BooleanField(default=False)
    series = models.UUIDField(default=new_key, editable=False)
    version = models.PositiveSmallIntegerField(default=1)
    file = models.FileField(upload_to=random_name, max_length=120)
    media_type = models.CharField(max_length=80, choices=MediaType)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    reading = models.CharField(max_length=10, choices=Reading, default=Reading.WAITING)
    # Of title and text. Without an index: see `searching`.
    words = SearchVectorField(null=True, editable=False)
    added_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_why = models.TextField(blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-id"]
        indexes = [
            models.Index(fields=["agreement", "-added_at", "-id"], name="document_of_agreement"),
            models.Index(fields=["-added_at", "-id"], name="document_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="document_version_once"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(superseded_at=None), name="document_one_current_version"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_has_a_checksum"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why="")),
                name="document_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None, superseded_by=None)
                | Q(superseded_at__isnull=False, superseded_by__isnull=False),
                name="document_superseded_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        return f"DOC-{self.pk.hex[-8:].upper()}"

    @property
    def file_name(self) -> str:
        """What a download is called: it tells nothing of the agreement (R17)."""
        return f"{self.reference}-{self.language}-v{self.version}.{EXTENSIONS[MediaType(self.media_type)]}"

    @property
    def state(self) -> str:
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "superseded" if self.superseded_at is not None else "current"


class Passage(models.Model):
    """A stretch of a document's text: a page of a PDF, some paragraphs of others. What a search shows is cut from it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField()
    text = models.TextField()
    words = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["document", "number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="passage_once")]

    def __str__(self) -> str:
        return f"{self.document_id}, {self.number}"
