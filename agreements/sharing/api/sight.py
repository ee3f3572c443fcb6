"""Which records the reader sees among those that rows point to: nothing hidden is named by its key (R17, R23)."""

import uuid
from collections.abc import Iterable

from agreements.sharing.models import Record
from agreements.sharing.policy import Access


class Sight:
    """Answers `sees(key)`; `prime` asks for many at once, so that a page costs one query."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._known: dict[uuid.UUID, bool] = {}

    def prime(self, records: Iterable[Record]) -> None:
        rows = list(records)
        asked = {key for row in rows for key in (row.operation_id, row.host_id) if key} - self._known.keys()
        if not asked:
            return
        found = set(Record.objects.visible_to(self.access).filter(pk__in=asked).values_list("pk", flat=True))
        self._known |= {key: key in found for key in asked}

    def sees(self, record: Record, key: uuid.UUID | None) -> uuid.UUID | None:
        """The key, if what it names is visible."""
        if key is None:
            return None
        if key not in self._known:
            self.prime([record])
        return key if self._known.get(key) else None
