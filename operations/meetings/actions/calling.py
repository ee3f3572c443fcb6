"""Call, change and cancel a meeting."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Classification
from agencies.directory.roles import Permission
from agreements.register.choices import Category
from agreements.register.models import Agreement
from agreements.sharing.actions import circles, records
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import CircleKind, Tlp
from agreements.sharing.models import Circle, Record
from operations.meetings import alerting, attending, invitations, leads, lifecycle, recurring, reminders, timing
from operations.meetings.actions.attending import Invitee, assign_officer, invite_agency
from operations.meetings.actions.holding import KIND, locked, note
from operations.meetings.choices import DEFAULT_REMINDERS, MeetingKind, SeatRole
from operations.meetings.models import Meeting, Seat
from operations.planning import rights
from portal.keys import sent_before
from portal.ui.errors import Refused

LONGEST = timedelta(days=14)
FURTHEST = timedelta(days=3 * 366)
MOST_AGENCIES = 50
WEB = ("https://", "http://")
FIELDS = ("starts_at", "ends_at", "rule", "place", "link", "agenda", "reminders", "quorum")
# A change of these is significant: calendars and attendees must hear of it (RFC 5546).
SIGNIFICANT = frozenset({"starts_at", "ends_at", "rule", "place", "link"})
# Of these, all answers are asked for anew.
TIMES = frozenset({"starts_at", "ends_at", "rule"})


@transaction.atomic
def call(
    *,
    by: Appointment,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    zone: str = "",
    rule: str = "",
    kind: str = MeetingKind.COORDINATION,
    quorum: int | None = None,
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

    `rule`: how it recurs (RFC 5545, RRULE), in its own zone. `quorum`: so many agencies must be there. A meeting in the past is put on record without reminders. Raises Refused at the field to blame.
    """
    now = timezone.now()
    first = sent_before(Record, key, kind=KIND, author=by)
    if first is not None:
        return first.meeting
    rights.require_role(by, Permission.MEETING_CALL)
    starts_at, ends_at = _to_the_second(rule, starts_at, ends_at)
    _check_time(starts_at, ends_at, now)
    _check_where(place, link)
    _check_about(by, operation, agreement, now)
    _check_kind(kind, operation, agreement, quorum)
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
    circle = CircleKind.BOARD if kind == MeetingKind.BOARD else CircleKind.MEETING
    circles.open_circle(record=record, kind=circle, by=by)
    row = Meeting.objects.create(
        record=record,
        kind=kind,
        agreement=agreement,
        starts_at=starts_at,
        ends_at=ends_at,
        over_at=ends_at,
        rule=recurring.normal(rule, ZoneInfo(record.zone)) if rule else "",
        quorum=quorum,
        place=place,
        link=link,
        agenda=agenda,
        reminders=leads.checked(remind_before),
    )
    timing.lay_out(row, now)
    row.save(update_fields=["over_at"])
    Seat.objects.create(meeting=row, agency=by.agency, role=SeatRole.CHAIR)
    for invitee in invitees:
        invite_agency(meeting=row, invitee=invitee, by=by)
    for officer in officers:
        if officer != by:
            assign_officer(meeting=row, appointment=officer, by=by)
    reminders.arm(row)
    invitations.follow(row.pk)
    return row


def _to_the_second(rule: str, *instants: datetime) -> list[datetime]:
    """A rule knows no parts of a second (RFC 5545)."""
    return [instant.replace(microsecond=0) if rule else instant for instant in instants]


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


def _check_kind(kind: str, operation: Record | None, agreement: Agreement | None, quorum: int | None) -> None:
    if kind not in MeetingKind.values:
        raise Refused("Choose one of the kinds.", field="kind", code="invalid")
    if kind == MeetingKind.BOARD and operation is None and agreement is None:
        raise Refused("A board is that of an operation or of an agreement: choose it.", field="operation")
    _check_quorum(quorum)


def _check_quorum(quorum: int | None) -> None:
    if quorum is not None and not 1 <= quorum <= MOST_AGENCIES:
        raise Refused(f"A quorum is 1 to {MOST_AGENCIES} agencies.", field="quorum")


@transaction.atomic
def change(*, meeting: Meeting, by: Appointment, version: int | None = None, **values: Any) -> Meeting:
    """Move it or change its `title`, `rule`, `place`, `link`, `agenda`, `reminders`, `quorum`: its caller's agency
    alone (R21).

    A new time starts the reminders and the answers afresh; of a row of meetings, those that are over stay as they were.
    `version` is the one the officer read.
    """
    now = timezone.now()
    row = locked(meeting, by, "changes it", now)
    lifecycle.after(row.state, "change", row.over_at, now)
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    changed = _taken_over(row, values)
    _check_time(row.starts_at, row.ends_at, now)
    _check_where(row.place, row.link)
    _check_quorum(row.quorum)
    if changed & TIMES:
        timing.lay_out(row, now)
        row.replies.all().delete()
    if changed & SIGNIFICANT:
        row.sequence, row.changed_at = row.sequence + 1, now
    row.save()
    _touched(row, by, values.get("title", row.record.title), bool(changed & SIGNIFICANT), now)
    note("meeting.change", by, row, changed=sorted(changed), sequence=row.sequence)
    reminders.arm(row)
    if changed & SIGNIFICANT:
        alerting.announce(row)
        invitations.follow(row.pk)
    return row


def _taken_over(row: Meeting, values: dict[str, Any]) -> set[str]:
    """Set what is new, and tell which fields that are."""
    if "reminders" in values:
        values["reminders"] = leads.checked(values["reminders"])
    if values.get("rule"):
        values["rule"] = recurring.normal(values["rule"], row.zone)
    changed = {name for name in FIELDS if name in values and getattr(row, name) != values[name]}
    for name in changed:
        setattr(row, name, values[name])
    row.starts_at, row.ends_at = _to_the_second(row.rule, row.starts_at, row.ends_at)
    return changed


def _touched(row: Meeting, by: Appointment, title: str, significant: bool, now: datetime) -> None:
    row.record = records.touch(
        record=row.record,
        by=by,
        title=title,
        occurred_at=row.starts_at,
        search_text=f"{row.agenda}\n{row.place}",
        corrects=significant,
        # They have an alert of their own.
        besides=attending.told_of_changes(row, now) if significant else (),
    )
    Circle.objects.filter(record=row.record).update(name=title)


@transaction.atomic
def cancel(*, meeting: Meeting, by: Appointment, reason: str) -> Meeting:
    """Call it off, with all its times. Those who attend are told; nothing reminds of it any more."""
    now = timezone.now()
    row = locked(meeting, by, "cancels it", now)
    state = lifecycle.after(row.state, "cancel", row.over_at, now)
    if not reason.strip():
        raise Refused("Say why: those invited read it.", field="reason")
    row.state, row.cancel_reason = state, reason.strip()
    row.sequence, row.changed_at = row.sequence + 1, now
    row.save(update_fields=["state", "cancel_reason", "sequence", "changed_at"])
    row.record = records.touch(record=row.record, by=by)
    reminders.disarm(row)
    circles.close(circle=row.circle, by=by)
    note("meeting.cancel", by, row, reason=row.cancel_reason)
    alerting.announce(row)
    invitations.follow(row.pk)
    return row
