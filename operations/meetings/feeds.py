"""The calendar of one officer behind an address that is a secret: shown once, kept as a digest, revoked at will.

Access is asked at each reading, as for a page (R13). The feed tells when, and a reference, and nothing else (R17).
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Assignment
from agreements.sharing.policy import Access, decide
from operations.meetings import attending
from operations.meetings.choices import MOST_FEEDS, Answer
from operations.meetings.models import CalendarFeed, Meeting, Reply
from operations.planning import rights
from portal.audit import recording
from portal.ui.errors import Refused

KIND = "calendar_feed"
LONGEST_TOKEN = 64
PAST = timedelta(days=60)
MOST = 500


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make(*, by: Appointment, name: str) -> tuple[CalendarFeed, str]:
    """A new address for the officer's own calendar, and its token in clear: it is never shown again."""
    rights.require_role(by, Permission.MEETING_VIEW)
    if not name.strip():
        raise Refused("Name the device or program that reads it.", field="name")
    if own(by).filter(revoked_at=None).count() >= MOST_FEEDS:
        raise Refused(f"You have {MOST_FEEDS} addresses already. Revoke one first.", field="name")
    token = secrets.token_urlsafe(32)
    row = CalendarFeed.objects.create(appointment=by, name=name.strip(), digest=digest_of(token))
    recording.record(verb="calendar_feed.make", by=by, subject_kind=KIND, subject_id=row.pk)
    return row, token


@transaction.atomic
def revoke(*, feed: CalendarFeed, by: Appointment) -> None:
    """From now on the address answers as one that never was."""
    if feed.appointment_id not in by.chain:
        raise Refused("There is no such calendar address.", code="not_found")
    if feed.revoked_at is None:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        recording.record(verb="calendar_feed.revoke", by=by, subject_kind=KIND, subject_id=feed.pk)


def own(by: Appointment) -> "models.QuerySet[CalendarFeed]":
    return CalendarFeed.objects.filter(appointment__in=by.chain)


def find(token: str, at: datetime) -> CalendarFeed | None:
    """The address of that token, while it stands and its officer works and may see meetings."""
    if len(token) > LONGEST_TOKEN:
        return None
    rows = CalendarFeed.objects.filter(digest=digest_of(token), revoked_at=None)
    row = rows.select_related("appointment__officer", "appointment__agency__country").first()
    if row is None or not row.appointment.is_in_effect(at) or not row.appointment.may(Permission.MEETING_VIEW):
        return None
    return row


def meetings(access: Access) -> list[tuple[Meeting, str]]:
    """Those to which the officer is sent and that may be taken out of the portal, with the officer's answer; not those
    that were declined or have long been over."""
    by = access.appointment
    assert by is not None
    sent = Assignment.objects.filter(attending.own(by, access.at), participation__circle__record=OuterRef("record"))
    rows = Meeting.objects.visible_to(access).filter(Exists(sent), over_at__gt=access.at - PAST)
    found = list(rows.prefetch_related("times").order_by("starts_at", "record_id")[:MOST])
    given = Reply.objects.filter(meeting__in=found, appointment=by, time=None).values_list("meeting", "answer")
    answers = dict(given)
    return [
        (row, answers.get(row.pk, ""))
        for row in found
        if answers.get(row.pk) != Answer.DECLINED and _may_leave(access, row)
    ]


def _may_leave(access: Access, row: Meeting) -> bool:
    return not row.record.display_only or bool(decide(access, row.record, "export"))


def note_reading(feed: CalendarFeed, at: datetime) -> None:
    CalendarFeed.objects.filter(pk=feed.pk).update(read_at=at)
