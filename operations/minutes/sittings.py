"""All that this room asks of meetings: when one was, who attended, what was on its agenda, who may chair, and which
others there are. The one file that knows how a meeting keeps its times: each is a sitting here.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.register.models import Clause
from agreements.sharing.models import Participation, Record
from agreements.sharing.policy import Access
from operations.meetings import agenda
from operations.meetings.models import AgendaItem, Meeting, MeetingTime, Presence
from operations.meetings.querysets import MeetingTimeQuerySet
from operations.planning.models import Operation
from portal.ui.errors import Refused

# Of times ahead, so many are looked at for the next of each board.
MOST_AHEAD = 500
# What puts the line about overdue action items on an agenda.
SOURCE = "minutes.overdue"


@dataclass(frozen=True)
class Sitting:
    """One time of a meeting: keys, record, when, where, what it is about."""

    meeting: uuid.UUID
    time: uuid.UUID
    record: Record
    starts_at: datetime
    ends_at: datetime
    place: str
    agreement: uuid.UUID | None
    operation: uuid.UUID | None

    @property
    def board(self) -> uuid.UUID | None:
        """The key of the operation or the agreement whose board meets."""
        return self.operation or self.agreement


def of(time: MeetingTime) -> Sitting:
    row = time.meeting
    return Sitting(
        row.pk, time.pk, row.record, time.starts_at, time.ends_at, row.place or row.link, row.agreement_id,
        row.record.operation_id,
    )  # fmt: skip


def _times(access: Access) -> MeetingTimeQuerySet:
    return MeetingTime.objects.visible_to(access).taking_place()


def sittings_of(access: Access, meeting: uuid.UUID) -> list[Sitting]:
    """The times of a meeting that the reader sees, latest first; none of a hidden one (R23)."""
    return [of(row) for row in _times(access).filter(meeting=meeting).order_by("-starts_at", "-id")]


def seen(access: Access, meeting: uuid.UUID, time: uuid.UUID | None = None) -> Sitting | None:
    """That time of the meeting; without a key the latest that has begun, else the first ahead."""
    found = sittings_of(access, meeting)
    if time is not None:
        return next((item for item in found if item.time == time), None)
    begun = (item for item in found if item.starts_at <= access.at)
    return next(begun, found[-1] if found else None)


def record_of(access: Access, meeting: uuid.UUID) -> Record | None:
    """The meeting's record, while the reader may see it; also of one that is cancelled."""
    row = Meeting.objects.visible_to(access).filter(pk=meeting).first()
    return row.record if row else None


def attended(sitting: Sitting) -> list[Agency]:
    """The agencies that were there, as was noted; else those that took part. The hosting one is among them."""
    present = Presence.objects.filter(time=sitting.time)
    keys = set(present.values_list("agency", flat=True)) or set(
        Participation.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=sitting.starts_at),
            circle__record=sitting.meeting,
            accepted_at__isnull=False,
        ).values_list("agency", flat=True)
    )
    rows = Agency.objects.filter(pk__in=keys | {sitting.record.owner_id}).select_related("country")
    return list(rows.order_by("country", "name", "pk"))


def agenda_of(sitting: Sitting) -> list[str]:
    """What was on the agenda, in its order, but for the line about overdue action items."""
    return list(
        AgendaItem.objects.filter(meeting=sitting.meeting).exclude(source=SOURCE).values_list("text", flat=True)
    )


def chairs(by: Appointment, owner: uuid.UUID) -> bool:
    """Whether the officer keeps the minutes and closes action items: of the hosting agency, and calls meetings."""
    return owner in by.agencies and by.may(Permission.MEETING_CALL)


def clauses_for(sitting: Sitting, sides: Iterable[Agency]) -> list[Clause]:
    """Articles that an action can serve: of the agreement of the board or of the operation, where all sides know it."""
    named = [sitting.agreement] if sitting.agreement else []
    operation = Operation.objects.filter(pk=sitting.operation).first() if sitting.operation else None
    if operation is not None:
        named.append(operation.agreement_id)
    rows = Clause.objects.filter(agreement__in=named, agreement__registered_at__isnull=False)
    for country in {side.country_id for side in sides}:
        rows = rows.filter(agreement__parties__country=country)
    return list(rows.select_related("agreement").distinct())


def objective_of(sitting: Sitting) -> str:
    """The operation's objective, to begin the words with."""
    row = Operation.objects.filter(pk=sitting.operation).first() if sitting.operation else None
    return row.objective.strip().splitlines()[0][:300] if row and row.objective.strip() else ""


def _of_boards(
    rows: MeetingTimeQuerySet, agreements: Iterable[uuid.UUID], operations: Iterable[uuid.UUID]
) -> MeetingTimeQuerySet:
    """Times of these boards: of operations, and of agreements outside of any."""
    of_operation = Q(meeting__record__operation__in=operations)
    return rows.filter(of_operation | Q(meeting__agreement__in=agreements, meeting__record__operation=None))


def _of_board(rows: MeetingTimeQuerySet, sitting: Sitting) -> MeetingTimeQuerySet:
    operations = [sitting.operation] if sitting.operation else []
    return _of_boards(rows, [sitting.agreement] if sitting.agreement and not operations else [], operations)


def last_held(
    access: Access, at: datetime, agreements: Iterable[uuid.UUID], operations: Iterable[uuid.UUID]
) -> dict[uuid.UUID, datetime]:
    """The start of each board's latest meeting that is over, by the key of its operation or agreement."""
    rows = _of_boards(_times(access), agreements, operations).filter(ends_at__lte=at).order_by()
    found = rows.values_list("meeting__record__operation", "meeting__agreement").annotate(last=Max("starts_at"))
    last: dict[uuid.UUID, datetime] = {}
    for operation, agreement, starts_at in found:
        key = operation or agreement
        last[key] = max(starts_at, last.get(key, starts_at))
    return last


def next_called(
    access: Access, at: datetime, agreements: Iterable[uuid.UUID], operations: Iterable[uuid.UUID]
) -> dict[uuid.UUID, Sitting]:
    """Each board's next meeting, by the key of its operation or agreement."""
    found: dict[uuid.UUID, Sitting] = {}
    for row in _of_boards(_times(access), agreements, operations).upcoming(at)[:MOST_AHEAD]:
        sitting = of(row)
        if sitting.board:
            found.setdefault(sitting.board, sitting)
    return found


def earlier_of_board(access: Access, sitting: Sitting) -> list[uuid.UUID]:
    """Keys of the times at which the same board met before this one."""
    rows = _of_board(_times(access), sitting).filter(starts_at__lt=sitting.starts_at)
    return list(rows.values_list("pk", flat=True))


def busy(access: Access, at: datetime, until: date) -> list[tuple[datetime, datetime]]:
    """When meetings are called already, as far as the reader sees."""
    rows = _times(access).filter(starts_at__date__lte=until)
    return list(rows.upcoming(at).values_list("starts_at", "ends_at"))


# --- For the portal itself, past the door: by whose leave, the caller says ---


def following(time: uuid.UUID, at: datetime) -> Sitting | None:
    """The next time at which the same board meets, whoever called it."""
    rows = MeetingTime.objects.taking_place().select_related("meeting__record__owner")
    here = rows.filter(pk=time).first()
    coming = _of_board(rows, of(here)).upcoming(at).exclude(pk=time).first() if here else None
    return of(coming) if coming else None


def put_first(sitting: Sitting, text: str, known_to: Collection[uuid.UUID]) -> bool:
    """Open the agenda with a line, once, where every agency that is invited is among `known_to`. Whether it is new."""
    meeting = Meeting.objects.select_related("record__owner").get(pk=sitting.meeting)
    invited = Participation.objects.filter(circle__record=meeting.pk, ended_at=None).values_list("agency", flat=True)
    if not set(invited) <= set(known_to) or meeting.items.filter(source=SOURCE).exists():
        return False
    try:
        item = agenda.add(meeting, by=None, text=text, source=SOURCE)
    except Refused:
        return False
    # Before the first that is numbered.
    AgendaItem.objects.filter(pk=item.pk).update(position=0)
    return True
