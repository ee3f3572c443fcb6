"""The owner's question: does that agency, or that officer of ours, see the record, now or at another instant (R14, R26)?"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from agencies.directory.models import Agency, Appointment
from agreements.register.models import Agreement
from agreements.sharing.asof import record_at, releases_at
from agreements.sharing.models import Record
from agreements.sharing.policy import Decision, explain_own, explain_to_owner


@dataclass(frozen=True)
class Instant:
    """Of when it is asked. Without `at`: now. `all_facts`: by all that is recorded today, not only by then."""

    now: datetime
    at: datetime | None = None
    all_facts: bool = False

    @property
    def known(self) -> datetime | None:
        return self.now if self.all_facts else None


def instant_of(text: str, known: str, record: Record, now: datetime, zone: ZoneInfo) -> Instant:
    """From an address. Raises ValueError, with a sentence, for what lies ahead or before the record was made."""
    when = _instant_of(text, known, now, zone)
    if when.at is not None and when.at < record.recorded_at:
        raise ValueError("The record did not exist then.")
    return when


def instant_of_agreement(text: str, known: str, agreement: Agreement, now: datetime, zone: ZoneInfo) -> Instant:
    """The same of an agreement: before it was registered here nothing was answered, though it should have been."""
    when = _instant_of(text, known, now, zone)
    registered = agreement.registered_at
    if when.at is not None and not when.all_facts and (registered is None or when.at < registered):
        raise ValueError("The agreement was not registered here then. Ask by all facts recorded until today.")
    return when


def _instant_of(text: str, known: str, now: datetime, zone: ZoneInfo) -> Instant:
    if not text:
        return Instant(now)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("This is no time: write it as 2026-03-01T14:00.") from None
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    if at > now:
        raise ValueError("This lies ahead: what will be, an agreement's own page foretells.")
    return Instant(now, at, known == "now")


def ask_agency(record: Record, agency: Agency, when: Instant) -> Decision:
    if when.at is None:
        return explain_to_owner(record, agency, when.now)
    then = record_at(record, when.at)
    return explain_to_owner(then, agency, when.at, releases_at(then, when.at), when.known)


def ask_officer(record: Record, officer: Appointment, when: Instant) -> Decision:
    if when.at is None:
        return explain_own(record, officer, when.now)
    then = record_at(record, when.at)
    return explain_own(then, officer, when.at, releases_at(then, when.at))


def own_officers(record: Record, at: datetime) -> list[Appointment]:
    """Officers of the owner who held an appointment at that instant."""
    rows = Appointment.objects.standing_for([record.owner_id], at).select_related("officer", "agency", "unit")
    return [row for row in rows.order_by("officer__full_name", "pk") if row.is_in_effect(at)]


def key_of(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
