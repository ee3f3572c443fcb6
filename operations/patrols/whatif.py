"""Patrols that would lose or gain their legal basis: that of their operation (R28)."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.register.facts import Treaties
from agreements.register.foresight import Footing, Named
from agreements.sharing.policy import Access, access
from operations.patrols.choices import PatrolState
from operations.patrols.models import Patrol
from operations.planning import whatif
from operations.planning.models import Operation
from portal import second_lock


def footings(by: Appointment, before: Treaties, after: Treaties, at: datetime) -> list[Footing]:
    """Planned and running ones of the operations concerned, with the addresses of those that the asker may see."""
    found = whatif.changed(by, before, after, at)
    if not (found.lost or found.gained):
        return []
    mine = access(by, timezone.now())
    (lost, losing), (gained, gaining) = (_of(rows, by, mine) for rows in (found.lost, found.gained))
    return [Footing("Patrols", lost, gained, losing, gaining)] if lost or gained else []


def _of(operations: Iterable[Operation], by: Appointment, mine: Access) -> tuple[int, tuple[Named, ...]]:
    rows = Patrol.objects.filter(
        whatif.of_the_party(by),
        record__operation__in=[row.pk for row in operations],
        state__in=[PatrolState.PLANNED, PatrolState.ACTIVE],
    )
    with second_lock.opened("which patrols lose their basis, for the party that asks"):
        keys = set(rows.values_list("pk", flat=True))
    seen = Patrol.objects.visible_to(mine).filter(pk__in=keys)
    named = tuple(Named(row.pk, row.record.title, reverse("patrols:patrol-detail", args=[row.pk])) for row in seen)
    return len(keys), named
