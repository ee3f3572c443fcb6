"""Corrections by who may know of them. Every reader starts with `visible_to`."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import BooleanField, Case, Q, Value, When

from agencies.directory.models import Appointment
from agreements.corrections.lifecycle import CorrectionState
from agreements.sharing.models import Record
from agreements.sharing.policy import Access

if TYPE_CHECKING:
    from agreements.corrections.models import Correction  # noqa: F401

MOST_COUNTED = 100


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, access: Access) -> "CorrectionQuerySet":
        """Those of records that the officer sees now, of which the officer's agency is one of the two sides.

        No other receiver of the record learns that there is one; a record that is hidden hides its corrections (R17).
        """
        if access.appointment is None:
            return self.none()
        agencies = access.appointment.agencies
        sides = Q(record__owner__in=agencies) | Q(proposed_by__agency__in=agencies)
        return self.filter(sides, record__in=Record.objects.visible_to(access).values("pk"))

    def open(self) -> "CorrectionQuerySet":
        return self.filter(state=CorrectionState.OPEN)

    def to_answer(self, by: Appointment) -> "CorrectionQuerySet":
        """Open ones about records of the officer's agency."""
        return self.open().filter(record__owner__in=by.agencies)

    def with_words(self) -> "CorrectionQuerySet":
        """With what a line of a list shows, in the same query."""
        return self.select_related(
            "record__owner__country",
            "proposed_by__officer",
            "proposed_by__agency__country",
            "answered_by__officer",
            "answered_by__agency__country",
        )

    def waiting_first(self, by: Appointment) -> "CorrectionQuerySet":
        """Those that wait for the officer's agency, then all others; newest first among both."""
        waits = When(state=CorrectionState.OPEN, record__owner__in=by.agencies, then=Value(False))
        rest = Case(waits, default=Value(True), output_field=BooleanField())
        return self.annotate(rest=rest).order_by("rest", "-proposed_at", "-pk")

    def capped_count(self) -> int:
        return self.order_by()[:MOST_COUNTED].count()
