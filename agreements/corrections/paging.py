"""One page of the list: what waits for the officer's agency first, then newest first."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from agencies.directory.models import Appointment
from agreements.corrections.models import Correction
from agreements.corrections.querysets import CorrectionQuerySet

PAGE = 25


@dataclass(frozen=True)
class Page:
    rows: Sequence[Correction]
    older: str


def page_of(rows: CorrectionQuerySet, by: Appointment, place: str) -> Page:
    """The page beyond `place` (what an earlier page gave as `older`); one that is not ours is the first page."""
    found = list(rows.with_words().waiting_first(by).filter(_beyond(place))[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, _place(shown[-1]) if len(found) > PAGE else "")


def _place(row: Correction) -> str:
    return f"{int(row.rest)}_{row.proposed_at.isoformat()}_{row.pk}"  # type: ignore[attr-defined]


def _beyond(place: str) -> Q:
    try:
        rest, instant, key = place.split("_")
        at, pk, is_rest = datetime.fromisoformat(instant), uuid.UUID(key), bool(int(rest))
    except ValueError:
        return Q()
    if at.tzinfo is None:
        return Q()
    later = Q(rest=is_rest) & (Q(proposed_at__lt=at) | Q(proposed_at=at, pk__lt=pk))
    return later if is_rest else later | Q(rest=True)
