"""What the viewsets of records here share: the door, the ledger, and sight of what a record hangs on."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Q
from rest_framework.serializers import ValidationError

from agreements.sharing.api.pages import FeedPagination
from agreements.sharing.disclosure import items_of
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from portal.api.viewsets import KernelViewSet
from portal.audit import recording


class RecordMixin(KernelViewSet):
    pagination_class = FeedPagination

    @property
    def access(self) -> Access:
        return access_of(self.request._request)

    def bodies(self, rows: Any) -> Any:
        """Without what is display-only and not one's own: it has no body over the API (R7)."""
        return rows.exclude(Q(record__display_only=True) & ~Q(record__owner__in=self.by.agencies))

    def kept(self, rows: list[Any]) -> list[Any]:
        """The same of rows that are already read."""
        return [row for row in rows if not row.record.display_only or row.record.owner_id in self.by.agencies]

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        hung_on = {key for row in rows for key in _hung_on(row) if key}
        self._ask(hung_on - self._nameable.keys())
        named = [found for key in hung_on for found in [self._nameable[key]] if found is not None]
        return items_of(self.access, [*(row.record for row in rows), *named])

    def disclose(self, rows: Sequence[Any]) -> None:
        """The one entry of an answer that neither `list` nor `shown` gives."""
        recording.disclose(by=self.by, items=self.disclosures(rows))

    @cached_property
    def _nameable(self) -> dict[uuid.UUID, Record | None]:
        return {}

    def may_name(self, key: uuid.UUID) -> bool:
        """Whether the record of that key may be named in this answer: asked once for each, or for a page at once."""
        if key not in self._nameable:
            self._ask({key})
        return self._nameable[key] is not None

    def _ask(self, keys: set[uuid.UUID]) -> None:
        seen = Record.objects.visible_to(self.access).only("owner").in_bulk(keys)
        self._nameable.update({key: seen.get(key) for key in keys})


def _hung_on(row: Any) -> tuple[uuid.UUID | None, ...]:
    """The records that an answer about the row would name."""
    return row.record.operation_id, row.record.host_id, getattr(row, "leg_id", None)


def sight_of(view: RecordMixin, kind: str, key: uuid.UUID, field: str) -> Record:
    """A record named in the body. Hidden and unknown are refused alike (R17)."""
    row = Record.objects.visible_to(view.access).of_kind(kind).filter(pk=key).first()
    if row is None:
        raise ValidationError({field: [f"There is no such {kind}."]})
    return row
