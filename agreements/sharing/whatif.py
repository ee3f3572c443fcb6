"""What a proposed fact would close and open, counted in records (R28): by the door itself, with both sets of facts."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from agencies.directory.models import Agency, Appointment, Succession
from agreements.register.facts import Treaties
from agreements.register.foresight import Effect
from agreements.sharing import kinds
from agreements.sharing.lanes import Door
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import Access, agency_access, treaties_of
from portal import second_lock


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
