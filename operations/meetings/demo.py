"""The demonstration's meetings: one tomorrow, one past, a weekly briefing, and the board of an arrangement. Invented."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing.models import Record
from operations.meetings import actions, agenda
from operations.meetings.actions import Invitee
from operations.meetings.choices import Answer, MeetingKind, SeatRole
from operations.meetings.models import Meeting
from operations.planning import basis
from operations.planning.demo import appointment, key_of
from portal.ui import demo

ZONE = "Europe/Zurich"


@dataclass(frozen=True)
class Sample:
    title: str
    days: int
    hour: int
    place: str
    link: str
    agenda: str
    operation: str
    caller: str
    officers: tuple[str, ...]
    guest: str
    kind: str = MeetingKind.COORDINATION
    rule: str = ""
    quorum: int | None = None
    items: tuple[tuple[str, int], ...] = ()
    # About the arrangement that the operation stands on, not about the operation.
    of_agreement: bool = False


SAMPLES = (
    Sample(
        title="Coordination, Lake Constance Autumn",
        days=1,
        hour=10,
        place="Joint office, Kreuzlingen",
        link="https://conference.invalid/lake-constance",
        agenda="1. Last week's patrols\n2. Boats without lights\n3. Patrols of the coming week",
        operation="Lake Constance Autumn",
        caller="ch.commander",
        officers=("ch.liaison",),
        guest="de.liaison",
    ),
    Sample(
        title="Review of the first week",
        days=-6,
        hour=14,
        place="Weil am Rhein",
        link="",
        agenda="1. What was seen\n2. What to change",
        operation="Upper Rhine Night",
        caller="de.commander",
        officers=("de.liaison",),
        guest="ch.liaison",
    ),
    Sample(
        title="Morning briefing, Lake Constance",
        days=-10,
        hour=7,
        place="",
        link="https://conference.invalid/briefing",
        agenda="",
        operation="Lake Constance Autumn",
        caller="ch.commander",
        officers=("ch.liaison", "ch.leader"),
        guest="de.liaison",
        kind=MeetingKind.BRIEFING,
        rule="FREQ=WEEKLY;COUNT=12",
        items=(("What the night brought", 10), ("Boats and crossings of the day", 10), ("Who patrols where", 10)),
    ),
    Sample(
        title="Board of the arrangement",
        days=9,
        hour=14,
        place="Town hall, Konstanz",
        link="",
        agenda="",
        operation="Lake Constance Autumn",
        caller="ch.commander",
        officers=("ch.liaison",),
        guest="de.commander",
        kind=MeetingKind.BOARD,
        rule="FREQ=MONTHLY;INTERVAL=3;COUNT=8",
        quorum=2,
        items=(("How the arrangement has worked since", 30), ("Which data it should cover", 30)),
        of_agreement=True,
    ),
)


def load() -> int:
    """Meetings that are not there yet; how many are new."""
    return sum(_load(sample) for sample in SAMPLES)


def _load(sample: Sample) -> int:
    key = key_of(sample.title)
    operation = Record.objects.filter(pk=key_of(sample.operation)).first()
    if operation is None or Record.objects.filter(pk=key).exists():
        return 0
    by, guest = appointment(sample.caller), appointment(sample.guest)
    clauses = operation.operation_detail.clauses.all()
    reach = basis.reachable(by.agency, timezone.now(), clauses=clauses, classification=1)
    day = timezone.localdate(timezone=ZoneInfo(ZONE)) + timedelta(days=sample.days)
    starts_at = datetime.combine(day, time(sample.hour), tzinfo=ZoneInfo(ZONE))
    meeting = actions.call(
        by=by,
        key=key,
        title=sample.title,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        zone=ZONE,
        place=sample.place,
        link=sample.link,
        agenda=sample.agenda,
        operation=None if sample.of_agreement else operation,
        agreement=clauses[0].agreement if sample.of_agreement else None,
        kind=sample.kind,
        rule=sample.rule,
        quorum=sample.quorum,
        invitees=[Invitee(r.agency, r.clause, r.purpose, SeatRole.REQUIRED) for r in reach if r.agency == guest.agency],
        officers=[appointment(name) for name in sample.officers],
    )
    actions.accept_invitation(meeting=meeting, by=guest)
    for text, minutes in sample.items:
        agenda.add(meeting, by=by, text=text, minutes=minutes, presenter=by.agency)
    if sample.rule:
        _vary(meeting, by)
    if meeting.over_at > timezone.now():
        actions.rsvp(meeting=meeting, by=by, answer=Answer.ACCEPTED)
        actions.rsvp(meeting=meeting, by=guest, answer=Answer.ACCEPTED)
    return 1


def _vary(meeting: Meeting, by: Appointment) -> None:
    """One of its times is moved, the one after it is cancelled; who was at those that are over is noted."""
    for over in meeting.times.filter(ends_at__lt=timezone.now()):
        agencies = [part.agency for part in meeting.circle.participations.select_related("agency")]
        actions.note_attendance(time=over, agencies=agencies, by=by)
    moved, cancelled = meeting.times.filter(starts_at__gt=timezone.now()).order_by("starts_at", "pk")[1:3]
    later = moved.starts_at + timedelta(days=1)
    actions.move_time(time=moved, by=by, starts_at=later, ends_at=later + timedelta(hours=1))
    actions.cancel_time(time=cancelled, by=by, reason="The joint office is closed on that day.")


def register() -> None:
    demo.register(demo.Step("meetings", 50, load))
