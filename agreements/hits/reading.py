"""What an owner reads of its index: the entries of a record, and which searches hit them."""

import uuid
from dataclasses import dataclass, field

from agreements.hits.choices import Outcome
from agreements.hits.models import Answer, IndexEntry
from agreements.sharing.models import Record
from agreements.sharing.policy import Access


@dataclass
class Indexed:
    """Of one own record; of another agency's, nothing."""

    own: bool
    entries: list[IndexEntry] = field(default_factory=list)
    hits: list[Answer] = field(default_factory=list)


def indexed(record: Record, access: Access) -> Indexed:
    """Standing entries, and the hits of these and of withdrawn ones, newest first."""
    found = Indexed(access.owns(record.owner_id))
    if not found.own:
        return found
    rows = list(IndexEntry.objects.visible_to(access).filter(record=record).with_words())
    found.entries = [row for row in rows if row.withdrawn_at is None]
    found.hits = list(hits_of([row.pk for row in rows], record.owner_id)) if rows else []
    return found


def hits_of(entries: list[uuid.UUID], owner: uuid.UUID) -> list[Answer]:
    """Answers that hit one of the entries, with who asked."""
    rows = Answer.objects.filter(agency=owner, outcome=Outcome.HIT, entries__overlap=entries)
    return list(rows.select_related("search__searched_by__agency__country").order_by("-search__searched_at", "-pk"))
