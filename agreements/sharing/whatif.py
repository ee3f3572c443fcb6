"""What a proposed fact would close and open, counted in records (R28): by the door itself, with both sets of facts."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Succession
from agreements.register.facts import Treaties
from agreements.register.foresight import Effect
from agreements.sharing import kinds
from agreements.sharing.disclosure import disclose
from agreements.sharing.lanes import Door
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Participation, Record, Release
from agreements.sharing.policy import Access, agency_access, treaties_of
from portal import second_lock
from portal.ui.marking import highest


@second_lock.opened("counts of a what-if, for both parties")
def effects(by: Appointment, before: Treaties, after: Treaties, at: datetime) -> list[Effect]:
    """For each agency and kind: how many records it would lose and gain. Only what the asker's party owns, loses or
    gains is counted (R28). Counts alone: nothing is named."""
    own = by.agency.country_id
    keys = {row.agency for treaties in (before, after) for treaty in treaties.values() for row in treaty.designations}
    gone = Succession.objects.heirs(keys, at)
    heirs = set(gone.values())
    found: list[Effect] = []
    for agency in (
        Agency.objects.filter(pk__in=keys | heirs)
        .exclude(pk__in=gone)
        .select_related("country")
        .order_by("country_id", "name")
    ):
        known = treaties_of(agency.stands_for(at))
        now, then = (agency_access(agency, at, {**known, **treaties}) for treaties in (before, after))
        if now.lanes == then.lanes:
            continue
        rows = _concerned(before)
        if agency.country_id != own:
            rows = rows.filter(owner__country=own)
        found += _counted(agency, rows, now, then)
    return found


class _Undone(Exception):
    """Nothing of what was tried stays."""


@second_lock.opened("counts of a what-if, for both sides of a participation")
def leaving(*, participation: Participation, by: Appointment, step: Callable[[], Any]) -> list[Effect]:
    """What the agency would lose by the end of its part in a circle, by kind: `step` ends it, and is taken back (R28).

    Only what the asker's party owns or loses is counted. Raises Refused as `step` does.
    """
    circle, agency, at = participation.circle, participation.agency, timezone.now()
    given = Release.objects.standing().filter(Q(audience__circle=circle) | Q(content_object=circle.record_id))
    rows = Record.objects.filter(pk__in=given.values("content_object")).exclude(owner__in=agency.stands_for(at))
    if agency.country_id != by.agency.country_id:
        rows = rows.filter(owner__country=by.agency.country_id)
    rows, treaties = rows.order_by(), treaties_of(agency.stands_for(at))

    def seen() -> dict[uuid.UUID, str]:
        return dict(rows.visible_to(agency_access(agency, timezone.now(), treaties)).values_list("pk", "kind"))

    before = seen()
    after: dict[uuid.UUID, str] = {}
    try:
        with transaction.atomic():
            step()
            after = seen()
            raise _Undone
    except _Undone:
        pass
    lost = Counter(kind for key, kind in before.items() if key not in after)
    return [Effect(agency, kinds.get(name).plural, number, 0) for name, number in sorted(lost.items())]


def _concerned(treaties: Treaties) -> QuerySet[Record]:
    """Records that were given under these agreements, or passed on by way of such a release."""
    steps = ("clause", "via__clause", "via__via__clause")
    given = Q()
    for step in steps:
        given |= Q(**{f"{step}__agreement__in": list(treaties)})
    return Record.objects.filter(pk__in=Release.objects.standing().filter(given).values("content_object"))


def _counted(agency: Agency, rows: QuerySet[Record], now: Access, then: Access) -> Iterable[Effect]:
    lost, gained = _by_kind(rows, now, then, agency), _by_kind(rows, then, now, agency)
    for name in sorted(lost.keys() | gained.keys()):
        yield Effect(agency, kinds.get(name).plural, lost.get(name, 0), gained.get(name, 0))


def _by_kind(rows: QuerySet[Record], seen: Access, unseen: Access, agency: Agency) -> dict[str, int]:
    """How many of each kind the one access lets through and the other does not. Own records stay own (R3)."""
    found = (
        rows.exclude(owner__in=agency.stands_for(seen.at))
        .filter(Door(seen, seen.kinds))
        .exclude(Door(unseen, unseen.kinds))
    )
    return dict(found.order_by().values("kind").annotate(number=Count("pk")).values_list("kind", "number"))


def shown(request: HttpRequest, keys: Iterable[uuid.UUID]) -> Any:
    """A what-if names records that its reader may see: they are disclosed like any other (R29)."""
    records = list(Record.objects.visible_to(access_of(request)).filter(pk__in=list(keys)))
    disclose(request, records)
    return highest(records)
