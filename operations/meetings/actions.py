"""Call, change and cancel a meeting; invite, answer, assign and reply."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Classification
from agencies.directory.roles import Permission
from agreements.register.choices import Category
from agreements.register.models import Agreement, Clause
from agreements.sharing.actions import circles, records
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import CircleKind, Tlp
from agreements.sharing.models import Assignment, Circle, Participation, Record
from operations.meetings import alerting, attending, lifecycle, reminders
from operations.meetings.choices import (
    DEFAULT_REMINDERS,
    EARLIEST_REMINDER,
    MOST_REMINDERS,
    Answer,
)
from operations.meetings.models import Meeting, Reply
from operations.planning import rights
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "meeting"
LONGEST = timedelta(days=14)
FURTHEST = timedelta(days=3 * 366)
WEB = ("https://", "http://")
FIELDS = ("starts_at", "ends_at", "place", "link", "agenda", "reminders")
# A change of these is significant: calendars and attendees must hear of it (RFC 5546).
SIGNIFICANT = frozenset({"starts_at", "ends_at", "place", "link"})


@dataclass(frozen=True)
class Invitee:
    """An agency to invite, and the clause and purpose under which the meeting is released to it (R23)."""

    agency: Agency
    clause: Clause
    purpose: str


@transaction.atomic
def call(
    *,
    by: Appointment,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    zone: str = "",
    place: str = "",
    link: str = "",
    agenda: str = "",
    operation: Record | None = None,
    agreement: Agreement | None = None,
    invitees: Sequence[Invitee] = (),
    officers: Sequence[Appointment] = (),
    remind_before: Sequence[int] = DEFAULT_REMINDERS,
    classification: int = Classification.RESTRICTED.value,
    tlp: int = Tlp.AMBER.value,
    key: uuid.UUID | None = None,
) -> Meeting:
    """Call a meeting, invite agencies and assign own officers. `remind_before` are minutes before the start.

    A meeting in the past is put on record without reminders. Raises Refused at the field to blame.
    """
    now = timezone.now()
    first = sent_before(Record, key, kind=KIND, author=by)
    if first is not None:
        return first.meeting
    rights.require_role(by, Permission.MEETING_CALL)
    _check_time(starts_at, ends_at, now)
    _check_where(place, link)
    _check_about(by, operation, agreement, now)
    record = records.create(
        by=by,
        kind=KIND,
        title=title,
        marking=Marking(categories=[Category.OPERATIONAL.value], classification=classification, tlp=tlp),
        key=key,
        occurred_at=starts_at,
        zone=zone,
        operation=operation,
        text=f"{agenda}\n{place}",
        shown=False,
    )
    circles.open_circle(record=record, kind=CircleKind.MEETING, by=by)
    row = Meeting.objects.create(
        record=record,
        agreement=agreement,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        link=link,
        agenda=agenda,
        reminders=_checked_reminders(remind_before),
    )
    for invitee in invitees:
        invite_agency(meeting=row, invitee=invitee, by=by)
    for officer in officers:
        if officer != by:
            assign_officer(meeting=row, appointment=officer, by=by)
    reminders.arm(row)
    return row


def _check_time(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused("The end is not after the start.", field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise Refused("A meeting lasts two weeks at most.", field="ends_at")
    if starts_at > now + FURTHEST:
        raise Refused("That is more than three years ahead.", field="starts_at")


def _check_where(place: str, link: str) -> None:
    if not (place.strip() or link.strip()):
        raise Refused("Say where: a place, a link, or both.", field="place")
    if link and not link.lower().startswith(WEB):
        raise Refused("A link begins with https://.", field="link")


def _check_about(by: Appointment, operation: Record | None, agreement: Agreement | None, now: datetime) -> None:
    if operation is not None and agreement is not None:
        raise Refused("A meeting is about an operation or about an agreement, not both.", field="agreement")
    if operation is not None:
        rights.require_sight(by, operation, now)
    if agreement is not None and not Agreement.objects.visible_to(by).filter(pk=agreement.pk).exists():
        raise Refused("There is no such agreement.", field="agreement")


def _checked_reminders(minutes: Sequence[int]) -> list[int]:
    found = sorted(set(minutes), reverse=True)
    if len(found) > MOST_REMINDERS or any(not 0 < lead <= EARLIEST_REMINDER for lead in found):
        raise Refused(
            f"Up to {MOST_REMINDERS} reminders, each 1 minute to four weeks before the start.", field="remind_before"
        )
    return found


@transaction.atomic
def change(*, meeting: Meeting, by: Appointment, version: int | None = None, **values: Any) -> Meeting:
    """Move it or change its `title`, `place`, `link`, `agenda`, `reminders`: its caller's agency alone (R21).

    A new time starts the reminders and the answers afresh. `version` is the one the officer read.
    """
    now = timezone.now()
    row = _locked(meeting, by, "changes it", now)
    lifecycle.after(row.state, "change", row.ends_at, now)
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    if "reminders" in values:
        values["reminders"] = _checked_reminders(values["reminders"])
    changed = {name for name in FIELDS if name in values and getattr(row, name) != values[name]}
    for name in changed:
        setattr(row, name, values[name])
    _check_time(row.starts_at, row.ends_at, now)
    _check_where(row.place, row.link)
    title = values.get("title", row.record.title)
    row.sequence += bool(changed & SIGNIFICANT)
    row.save()
    row.record = records.touch(
        record=row.record,
        by=by,
        title=title,
        occurred_at=row.starts_at,
        search_text=f"{row.agenda}\n{row.place}",
        corrects=bool(changed & SIGNIFICANT),
        # They have an alert of their own.
        besides=attending.told_of_changes(row, now) if changed & SIGNIFICANT else (),
    )
    Circle.objects.filter(record=row.record).update(name=title)
    _note("meeting.change", by, row, changed=sorted(changed), sequence=row.sequence)
    if changed & {"starts_at", "ends_at"}:
        row.replies.all().delete()
    reminders.arm(row)
    if changed & SIGNIFICANT:
        alerting.announce(row)
    return row


@transaction.atomic
def cancel(*, meeting: Meeting, by: Appointment, reason: str) -> Meeting:
    """Call it off. Those who attend are told; nothing reminds of it any more."""
    now = timezone.now()
    row = _locked(meeting, by, "cancels it", now)
    state = lifecycle.after(row.state, "cancel", row.ends_at, now)
    if not reason.strip():
        raise Refused("Say why: those invited read it.", field="reason")
    row.state, row.cancel_reason, row.sequence = state, reason.strip(), row.sequence + 1
    row.save(update_fields=["state", "cancel_reason", "sequence"])
    row.record = records.touch(record=row.record, by=by)
    reminders.disarm(row)
    circles.close(circle=row.circle, by=by)
    _note("meeting.cancel", by, row, reason=row.cancel_reason)
    alerting.announce(row)
    return row


@transaction.atomic
def invite_agency(*, meeting: Meeting, invitee: Invitee, by: Appointment) -> Participation:
    """Invite an agency: the meeting is released to it under a clause (R23)."""
    rights.require_role(by, Permission.MEETING_CALL)
    _check_open(meeting, "invite")
    return circles.invite(
        circle=meeting.circle, agency=invitee.agency, clause=invitee.clause, purpose=invitee.purpose, by=by
    )


@transaction.atomic
def accept_invitation(*, meeting: Meeting, by: Appointment) -> Participation:
    """The officer's agency attends, beginning with the officer."""
    _check_open(meeting, "attend")
    row = circles.accept(participation=rights.participation_of(by, meeting.record), by=by)
    if not row.assignments.filter(appointment=by, ended_at=None).exists():
        circles.assign(participation=row, appointment=by, by=by)
    return row


@transaction.atomic
def end_participation(*, meeting: Meeting, agency: Agency, by: Appointment) -> Participation:
    """Decline or withdraw: either side, at once."""
    row = meeting.circle.participations.filter(agency=agency, ended_at=None).first()
    if row is None or not by.agencies & {agency.pk, meeting.record.owner_id}:
        raise Refused("There is no such participation.", code="not_found")
    return circles.end(participation=row, by=by)


@transaction.atomic
def assign_officer(*, meeting: Meeting, appointment: Appointment, by: Appointment) -> Assignment:
    """Send an own officer."""
    rights.require_sight(by, meeting.record, timezone.now())
    _check_open(meeting, "attend")
    part = rights.participation_of(by, meeting.record, accepted=True)
    return circles.assign(participation=part, appointment=appointment, by=by)


@transaction.atomic
def unassign(*, assignment: Assignment, by: Appointment) -> Assignment:
    return circles.unassign(assignment=assignment, by=by)


@transaction.atomic
def rsvp(*, meeting: Meeting, by: Appointment, answer: str) -> Reply:
    """Answer for oneself. The answer reaches the meeting's owner by the act itself (R5)."""
    now = timezone.now()
    rights.require_sight(by, meeting.record, now)
    _check_open(meeting, "answer")
    if answer not in Answer.values:
        raise Refused("Answer accepted, tentative or declined.", field="answer", code="invalid")
    if not attending.is_assigned(meeting, by, now):
        raise Refused("You are not among those who attend. Ask your agency to assign you.", code="forbidden")
    row, _ = Reply.objects.update_or_create(
        meeting=meeting, appointment=by, defaults={"answer": answer, "answered_at": now}
    )
    _note("meeting.rsvp", by, meeting, answer=answer)
    return row


def _check_open(meeting: Meeting, step: str) -> None:
    lifecycle.after(meeting.state, step, meeting.ends_at, timezone.now())


def _locked(meeting: Meeting, by: Appointment, what: str, now: datetime) -> Meeting:
    """The row for a change, if the officer sees it and its agency called it."""
    Record.objects.select_for_update().get(pk=meeting.pk)
    row = Meeting.objects.select_related("record__owner", "record__circle").get(pk=meeting.pk)
    rights.require_sight(by, row.record, now)
    rights.require_lead(by, row.record, what)
    rights.require_role(by, Permission.MEETING_CALL)
    return row


def _note(verb: str, by: Appointment, meeting: Meeting, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=meeting.pk, data=data)
