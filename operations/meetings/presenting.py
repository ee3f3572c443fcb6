"""What the page of a meeting shows one reader: who attends, their answers as far as R5 lets, what can be done."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Assignment, Participation
from operations.meetings import attending, lifecycle
from operations.meetings.attending import assignments
from operations.meetings.choices import Answer, SeatRole
from operations.meetings.models import Meeting
from operations.planning.basis import Reach, reachable
from operations.planning.presenting import participations


@dataclass(frozen=True)
class Attendee:
    """One officer: partners' by function only (R18). `answer` is empty for what the reader is not told (R5)."""

    assignment: Assignment
    name: str
    own: bool
    told: bool
    answer: str

    @property
    def words(self) -> str:
        if not self.told:
            return ""
        return Answer(self.answer).label if self.answer else "No answer yet"


@dataclass
class Sheet:
    parts: list[Participation]
    own_part: Participation | None
    attendees: list[Attendee]
    mine: Attendee | None
    zones: list[str]
    steps: dict[str, bool]

    @property
    def seated(self) -> list[Participation]:
        """Those of which it is said what they are there for."""
        return [part for part in self.parts if part.role]  # type: ignore[attr-defined]

    @property
    def role_choices(self) -> list[tuple[str, str]]:
        return [("", "No role"), *SeatRole.choices]


def sheet(meeting: Meeting, by: Appointment, at: datetime) -> Sheet:
    parts = participations(meeting.record, by, at)
    roles = dict(meeting.seats.values_list("agency", "role"))
    for part in parts:
        part.role = roles.get(part.agency_id, "")  # type: ignore[attr-defined]
        part.role_words = SeatRole(part.role).label if part.role else ""  # type: ignore[attr-defined]
    own = next((part for part in parts if part.agency_id in by.agencies), None)
    found = _attendees(meeting, parts, by, at)
    mine = next((row for row in found if row.assignment.appointment_id in by.chain), None)
    zones = [meeting.record.zone, by.agency.time_zone, *(part.agency.time_zone for part in parts)]
    return Sheet(parts, own, found, mine, list(dict.fromkeys(zones)), _steps(meeting, by, own, mine, at))


def _attendees(meeting: Meeting, parts: list[Participation], by: Appointment, at: datetime) -> list[Attendee]:
    """Answers are told to the caller's agency, and to each agency those of its own officers."""
    answers = attending.answers(meeting)
    called = meeting.record.owner_id in by.agencies
    shown = {part.pk for part in parts}
    found = []
    for row in assignments(meeting, at):
        if row.participation_id in shown:
            own = row.appointment.agency_id in by.agencies
            name = str(row.appointment.officer) if own else row.appointment.function
            found.append(Attendee(row, name, own, own or called, answers.get(row.appointment_id, "")))
    return sorted(found, key=lambda row: (not row.own, row.assignment.appointment.agency.country_id, row.name))


def _steps(
    meeting: Meeting, by: Appointment, own: Participation | None, mine: Attendee | None, at: datetime
) -> dict[str, bool]:
    """Which buttons work for this officer now. The actions ask again."""
    may = {
        name: lifecycle.may(meeting.state, name, meeting.over_at, at)
        for name in ("change", "invite", "attend", "answer", "cancel")
    }
    calls = by.may(Permission.MEETING_CALL)
    called = calls and meeting.record.owner_id in by.agencies
    inside = own is not None and own.accepted_at is not None
    return {
        "change": called and may["change"],
        "cancel": called and may["cancel"],
        "seat": called and may["change"],
        "items": called and may["invite"],
        "papers": calls and may["invite"] and inside,
        "note": called and may["attend"],
        "invite": called and may["invite"] and by.may(Permission.RECORD_RELEASE),
        "accept": calls and may["attend"] and own is not None and not inside,
        "send": calls and may["attend"] and inside,
        "leave": calls and may["answer"] and inside and not called,
        "rsvp": mine is not None and may["answer"],
    }


def invitable(meeting: Meeting, by: Appointment, at: datetime) -> list[Reach]:
    """Whom an article reaches and who is not in yet: for the agency that called it (R27)."""
    if meeting.record.owner_id not in by.agencies:
        return []
    inside = set(meeting.circle.participations.filter(ended_at=None).values_list("agency", flat=True))
    found = reachable(by.agency, at, classification=meeting.record.classification)
    return [item for item in found if item.agency.pk not in inside]


def own_officers(by: Appointment, at: datetime) -> "QuerySet[Appointment]":
    """Own officers with an appointment in effect whose role sees meetings."""
    rows = Appointment.objects.in_effect(at).filter(agency__in=by.agencies).select_related("officer", "agency")
    fit = [row.pk for row in rows if row.is_in_effect(at) and row.may(Permission.MEETING_VIEW)]
    return rows.filter(pk__in=fit).order_by("officer__full_name", "pk")


def sendable(meeting: Meeting, by: Appointment, at: datetime) -> "QuerySet[Appointment]":
    """Those of them who are not sent to it yet."""
    busy = Assignment.objects.filter(
        ended_at=None, participation__circle__record=meeting.record, participation__ended_at=None
    )
    return own_officers(by, at).exclude(pk__in=busy.values("appointment"))
