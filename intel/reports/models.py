"""An intelligence report: a record of the agency that wrote it, with its text and its grade in one scheme."""

from django.db import models
from django.db.models import Q

from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from intel.reports import grading
from intel.reports.grading import SCHEMES, Scheme, SchemeName
from intel.reports.lifecycle import ReportState
from intel.reports.querysets import ReportQuerySet


class Report(Detail):
    """What is known, and how far to trust it. Title, marking, operation, time, zone and position are its record's.

    The record's `occurred_at` is the time of the information, not of the writing.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="report")
    summary = models.TextField(help_text="What a reader must know, in two sentences.")
    body = models.TextField(blank=True)
    scheme = models.CharField(max_length=8, choices=SchemeName)
    source_grade = models.CharField(max_length=1, help_text="Reliability of the source, in the scheme.")
    information_grade = models.CharField(max_length=1, help_text="Credibility of the information, in the scheme.")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.ISSUED)
    changed_at = models.DateTimeField(null=True, blank=True, help_text="When its text or grade was last changed.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.CharField(max_length=300, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        indexes = [models.Index(fields=["scheme", "source_grade", "information_grade"], name="report_grade")]
        constraints = [
            models.CheckConstraint(condition=grading.is_one_scheme(), name="report_grades_of_one_scheme"),
            models.CheckConstraint(
                condition=Q(state=ReportState.ISSUED.value, withdrawn_at=None, withdraw_reason="")
                | (Q(state=ReportState.WITHDRAWN.value, withdrawn_at__isnull=False) & ~Q(withdraw_reason="")),
                name="report_withdrawn_when_and_why",
            ),
        ]

    @property
    def grade(self) -> str:
        """As it is written: source before information, such as B2."""
        return f"{self.source_grade}{self.information_grade}"

    @property
    def graded_by(self) -> Scheme:
        return SCHEMES[self.scheme]

    @property
    def source_words(self) -> str:
        return self.graded_by.source[self.source_grade]

    @property
    def information_words(self) -> str:
        return self.graded_by.information[self.information_grade]
