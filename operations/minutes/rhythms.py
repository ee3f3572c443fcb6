"""Whether a board meets, and a plan is reviewed, as often as was stated: worked out for each reader, never stored.

What a reader may not see does not count for that reader: nobody learns of a meeting by a rhythm that is kept (R17).
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Max

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.register.facts import day_words
from agreements.register.models import Designation
from agreements.sharing.models import Participation
from agreements.sharing.policy import Access, access
from operations.minutes import sittings, slots
from operations.minutes.choices import Subject, Unit
from operations.minutes.days import day_in
from operations.minutes.models import Kept, Rhythm
from operations.minutes.sittings import Sitting
from operations.minutes.slots import Place, Slot
from portal import second_lock

BROKEN = "minutes.rhythm_broken"
# How long before it is due the portal looks for dates, and after it where none is left.
AHEAD = timedelta(days=21)


@dataclass(frozen=True)
class Standing:
    """How a rhythm stands for one reader: when it was kept last, by when the next is due, what is called already."""

    rhythm: Rhythm
    last: date | None
    due_on: date
    today: date
    next: Sitting | None = None

    @property
    def is_broken(self) -> bool:
        return self.due_on < self.today

    @property
    def is_called(self) -> bool:
        """Whether a meeting is called in time."""
        return self.next is not None and day_in(self.next.starts_at, zone_of(self.rhythm)) <= self.due_on

    @property
    def words(self) -> str:
        return self.rhythm.words


def zone_of(rhythm: Rhythm) -> str:
    return rhythm.operation.zone if rhythm.operation else rhythm.agreement.time_zone if rhythm.agreement else "UTC"


def period(rhythm: Rhythm) -> relativedelta:
    return relativedelta(weeks=rhythm.every) if rhythm.unit == Unit.WEEKS else relativedelta(months=rhythm.every)


def standing(rhythm: Rhythm, reader: Access, at: datetime) -> Standing:
    """How it stands for the reader at an instant, by the clock of the agreement or operation."""
    [found] = standings([rhythm], reader, at)
    return found


def standings(rows: Iterable[Rhythm], reader: Access, at: datetime) -> list[Standing]:
    """As `standing`, for many in as many queries as for one."""
    found = list(rows)
    if not found:
        return []
    agreements = {row.agreement_id for row in found if row.agreement_id}
    operations = {row.operation_id for row in found if row.operation_id}
    held = sittings.last_held(reader, at, agreements, operations)
    called = sittings.next_called(reader, at, agreements, operations)
    kept = dict(Kept.objects.filter(rhythm__in=found).order_by().values_list("rhythm").annotate(last=Max("on")))
    return [_standing(row, held, called, kept, at) for row in found]


def _standing(
    row: Rhythm,
    held: dict[uuid.UUID, datetime],
    called: dict[uuid.UUID, Sitting],
    kept: dict[uuid.UUID, date],
    at: datetime,
) -> Standing:
    zone, board = zone_of(row), row.operation_id or row.agreement_id
    assert board is not None
    is_meeting = row.subject == Subject.MEETING
    met = day_in(held[board], zone) if board in held else None
    last = met if is_meeting else kept.get(row.pk)
    start = max(last, row.since) if last else row.since
    return Standing(row, last, start + period(row), day_in(at, zone), called.get(board) if is_meeting else None)


def members(rhythm: Rhythm) -> list[Agency]:
    """The agencies of the board: those that take part in the operation, or are designated for the agreement."""
    keys: set[uuid.UUID]
    if rhythm.operation_id:
        parts = Participation.objects.filter(
            circle__record=rhythm.operation_id, accepted_at__isnull=False, ended_at=None
        )
        keys = set(parts.values_list("agency", flat=True))
    else:
        named = Designation.objects.filter(agreement=rhythm.agreement_id, withdrawn_at=None)
        keys = set(named.values_list("agency", flat=True))
    return list(Agency.objects.active().filter(pk__in=keys).select_related("country").order_by("country", "name", "pk"))


def places_of(agencies: Iterable[Agency], regions: Iterable[str] = ()) -> list[Place]:
    """Where these work, each clock and country once. `regions` as ISO 3166-2: their holidays count as well."""
    found: dict[tuple[str, str, str], Place] = {}
    named = [region.partition("-") for region in regions]
    for agency in agencies:
        mine = [part for country, _, part in named if country == agency.country_id] or [""]
        for region in mine:
            place = Place(agency.short, agency.time_zone, agency.country_id, region)
            found.setdefault((place.zone, place.country, place.region), place)
    return list(found.values())


def proposals(item: Standing, reader: Access, at: datetime, *, minutes: int, regions: Sequence[str] = ()) -> list[Slot]:
    """Dates for the next time: shortly before it is due, or from tomorrow on where that has passed."""
    tomorrow = item.today + timedelta(days=1)
    first = max(tomorrow, item.due_on - AHEAD)
    last = max(item.due_on, first + AHEAD)
    busy = sittings.busy(reader, at, last)
    return slots.propose(places_of(members(item.rhythm), regions), first, last, minutes=minutes, busy=busy)


# --- Telling that it is broken ---


def register() -> None:
    kinds.register(
        kinds.AlertKind(
            BROKEN, "Regular meeting is late", "calendar-x", Urgency.EXPECTED, False, _line, family=Family.MEETING
        )
    )


def _line(alert: Any) -> str:
    row = Rhythm.objects.filter(pk=alert.subject).first()
    about = alert.record.title if alert.record else alert.agreement.short_name
    if row is None or row.ended_at is not None:
        return f"{about}: the rhythm is stated no more"
    day = day_words(date.fromisoformat(alert.key.rpartition(":")[2]))
    what = "the board was to meet" if row.subject == Subject.MEETING else "the plan was to be reviewed"
    return f"{about}: {what} by {day} ({row.words})"


@second_lock.opened("each officer concerned is asked what the policy shows")
def tell_broken(at: datetime) -> int:
    """Alert those concerned of each rhythm that is broken as they see it, once for each day that was missed."""
    return sum(_tell(row, at) for row in Rhythm.objects.standing().with_words())


def _tell(row: Rhythm, at: datetime) -> int:
    new = 0
    for person in _concerned(row, at):
        found = standing(row, access(person, at), at)
        if found.is_broken:
            new += raising.raise_alert(
                kind=BROKEN, key=f"{row.pk}:{found.due_on}", recipients=[person], record=row.operation,
                agreement=row.agreement, subject=str(row.pk),
            )  # fmt: skip
    return new


def _concerned(row: Rhythm, at: datetime) -> list[Appointment]:
    """Treaty admins of the parties; commanders of the agencies in the operation."""
    if row.agreement is not None:
        return concerned.treaty_admins(row.agreement, at)
    assert row.operation is not None
    agencies = [agency.pk for agency in members(row)]
    return concerned.who_see(row.operation, concerned.who_may(Permission.OPERATION_PLAN, agencies, at), at)
