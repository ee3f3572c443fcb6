"""What of the ledger an agency may read: its own officers' entries, and who was shown its own records (R18, R29).

Serial numbers and totals of the ledger never leave it: they would tell how much the other agencies do (R17).
"""

import uuid
from datetime import datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from portal import second_lock
from portal.audit.models import Entry
from portal.audit.querysets import EntryQuerySet
from portal.audit.recording import DISCLOSE

# Above this the check of the chain takes longer than a request should: the command does it.
CHECKED_HERE = 200_000


def is_short() -> bool:
    """Whether a request may check the whole chain."""
    return Entry.objects.all()[CHECKED_HERE : CHECKED_HERE + 1].first() is None


def require_owner(by: Appointment, record: Record) -> None:
    """Who reads a record's story: its owner's officers whose role may ask (R18). Raises PermissionDenied."""
    if not (by.may(Permission.LEDGER_VIEW) or by.may(Permission.RECORD_ASK_WHO)):
        raise PermissionDenied("Your role does not permit this.")
    if record.owner_id not in by.agencies:
        raise PermissionDenied("Only officers of its owner read who saw a record (R18).")


def own_entries(by: Appointment) -> EntryQuerySet:
    """What officers of the agency did and were shown, newest first."""
    return Entry.objects.filter(agency_id__in=by.agencies).order_by("-key")


def narrowed(rows: EntryQuerySet, values: dict[str, Any], access: Access) -> EntryQuerySet:
    """By day (of the reader's zone), verb, officer, record.

    A partner's record that is hidden by now is as one that never was (R17).
    """
    if values.get("since"):
        rows = rows.filter(recorded_at__gte=_midnight(values["since"]))
    if values.get("until"):
        rows = rows.filter(recorded_at__lte=timezone.make_aware(datetime.combine(values["until"], time.max)))
    if values.get("what") == "shown":
        rows = rows.filter(verb=DISCLOSE)
    elif values.get("what") == "done":
        rows = rows.exclude(verb=DISCLOSE)
    if values.get("officer"):
        rows = rows.filter(officer_id=values["officer"].pk)
    if values.get("record") and not _may_ask_of(values["record"], access):
        return rows.none()
    if values.get("record"):
        key = str(values["record"])
        rows = rows.filter(Q(records__contains=[{"record": key}]) | Q(subject_id=key))
    return rows


def _may_ask_of(key: uuid.UUID, access: Access) -> bool:
    # Of its own agency's record an officer may know that there is one, also where it is confined.
    with second_lock.opened("whether a record is the agency's own"):
        by = access.appointment
        own = by is not None and Record.objects.filter(pk=key, owner__in=by.agencies).exists()
    return own or Record.objects.visible_to(access).filter(pk=key).exists()


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def shown_to(record: Record) -> EntryQuerySet:
    """Responses that disclosed the record, to whomever, newest first. For its owner only."""
    return Entry.objects.disclosing(record.pk).order_by("-key")


def done_to(record: Record) -> EntryQuerySet:
    """What its owner's officers, and the portal itself, did to the record, newest first."""
    own = Q(agency_id=record.owner_id) | Q(agency_id=None)
    return Entry.objects.about(record.kind, record.pk).filter(own).order_by("-key")
