"""Reports by what is true of them. Every reader starts with `visible_to`."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.db.models.query import QuerySet

from agencies.directory.models import Appointment
from agreements.sharing.models import Record, Release
from agreements.sharing.querysets import DetailQuerySet
from intel.reports.lifecycle import ReportState

if TYPE_CHECKING:
    from intel.reports.models import Report  # noqa: F401


def _given_abroad() -> "QuerySet[Release]":
    return Release.objects.standing().filter(content_object=OuterRef("record_id"), clause__isnull=False)


class ReportQuerySet(DetailQuerySet["Report"]):
    kind = "report"

    def with_reach(self) -> "ReportQuerySet":
        """`is_shared`: whether it stands released to anybody abroad. To be told to officers of its owner only."""
        return self.annotate(is_shared=Exists(_given_abroad()))

    def to_read(self, by: Appointment) -> "ReportQuerySet":
        """Partners' reports, not withdrawn, whose own pages the officer has not opened."""
        return self.filter(record__in=Record.objects.unopened_by(by), state=ReportState.ISSUED)

    def own_unreleased(self, by: Appointment) -> "ReportQuerySet":
        """Those of the officer's agency, not withdrawn, that nobody abroad was given."""
        return self.filter(~Exists(_given_abroad()), record__owner__in=by.agencies, state=ReportState.ISSUED)

    def matching(self, words: str) -> "ReportQuerySet":
        """Full-text search in title, summary and text."""
        return self.filter(record__in=Record.objects.matching(words))

    def within(self, since: datetime | None, till: datetime | None) -> "ReportQuerySet":
        """Whose information is of the time between the two instants."""
        rows = self
        if since is not None:
            rows = rows.filter(record__occurred_at__gte=since)
        if till is not None:
            rows = rows.filter(record__occurred_at__lt=till)
        return rows
