"""What the tables of both rooms have in common: the text, what an agency says of it, the copy that it then owns."""

import json
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.sharing.details import Detail
from operations.sealing.querysets import SaidQuerySet


class SharedText(Detail):
    """What several agencies are to say yes to: a record of the agency that writes it. Each of its `sides` is asked."""

    if TYPE_CHECKING:
        sides: Any
        revision: Any

    class Meta:
        abstract = True

    @property
    def said(self) -> "SaidQuerySet[Any]":
        """What its sides said of it, also what lapsed."""
        raise NotImplementedError


class Said(models.Model):
    """That an agency says yes: who said so, for which agency, over which content. One that lapsed is kept."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    function = models.CharField(max_length=200, help_text="Of the officer, as it was then.")
    revision = models.PositiveIntegerField()
    content_digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical content.")
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class SealedText(Detail):
    """What an agency said yes to, as its own record: nothing takes it away (R3).

    `text` is the canonical JSON that was sealed, letter for letter; the row is never changed, and the database
    refuses it to web and worker.
    """

    FORMAT: ClassVar[str]

    text = models.TextField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the text.")
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    @property
    def content(self) -> dict[str, Any]:
        """What was sealed; empty where the text is none any more, as only a hand in the database could make it."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) and found.get("format") == self.FORMAT else {}
