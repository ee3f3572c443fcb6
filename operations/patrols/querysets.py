"""Rows of patrols by what is true of them. Every reader starts with `visible_to`."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from agreements.sharing.models import Record
from agreements.sharing.querysets import DetailQuerySet, Sight
from operations.patrols.choices import PatrolState
from operations.patrols.lifecycle import START_GRACE

if TYPE_CHECKING:
    from operations.patrols.models import Leg, Observation, Patrol  # noqa: F401


class PatrolQuerySet(DetailQuerySet["Patrol"]):
    kind = "patrol"

    def overdue(self, at: datetime) -> "PatrolQuerySet":
        """Active past the planned end, or planned and not started 30 minutes after the time."""
        return self.filter(
            Q(state=PatrolState.ACTIVE, ends_at__lt=at) | Q(state=PatrolState.PLANNED, starts_at__lt=at - START_GRACE)
        )

    def within(self, since: datetime | None, till: datetime | None) -> "PatrolQuerySet":
        """Planned at any time between the two instants."""
        rows = self
        if since is not None:
            rows = rows.filter(ends_at__gte=since)
        if till is not None:
            rows = rows.filter(starts_at__lt=till)
        return rows


class LegQuerySet(DetailQuerySet["Leg"]):
    kind = "leg"

    def of_patrol(self, record: Record) -> "LegQuerySet":
        return self.filter(record__host=record)

    def running(self) -> "LegQuerySet":
        return self.filter(ended_at=None)


class ObservationQuerySet(DetailQuerySet["Observation"]):
    kind = "observation"

    def visible_to(self, access: Sight) -> Self:
        """With what each is filled in with, in the same query."""
        return super().visible_to(access).select_related("record__filled")

    def of_patrol(self, record: Record) -> "ObservationQuerySet":
        return self.filter(record__host=record)
