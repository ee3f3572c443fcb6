"""Imports of treaty lists: every row as it came, what it was taken for, and what was made of it. Nothing is dropped."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country, new_key
from agreements.importing.choices import Decision, Format, ImportState, RowState, Shape
from agreements.importing.querysets import ImportQuerySet, MappingQuerySet, NameQuerySet, RowQuerySet
from agreements.register.models import Agreement


class Import(models.Model):
    """One file, and how far it has come. `turn` counts its starts: messages of an earlier one do nothing."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="imports")
    uploaded_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    format = models.CharField(max_length=10, choices=Format)
    headers = models.JSONField(default=list, help_text="The words above the columns.")
    notes = models.JSONField(default=list, help_text="What reading the file came upon, in sentences.")
    mapping = models.JSONField(default=dict, help_text="Column number → field and party.")
    options = models.JSONField(default=dict, help_text="Shape, grouping column, separator, order of day and month …")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.MAPPING)
    turn = models.PositiveIntegerField(default=0)
    step = models.PositiveIntegerField(default=0)
    worked_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    stopped = models.CharField(max_length=300, blank=True, help_text="Why the worker stopped, in a sentence.")

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        indexes = [models.Index(fields=["agency", "-uploaded_at", "-id"], name="import_of_agency")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def shape(self) -> str:
        return str(self.options.get("shape", Shape.TREATY.value))

    @property
    def is_own_format(self) -> bool:
        return self.format == Format.REGISTER

    def option(self, name: str, default: Any = None) -> Any:
        return self.options.get(name, default)


class ImportRow(models.Model):
    """One row of the file. Rows of one agreement share `group`, and its first one (`leads`) stands for all."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="Row in the file, as a spreadsheet counts.")
    cells = models.JSONField(default=list)
    as_uploaded = models.JSONField(null=True, blank=True, help_text="The cells before the first repair.")
    group = models.CharField(max_length=200, blank=True)
    leads = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=RowState, default=RowState.UNCHECKED)
    findings = models.JSONField(default=list)
    values = models.JSONField(default=dict, help_text="What the check took the cells for.")
    title = models.CharField(max_length=400, blank=True)
    reference_key = models.CharField(max_length=120, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=6, choices=Decision, blank=True)
    decided_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    attach_to = models.ForeignKey(Agreement, models.SET_NULL, null=True, blank=True, related_name="+")
    agreement = models.ForeignKey(Agreement, models.SET_NULL, null=True, blank=True, related_name="imported_rows")
    made = models.JSONField(default=dict, help_text="Keys of what it made, for undoing exactly that.")
    kept_because = models.CharField(max_length=300, blank=True, help_text="Why undoing left what it made.")

    objects = RowQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["of", "state", "number"], name="import_row_state"),
            models.Index(fields=["of", "group"], name="import_row_group"),
            models.Index(fields=["of", "signed_on"], name="import_row_signed", condition=Q(signed_on__isnull=False)),
            models.Index(fields=["of", "reference_key"], name="import_row_reference", condition=~Q(reference_key="")),
            GinIndex(fields=["findings"], opclasses=["jsonb_path_ops"], name="import_row_findings"),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}"


class KeptMapping(models.Model):
    """How an agency last named the columns of files with these headers; offered again for the next one."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    headers_digest = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    kept_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)

    objects = MappingQuerySet.as_manager()

    class Meta:
        ordering = ["-kept_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["agency", "headers_digest"], name="mapping_once_per_headers")]

    def __str__(self) -> str:
        return f"Columns of {self.kept_at:%Y-%m-%d}"


class CountryName(models.Model):
    """What an agency decided that a name means: a country, or none (`country` empty), which leaves the party out."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    key = models.CharField(max_length=200, help_text="The name without case, accents and punctuation.")
    name = models.CharField(max_length=200)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    objects = NameQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["agency", "key"], name="country_name_once_per_agency")]

    def __str__(self) -> str:
        return self.name
