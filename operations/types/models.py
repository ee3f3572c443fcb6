"""The types of an operation in numbered versions, and what was filled in of them in an entry."""

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.sharing.models import Record
from operations.types import definitions, schema
from operations.types.definitions import Type
from operations.types.querysets import CatalogueQuerySet


class Catalogue(models.Model):
    """The observation types of an operation: a draft of its owner, then a version that whoever sees it reads.

    A published version never changes. Entries keep the one that they were made with (ADR 0034).
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="catalogues", help_text="The operation.")
    number = models.PositiveIntegerField(null=True, blank=True, help_text="Of a published one: 1, 2, 3 …")
    types = models.JSONField(default=list, help_text="In the order in which they are offered.")
    revision = models.PositiveIntegerField(default=1, help_text="Of a draft: counts its changes.")
    made_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        ordering = ["record_id", models.F("number").desc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="catalogue_version_once"),
            models.UniqueConstraint(fields=["record"], condition=Q(number=None), name="catalogue_one_draft"),
            models.CheckConstraint(
                condition=Q(number=None, published_at=None, published_by=None)
                | Q(number__gte=1, published_at__isnull=False, published_by__isnull=False),
                name="catalogue_published_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}" if self.number else "Draft"

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @cached_property
    def read(self) -> tuple[Type, ...]:
        """The types as plain values. What is stored was checked when it was stored."""
        return definitions.read_types(self.types)

    def type_of(self, key: str) -> Type | None:
        return next((each for each in self.read if each.key == key), None)

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema 2020-12."""
        title = f"Observation types, {self}"
        return schema.document(self.read, title=title, identifier=f"urn:uuid:{self.pk}", version=self.number)


class Filled(models.Model):
    """What was filled in of a type in an entry: part of the entry, its owner's own.

    `form` is the type as it was then. `catalogue` is a key and no foreign key: the entry is read, with its labels,
    also when the operation is hidden by now (R3).
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="filled")
    catalogue = models.UUIDField(help_text="Key of the version that it was made with.")
    number = models.PositiveIntegerField(help_text="Of that version.")
    older = models.BooleanField(default=False, help_text="A newer version was published when it was received.")
    form = models.JSONField(help_text="The type.")
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "filled"

    def __str__(self) -> str:
        return self.label()

    @cached_property
    def type(self) -> Type:
        return definitions.read_type(self.form)

    def label(self, languages: tuple[str, ...] = ()) -> str:
        return definitions.said(self.type.labels, languages)[0]
