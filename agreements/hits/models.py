"""What owners indexed, what was searched, and what each partner answered (R19). No value is kept anywhere."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country, new_key
from agreements.hits.choices import Outcome, Term
from agreements.register.choices import Purpose
from agreements.register.models import Clause
from agreements.sharing.models import Record
from agreements.sharing.policy import Access


class IndexEntryQuerySet(models.QuerySet["IndexEntry"]):
    def visible_to(self, access: Access) -> Self:
        """Those of the own agency's records that the officer sees: no receiver learns what is indexed."""
        if access.appointment is None:
            return self.none()
        own = self.filter(record__owner__in=access.appointment.agencies)
        return own.filter(record__in=Record.objects.visible_to(access))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def with_words(self) -> Self:
        return self.select_related("record__owner__country", "clause__agreement", "indexed_by__officer")


class IndexEntry(models.Model):
    """One term of one record, for the searches under one clause."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="index_entries")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    term = models.CharField(max_length=20, choices=Term)
    digest = models.CharField(max_length=64, editable=False)
    masked = models.CharField(max_length=8)
    indexed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    indexed_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = IndexEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-indexed_at", "-id"]
        verbose_name_plural = "index entries"
        indexes = [models.Index(fields=["digest"], condition=Q(withdrawn_at=None), name="index_entry_digest")]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "digest"], condition=Q(withdrawn_at=None), name="index_entry_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_term_display()} {self.masked}"


class SearchQuerySet(models.QuerySet["Search"]):
    def visible_to(self, access: Access) -> Self:
        """The own agency's searches."""
        if access.appointment is None:
            return self.none()
        return self.filter(searched_by__agency__in=access.appointment.agencies)

    def with_words(self) -> Self:
        answers = Answer.objects.select_related("agency__country", "country", "clause__agreement")
        rows = self.select_related("searched_by__officer", "searched_by__agency")
        return rows.prefetch_related(models.Prefetch("answers", queryset=answers))


class Search(models.Model):
    """One question to all partners."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    term = models.CharField(max_length=20, choices=Term)
    masked = models.CharField(max_length=8)
    purpose = models.CharField(max_length=30, choices=Purpose)
    reason = models.CharField(max_length=300)
    searched_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    searched_at = models.DateTimeField(default=timezone.now)

    objects = SearchQuerySet.as_manager()

    class Meta:
        ordering = ["-searched_at", "-id"]
        verbose_name_plural = "searches"
        indexes = [models.Index(fields=["searched_by", "-searched_at"], name="search_by_officer")]

    def __str__(self) -> str:
        return f"{self.get_term_display()} {self.masked}"

    @property
    def hits(self) -> "list[Answer]":
        return [row for row in self.answers.all() if row.outcome == Outcome.HIT]

    @property
    def without_hit(self) -> "list[Answer]":
        return [row for row in self.answers.all() if row.outcome == Outcome.NO_HIT]

    @property
    def not_searched(self) -> "list[Answer]":
        return [row for row in self.answers.all() if row.outcome == Outcome.NOT_SEARCHED]


class Answer(models.Model):
    """What one partner agency answered; of a state with no agency to ask, that it was not searched.

    There is the same row, with a reference, whatever the outcome. `entries` are the owner's affair: which it hit.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    search = models.ForeignKey(Search, models.PROTECT, related_name="answers")
    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome)
    words = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=16)
    entries = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        ordering = ["country_id", "agency__name", "id"]
        indexes = [models.Index(fields=["agency", "outcome"], name="answer_agency_outcome")]

    def __str__(self) -> str:
        return f"{self.agency or self.country}: {self.get_outcome_display()}"
