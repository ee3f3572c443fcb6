"""A record and its releases as they stood at an instant (R14): the policy is then asked as it is asked for now."""

import copy
from datetime import datetime

from django.db.models import Q

from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.models import MarkingChange, Record, Release


def record_at(record: Record, at: datetime) -> Record:
    """A copy with the marking and the compartment of that instant: what the first later change found before it."""
    then = copy.copy(record)
    changes = list(MarkingChange.objects.filter(record=record, changed_at__gt=at).order_by("-changed_at", "-pk"))
    names = vars(Marking())
    for change in changes:
        for name, value in change.before.items():
            setattr(then, name if name in names else f"{name}_id", value)
    return then


def releases_at(record: Record, at: datetime) -> list[Release]:
    """The releases that stood at that instant, with what a trigger copies from the record as it was then.

    `record` is one of `record_at`. Nothing of this is ever saved.
    """
    rows = record.releases.filter(Q(revoked_at=None) | Q(revoked_at__gt=at), released_at__lte=at)
    marking = marking_of(record)
    found = []
    for row in rows.with_audience().select_related(
        "audience__agency", "audience__country", "audience__unit", "provider"
    ):
        row.revoked_at = row.revoked_by = None
        row.classification, row.categories = marking.classification, marking.categories
        row.tlp, row.rel_to = marking.tlp, marking.rel_to
        found.append(row)
    return found
