"""What would lose or gain its legal basis by a proposed fact (R28): asked as pages ask it, with both sets of facts."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.register.facts import Treaties
from agreements.register.foresight import Footing, Named
from agreements.sharing.policy import access
from operations.planning.basis import basis_holds
from operations.planning.models import Operation
from portal import second_lock


@dataclass
class Changed:
    """Live operations that would lose their basis, and that would gain one."""

    lost: list[Operation] = field(default_factory=list)
    gained: list[Operation] = field(default_factory=list)


@second_lock.opened("which operations lose their basis, for the party that asks")
def changed(by: Appointment, before: Treaties, after: Treaties, at: datetime) -> Changed:
    """Of the party's own operations, and of others those in which its agencies take part, the basis of these (R28)."""
    rows = Operation.objects.live().filter(agreement__in=set(before) & set(after)).with_basis()
    found = Changed()
    for row in rows.prefetch_related("record__circle__participations__agency"):
        agencies = _concerned(row, by)
        if agencies is None:
            continue
        held, holds = (basis_holds(row, at, agencies, treaties).holds for treaties in (before, after))
        if held != holds:
            (found.lost if held else found.gained).append(row)
    return found


def _concerned(operation: Operation, by: Appointment) -> list[Agency] | None:
    """Those that take part, of a foreign operation the party's own; None when it concerns the party in nothing."""
    parts = [part.agency for part in operation.circle.participations.all() if part.accepted_at and not part.ended_at]
    if operation.record.owner.country_id == by.agency.country_id:
        return parts
    own = [agency for agency in parts if agency.country_id == by.agency.country_id]
    return own or None


def footings(by: Appointment, before: Treaties, after: Treaties, at: datetime) -> list[Footing]:
    """Operations, with the addresses of those that the asker may see now."""
    found = changed(by, before, after, at)
    keys = [row.pk for row in (*found.lost, *found.gained)]
    if not keys:
        return []
    visible = set(
        Operation.objects.visible_to(access(by, timezone.now())).filter(pk__in=keys).values_list("pk", flat=True)
    )
    losing, gaining = (_named(rows, visible) for rows in (found.lost, found.gained))
    return [Footing("Operations", len(found.lost), len(found.gained), losing, gaining)]


def _named(rows: Iterable[Operation], visible: set[uuid.UUID]) -> tuple[Named, ...]:
    return tuple(
        Named(row.pk, row.record.title, reverse("planning:operation-detail", args=[row.pk]))
        for row in rows
        if row.pk in visible
    )


def of_the_party(by: Appointment, prefix: str = "record__") -> Q:
    """Rows of records that an agency of the asker's party owns, or in whose operation one takes part."""
    own = by.agency.country_id
    inside = {
        f"{prefix}operation__circle__participations__agency__country": own,
        f"{prefix}operation__circle__participations__accepted_at__isnull": False,
        f"{prefix}operation__circle__participations__ended_at": None,
    }
    return Q(**{f"{prefix}owner__country": own}) | Q(**inside)
