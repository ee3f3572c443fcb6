"""Pages of records, and of their details, in order of time: read from the feed."""

import uuid
from datetime import datetime
from typing import Any

from agreements.sharing.querysets import ThroughTheDoor
from portal.api.pagination import KeysetPagination, Position

ORDERS = (("-occurred_at", "-pk"), ("-record__occurred_at", "-pk"))


class FeedPagination(KeysetPagination):
    """As the kernel's; where the order is that of the feed, the feed answers."""

    def rows(self, queryset: Any, position: Position | None, count: int) -> list[Any]:
        if tuple(self.keyset) not in ORDERS or not isinstance(queryset, ThroughTheDoor):
            return super().rows(queryset, position, count)
        if position is None:
            return list(queryset.newest(count))
        direction, (instant, key) = position
        place = datetime.fromisoformat(instant), uuid.UUID(key)
        older = direction == "after"
        return list(queryset.newest(count, before=place if older else None, after=None if older else place))
