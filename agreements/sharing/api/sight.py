"""Which records the reader sees among those that rows point to: nothing hidden is named by its key (R17, R23)."""

import uuid
from collections.abc import Iterable

from agreements.sharing import locking
from agreements.sharing.models import Record
from agreements.sharing.policy import Access


class Sight:
    """Answers `sees(key)`; `prime` asks for many at once, so that a page costs one query."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._known: dict[uuid.UUID, Record | None] = {}

    def prime(self, records: Iterable[Record]) -> None:
        self.ask(key for row in records for key in (row.operation_id, row.host_id) if key)

    def ask(self, keys: Iterable[uuid.UUID]) -> None:
        """The same for records that rows name in another way."""
        asked = set(keys) - self._known.keys()
        if not asked:
            return
        with locking.showing(self.access, asked) as so_far:
            found = Record.objects.visible_to(so_far).only("owner").in_bulk(asked)
        self._known |= {key: found.get(key) for key in asked}

    def named_by(self, records: Iterable[Record]) -> list[Record]:
        """The visible records to which these point, and which an answer about them names by key (R29)."""
        rows = list(records)
        self.prime(rows)
        keys = {key for row in rows for key in (row.operation_id, row.host_id) if key}
        return [found for key in keys for found in [self._known[key]] if found is not None]

    def knows(self, key: uuid.UUID) -> bool:
        """Whether the record of that key is visible."""
        if key not in self._known:
            self._known[key] = Record.objects.visible_to(self.access).only("owner").filter(pk=key).first()
        return self._known[key] is not None

    def sees(self, record: Record, key: uuid.UUID | None) -> uuid.UUID | None:
        """The key, if what it names is visible."""
        if key is None:
            return None
        if key not in self._known:
            self.prime([record])
        return key if self._known.get(key) else None
