"""Who comes: invite, accept, end, send officers, answer, and note who was there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.register.models import Clause
from agreements.sharing.actions import circles
from agreements.sharing.models import Assignment, Participation
from operations.meetings import attending, invitations
from operations.meetings.actions.holding import check_open, locked, note
from operations.meetings.choices import Answer, MeetingState, SeatRole
from operations.meetings.models import Meeting, MeetingTime, Presence, Reply, Seat
from operations.planning import rights
from portal.ui.errors import Refused


@dataclass(frozen=True)
class Invitee:
    """An agency to invite, and the clause and purpose under which the meeting is released to it (R23).

    `role`: what it is there for, see SeatRole; empty: it may come.
    """

    agency: Agency
    clause: Clause
    purpose: str
    role: str = ""


@transaction.atomic
def invite_agency(*, meeting: Meeting, invitee: Invitee, by: Appointment) -> Participation:
    """Invite an agency: the meeting is released to it under a clause (R23)."""
    rights.require_role(by, Permission.MEETING_CALL)
    check_open(meeting, "invite")
    row = circles.invite(
        circle=meeting.circle, agency=invitee.agency, clause=invitee.clause, purpose=invitee.purpose, by=by
    )
    if invitee.role:
        seat(meeting=meeting, agency=invitee.agency, role=invitee.role, by=by)
    return row


@transaction.atomic
def seat(*, meeting: Meeting, agency: Agency, role: str, by: Appointment) -> None:
    """Say what an agency is at the meeting for; an empty `role` says it no more. Its caller's agency alone does."""
    row = locked(meeting, by, "says who must be there", timezone.now())
    check_open(row, "change")
    if role and role not in SeatRole.values:
        raise Refused("Choose one of the roles.", field="role", code="invalid")
    if not row.circle.participations.filter(agency=agency, ended_at=None).exists():
        raise Refused("This agency is not invited.", field="agency")
    row.seats.filter(agency=agency).delete()
    if role:
        Seat.objects.create(meeting=row, agency=agency, role=role)
    note("meeting.seat", by, row, agency=agency.pk, role=role)


@transaction.atomic
def accept_invitation(*, meeting: Meeting, by: Appointment) -> Participation:
    """The officer's agency attends, beginning with the officer."""
    check_open(meeting, "attend")
    row = circles.accept(participation=rights.participation_of(by, meeting.record), by=by)
    if not row.assignments.filter(appointment=by, ended_at=None).exists():
        circles.assign(participation=row, appointment=by, by=by)
    invitations.follow(meeting.pk)
    return row


@transaction.atomic
def end_participation(*, meeting: Meeting, agency: Agency, by: Appointment) -> Participation:
    """Decline or withdraw: either side, at once."""
    row = meeting.circle.participations.filter(agency=agency, ended_at=None).first()
    if row is None or not by.agencies & {agency.pk, meeting.record.owner_id}:
        raise Refused("There is no such participation.", code="not_found")
    ended = circles.end(participation=row, by=by)
    invitations.follow(meeting.pk)
    return ended


@transaction.atomic
def assign_officer(*, meeting: Meeting, appointment: Appointment, by: Appointment) -> Assignment:
    """Send an own officer."""
    rights.require_sight(by, meeting.record, timezone.now())
    check_open(meeting, "attend")
    part = rights.participation_of(by, meeting.record, accepted=True)
    row = circles.assign(participation=part, appointment=appointment, by=by)
    invitations.follow(meeting.pk)
    return row


@transaction.atomic
def unassign(*, assignment: Assignment, by: Appointment) -> Assignment:
    """An own officer does not come after all."""
    row = circles.unassign(assignment=assignment, by=by)
    if row.participation.circle.record_id is not None:
        invitations.follow(row.participation.circle.record_id)
    return row


@transaction.atomic
def rsvp(
    *, meeting: Meeting, by: Appointment, answer: str, time: MeetingTime | None = None, said_at: datetime | None = None
) -> Reply:
    """Answer for oneself. The answer reaches the meeting's owner by the act itself (R5).

    With `time`, for that one of a row of times alone. `said_at`: when an answer that came by mail was given; one that
    is older than what is known changes nothing.
    """
    now = timezone.now()
    rights.require_sight(by, meeting.record, now)
    check_open(meeting, "answer")
    if answer not in Answer.values:
        raise Refused("Answer accepted, tentative or declined.", field="answer", code="invalid")
    if not attending.is_assigned(meeting, by, now):
        raise Refused("You are not among those who attend. Ask your agency to assign you.", code="forbidden")
    if time is not None and not (time.meeting_id == meeting.pk and time.takes_place and time.ends_at > now):
        raise Refused("This time is over or cancelled.", code="state")
    said = min(said_at or now, now)
    known = Reply.objects.filter(meeting=meeting, appointment=by, time=time).first()
    if known is not None and known.answered_at > said:
        return known
    row, _ = Reply.objects.update_or_create(
        meeting=meeting, appointment=by, time=time, defaults={"answer": answer, "answered_at": said}
    )
    note("meeting.rsvp", by, meeting, answer=answer, time=time and time.pk)
    return row


@transaction.atomic
def note_attendance(*, time: MeetingTime, agencies: Collection[Agency], by: Appointment) -> None:
    """Note which agencies were there, once it has begun: all of them each time. The caller's agency does."""
    now = timezone.now()
    meeting = locked(time.meeting, by, "notes who was there", now)
    if time.state != MeetingState.CALLED or meeting.state != MeetingState.CALLED:
        raise Refused("This meeting did not take place.", code="state")
    if time.starts_at > now:
        raise Refused("It has not begun yet.", code="state")
    known = set(meeting.circle.participations.filter(accepted_at__isnull=False).values_list("agency", flat=True))
    if not {row.pk for row in agencies} <= known:
        raise Refused("Choose among the agencies that take part.", field="agencies")
    time.presences.all().delete()
    Presence.objects.bulk_create([Presence(meeting=meeting, time=time, agency=row, noted_by=by) for row in agencies])
    note("meeting.attendance", by, meeting, time=time.pk, agencies=sorted(str(row.pk) for row in agencies))
