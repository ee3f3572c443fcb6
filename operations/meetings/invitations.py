"""Invitations by mail, as iCalendar: to each officer who is sent, again when it changes, and taken back.

One message finds whose calendar is behind, one message for each of those sends the mail. Both work out anew who may
have what: an officer who may no longer see the meeting, or not take it out of the portal, hears nothing of its changes;
one who is not sent any more gets the last known state back as cancelled.
"""

import hmac
import uuid
from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.directory.models import Appointment
from agreements.sharing.disclosure import items_of
from agreements.sharing.policy import access_to, decide
from operations.meetings import attending, calendars
from operations.meetings.calendars import CANCEL, REQUEST
from operations.meetings.choices import MeetingState
from operations.meetings.models import Invitation, Meeting
from portal import second_lock
from portal.audit import recording
from portal.keys import new_key
from portal.outbox import handlers, messages

FOLLOW = "meetings.follow"
SEND = "meetings.invite"
DOOR = "mail"
# SMTP replies from 500 on: the address will not be taken later either.
PERMANENT = 500
_MAC = 20
_KEY = 32


def register() -> None:
    handlers.register(FOLLOW, spread)
    handlers.register(SEND, send)


def follow(meeting: uuid.UUID) -> None:
    """Something changed that calendars must hear of."""
    messages.emit(kind=FOLLOW, key=f"{FOLLOW}:{new_key()}", payload={"meeting": str(meeting)})


@second_lock.opened("whose calendar is behind, of all agencies at once")
def spread(payload: dict[str, Any]) -> None:
    """Queue a mail for each officer whose calendar shows another state than it should."""
    meeting = _meeting(payload["meeting"])
    if meeting is None:
        return
    at = timezone.now()
    for appointment in attending.told_of_changes(meeting, at):
        if appointment.officer.email:
            Invitation.objects.get_or_create(meeting=meeting, appointment=appointment)
    rows = Invitation.objects.select_for_update(of=("self",)).filter(meeting=meeting)
    for row in rows.select_related("appointment__officer", "appointment__agency").order_by("pk"):
        if wanted(row, meeting, at):
            messages.emit(kind=SEND, key=f"{SEND}:{row.pk}:{row.mails}", payload={"invitation": str(row.pk)})


def wanted(row: Invitation, meeting: Meeting, at: datetime) -> tuple[str, int] | None:
    """Method and sequence that the officer's calendar lacks; None where it lacks nothing, or must learn nothing."""
    who, had = row.appointment, row.sent_method
    if not who.officer.email or not who.is_in_effect(at):
        return None
    if not attending.assignments(meeting, at).filter(appointment=who).exists():
        return (CANCEL, row.sent_sequence) if had == REQUEST else None
    if not follows(row, meeting, at):
        return None
    if meeting.state == MeetingState.CANCELLED:
        return (CANCEL, meeting.sequence) if had == REQUEST else None
    state = (REQUEST, meeting.sequence)
    return None if state == (had, row.sent_sequence) or meeting.over_at <= at else state


def follows(row: Invitation, meeting: Meeting, at: datetime) -> bool:
    """Whether the officer may have the meeting outside the portal: the calendar hears of its changes."""
    return bool(decide(access_to(meeting.record, row.appointment, at), meeting.record, "export"))


@second_lock.opened("one officer's calendar: the policy is asked for that officer")
def send(payload: dict[str, Any]) -> None:
    """Send one mail, unless the calendar is up to date meanwhile. Raises what the mail server says."""
    rows = Invitation.objects.select_for_update(of=("self",)).filter(pk=payload["invitation"])
    row = rows.select_related("appointment__officer", "appointment__agency").first()
    meeting, at = _meeting(row.meeting_id) if row else None, timezone.now()
    if row is None or meeting is None:
        return
    state = wanted(row, meeting, at)
    if state is None:
        return
    try:
        compose(row, meeting, *state, at).send()
    except SMTPRecipientsRefused as refused:
        if any(code < PERMANENT for code, _ in refused.recipients.values()):
            raise
        row.failed_at = at
        row.save(update_fields=["failed_at"])
        return
    row.sent_method, row.sent_sequence, row.sent_at, row.failed_at = *state, at, None
    row.mails += 1
    row.save(update_fields=["sent_method", "sent_sequence", "sent_at", "failed_at", "mails"])
    access = access_to(meeting.record, row.appointment, at)
    if decide(access, meeting.record):
        recording.disclose(by=row.appointment, items=items_of(access, [meeting.record]), door=DOOR)


def compose(row: Invitation, meeting: Meeting, method: str, sequence: int, at: datetime) -> EmailMultiAlternatives:
    """The mail: when, a reference, the portal's address, and the calendar's part. Nothing else (R17)."""
    reference, reply_to = meeting.record.reference, reply_address(row)
    # Taken back from who does not come any more: what changed since is not told.
    shown = method == REQUEST or sequence == meeting.sequence
    content = calendars.invitation(
        meeting, calendars.guest(meeting, row.appointment, reply_to), method=method, sequence=sequence, stamp=at
    )
    words = {REQUEST: "Meeting", CANCEL: "Meeting cancelled"}[method]
    context = {
        "cancelled": method == CANCEL,
        "reference": reference,
        "starts_at": meeting.starts_at.astimezone(meeting.zone) if shown else None,
        "utc": meeting.starts_at,
        "zone": meeting.record.zone,
        "recurs": bool(meeting.rule),
        "address": settings.SITE_URL,
        "answers": bool(reply_to),
    }
    mail = EmailMultiAlternatives(
        subject=f"Entente: {words} (ref {reference})",
        body=render_to_string("meetings/invitation_mail.txt", context),
        to=[row.appointment.officer.email],
        reply_to=[reply_to] if reply_to else None,
        headers={"Message-ID": f"<{row.pk}.{row.mails}@{_domain()}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(content.decode(), f"text/calendar; method={method}")
    return mail


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "portal.invalid"


def token_of(row: Invitation) -> str:
    """What shows that an answer comes from who was invited: nobody can make it without the portal's secret."""
    return row.pk.hex + _mac(row.pk)


def _mac(key: uuid.UUID) -> str:
    return salted_hmac("meetings.reply", key.hex, algorithm="sha256").hexdigest()[:_MAC]


def reply_address(row: Invitation) -> str:
    """Where this officer's calendar sends its answers. Empty where answers by mail are not taken."""
    name, _, domain = settings.MEETING_REPLIES.partition("@")
    return f"{name}+{token_of(row)}@{domain}" if domain else ""


def key_in(address: str) -> uuid.UUID | None:
    """The invitation that an address of ours stands for; None for every other one."""
    name, _, domain = settings.MEETING_REPLIES.lower().partition("@")
    local, _, host = address.strip().lower().rpartition("@")
    start = f"{name}+"
    token = local.removeprefix(start)
    if not domain or host != domain or not local.startswith(start) or len(token) != _KEY + _MAC:
        return None
    try:
        key = uuid.UUID(token[:_KEY])
    except ValueError:
        return None
    return key if hmac.compare_digest(_mac(key).encode(), token[_KEY:].encode("ascii", "replace")) else None


def _meeting(key: Any) -> Meeting | None:
    rows = Meeting.objects.select_related("record__owner", "record__circle")
    return rows.filter(pk=key).first()


def invited(key: uuid.UUID, at: datetime) -> tuple[Meeting, Appointment] | None:
    """The meeting and officer of an invitation that went out, while the appointment is in effect."""
    rows = Invitation.objects.select_related("appointment__officer", "appointment__agency__country")
    row = rows.filter(pk=key).exclude(sent_method="").first()
    meeting = row and _meeting(row.meeting_id)
    return (meeting, row.appointment) if row and meeting and row.appointment.is_in_effect(at) else None
