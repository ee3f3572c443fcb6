"""One page of the inbox: unread first, then newest first."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Case, Q, Value, When

from agreements.alerts.models import Alert
from agreements.alerts.querysets import AlertQuerySet

PAGE = 50


@dataclass(frozen=True)
class Group:
    """Alerts that tell of one change set: the first of a page, and the rest under it."""

    first: Alert
    rest: Sequence[Alert]


@dataclass(frozen=True)
class Page:
    alerts: Sequence[Alert]
    older: str

    @property
    def groups(self) -> list[Group]:
        """One for each change set of the page; what is read is never under what is not."""
        found: dict[tuple[str, bool], list[Alert]] = {}
        for alert in self.alerts:
            found.setdefault((alert.change_set, alert.is_unread), []).append(alert)
        return [Group(rows[0], rows[1:]) for rows in found.values()]


def page_of(rows: AlertQuerySet, place: str) -> Page:
    """The page beyond `place` (what an earlier page gave as `older`); one that is not ours is the first page."""
    read = Case(When(seen_at=None, done_at=None, then=Value(False)), default=Value(True), output_field=BooleanField())
    ordered = rows.with_subjects().annotate(read=read).order_by("read", "-created_at", "-pk")
    found = list(ordered.filter(_beyond(place))[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, _place(shown[-1]) if len(found) > PAGE else "")


def _place(alert: Alert) -> str:
    return f"{int(not alert.is_unread)}_{alert.created_at.isoformat()}_{alert.pk}"


def _beyond(place: str) -> Q:
    try:
        read, instant, key = place.split("_")
        at, pk, was_read = datetime.fromisoformat(instant), uuid.UUID(key), bool(int(read))
    except ValueError:
        return Q()
    later = Q(read=was_read) & (Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))
    return later if was_read else later | Q(read=True)
