"""Operations that two agencies have in common, as far as the reader may know who takes part (R18)."""

import uuid
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from agreements.sharing.models import Participation
from agreements.sharing.policy import Access
from operations.planning.models import Operation

# The newest so many are looked at.
CAP = 200


def in_common(access: Access, others: Collection[uuid.UUID]) -> list[Operation]:
    """Operations that the reader sees and in which one of these agencies leads or takes part, newest first. In a
    constant number of queries."""
    by = access.appointment
    if by is None or not others:
        return []
    rows = list(Operation.objects.visible_to(access).newest(CAP))
    standing = Participation.objects.filter(Q(ended_at=None) | Q(ended_at__gt=access.at), accepted_at__lte=access.at)
    taking: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for record, agency in standing.filter(circle__record__in=[row.pk for row in rows]).values_list(
        "circle__record", "agency"
    ):
        taking[record].add(agency)
    return [row for row in rows if _theirs(row, taking[row.pk], access, frozenset(others))]


def _theirs(row: Operation, taking: set[uuid.UUID], access: Access, others: frozenset[uuid.UUID]) -> bool:
    """Who takes part is known to who leads or takes part; who leads, to whoever sees it."""
    owner = row.record.owner_id
    inside = access.owns(owner) or bool(taking & access.agencies)
    return owner in others or (inside and bool(taking & others))
