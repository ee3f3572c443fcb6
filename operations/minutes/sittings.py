"""All that this room asks of meetings: when one was, who attended, who may chair, and which others there are.

The one file that knows how a meeting keeps its times.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.register.models import Clause
from agreements.sharing.models import Participation, Record
from agreements.sharing.policy import Access
from operations.meetings.choices import MeetingState
from operations.meetings.models import Meeting
from operations.meetings.querysets import MeetingQuerySet
from operations.planning.models import Operation

# Of meetings ahead, so many are looked at for the next of each board.
MOST_AHEAD = 500


@dataclass(frozen=True)
class Sitting:
    """A meeting at a time: key, record, when, where, what it is about."""

    meeting: uuid.UUID
    record: Record
    starts_at: datetime
    ends_at: datetime
    place: str
    agreement: uuid.UUID | None
    operation: uuid.UUID | None


def of(meeting: Meeting) -> Sitting:
    return Sitting(
        meeting.pk, meeting.record, meeting.starts_at, meeting.ends_at, meeting.place or meeting.link,
        meeting.agreement_id, meeting.record.operation_id,
    )  # fmt: skip


def seen(access: Access, key: uuid.UUID) -> Sitting | None:
    """The meeting, if the reader may see it (R23)."""
    row = Meeting.objects.visible_to(access).filter(pk=key).first()
    return of(row) if row else None


def to_minute(access: Access, at: datetime, most: int) -> list[Sitting]:
    """Meetings of the officer's agency that have begun, the latest first."""
    by = access.appointment
    assert by is not None
    rows = Meeting.objects.visible_to(access).filter(
        record__owner__in=by.agencies, state=MeetingState.CALLED, starts_at__lte=at
    )
    return [of(row) for row in rows.order_by("-starts_at", "-record_id")[:most]]


def attended(sitting: Sitting) -> list[Agency]:
    """The agencies that took part, by country and name. The hosting one is among them."""
    parts = Participation.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=sitting.starts_at),
        circle__record=sitting.meeting,
        accepted_at__isnull=False,
    )
    rows = Agency.objects.filter(pk__in=parts.values("agency")).select_related("country")
    return list(rows.order_by("country", "name"))


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


def _of_boards(access: Access, agreements: Iterable[uuid.UUID], operations: Iterable[uuid.UUID]) -> MeetingQuerySet:
    """The meetings of these boards that the reader sees: of operations, and of agreements outside of any."""
    rows: MeetingQuerySet = Meeting.objects.visible_to(access).filter(state=MeetingState.CALLED)
    return rows.filter(Q(record__operation__in=operations) | Q(agreement__in=agreements, record__operation=None))


def last_held(
    access: Access, at: datetime, agreements: Iterable[uuid.UUID], operations: Iterable[uuid.UUID]
) -> dict[uuid.UUID, datetime]:
    """The start of each board's latest meeting that is over, by the key of its operation or agreement."""
    rows = _of_boards(access, agreements, operations).filter(ends_at__lte=at).order_by()
    found = rows.values_list("record__operation", "agreement").annotate(last=Max("starts_at"))
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
    for row in _of_boards(access, agreements, operations).upcoming(at)[:MOST_AHEAD]:
        sitting = of(row)
        if key := sitting.operation or sitting.agreement:
            found.setdefault(key, sitting)
    return found


def earlier_of_board(access: Access, sitting: Sitting) -> list[uuid.UUID]:
    """Keys of meetings of the same board before this one."""
    boards = ([], [sitting.operation]) if sitting.operation else ([sitting.agreement] if sitting.agreement else [], [])
    rows = _of_boards(access, *boards)
    return list(rows.filter(starts_at__lt=sitting.starts_at).exclude(pk=sitting.meeting).values_list("pk", flat=True))


def was_held(meeting: uuid.UUID) -> bool:
    """Whether it was not called off."""
    return Meeting.objects.filter(pk=meeting, state=MeetingState.CALLED).exists()


def busy(access: Access, at: datetime, until: date) -> list[tuple[datetime, datetime]]:
    """When meetings are called already, as far as the reader sees."""
    rows = Meeting.objects.visible_to(access).filter(state=MeetingState.CALLED, starts_at__date__lte=until)
    return list(rows.upcoming(at).values_list("starts_at", "ends_at"))
