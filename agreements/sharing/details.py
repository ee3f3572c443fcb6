"""What the details of every kind have in common."""

from typing import TYPE_CHECKING

from django.db import models

from agreements.sharing.models import Record


class Detail(models.Model):
    """What a kind adds to its records, a row for each: named and numbered as its record is.

    Each kind says itself what its record calls it (`related_name`).
    """

    if TYPE_CHECKING:
        record: models.OneToOneField[Record, Record]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.record.title

    @property
    def version(self) -> int:
        return self.record.version
