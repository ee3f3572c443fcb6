"""The demonstration's meetings: one tomorrow, one past. Invented."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from agreements.sharing.models import Record
from operations.meetings import actions
from operations.meetings.actions import Invitee
from operations.meetings.choices import Answer
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
        operation=operation,
        invitees=[Invitee(r.agency, r.clause, r.purpose) for r in reach if r.agency == guest.agency],
        officers=[appointment(name) for name in sample.officers],
    )
    actions.accept_invitation(meeting=meeting, by=guest)
    if meeting.ends_at > timezone.now():
        actions.rsvp(meeting=meeting, by=by, answer=Answer.ACCEPTED)
        actions.rsvp(meeting=meeting, by=guest, answer=Answer.ACCEPTED)
    return 1


def register() -> None:
    demo.register(demo.Step("meetings", 50, load))
