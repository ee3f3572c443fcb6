"""Operations by what is true of them. Every reader starts with `visible_to`."""

from datetime import datetime
from typing import TYPE_CHECKING

from agreements.sharing.querysets import DetailQuerySet
from operations.planning.lifecycle import LIVE

if TYPE_CHECKING:
    from operations.planning.models import Instruction, Operation  # noqa: F401


class OperationQuerySet(DetailQuerySet["Operation"]):
    kind = "operation"

    def with_basis(self) -> "OperationQuerySet":
        """With what a page about one operation names."""
        return self.select_related(
            "agreement__made_under__agreement", "host_state", "record__owner__country", "record__circle"
        ).prefetch_related("clauses__agreement")

    def within(self, since: datetime | None, till: datetime | None) -> "OperationQuerySet":
        """Running at any time between the two instants."""
        rows = self
        if since is not None:
            rows = rows.filter(ends_at__gte=since)
        if till is not None:
            rows = rows.filter(starts_at__lt=till)
        return rows

    def live(self) -> "OperationQuerySet":
        """Planned or open: the plan may still change."""
        return self.filter(state__in=LIVE)


class InstructionQuerySet(DetailQuerySet["Instruction"]):
    kind = "instruction"
