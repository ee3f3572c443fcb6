"""What pages and the API show of postings: to the two agencies all of it, to partners functions alone (R18)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from agencies.directory.acquaintance import known_to
from agencies.directory.models import Agency, Appointment, Officer
from agencies.postings.choices import PostingKind
from agencies.postings.models import Posting


@dataclass(frozen=True)
class Abroad:
    """One function at the host, as a partner is told it. Neither who, nor how many, nor until when (R18, R26)."""

    function: str
    kind: str
    other: Agency | None
    here: bool
    contact: str = ""
    accreditation: str = ""


def shown_to_partners(agency: Agency, by: Appointment, at: datetime) -> list[Abroad]:
    """Functions posted at the agency, and from it to others, that the reader may know of. Nothing of an agency with
    which the reader's shares nothing: who is posted here from there is a function here, and no more."""
    known, found = known_to(by, at), set()
    for row in Posting.objects.of_agencies([agency.pk]).in_effect(at):
        here = row.host_id == agency.pk
        other = row.sender if here else row.host
        if other.pk in by.agencies or {agency.pk, other.pk} <= known:
            # One's own agency's officers posted there are its own matter, whatever else the two share.
            found.add(_told(row, here, other))
        elif here and agency.pk in known:
            found.add(_told(row, here, None))
    return sorted(found, key=lambda row: (not row.here, row.function, str(row.other)))


def _told(row: Posting, here: bool, other: Agency | None) -> Abroad:
    liaison = row.kind == PostingKind.LIAISON
    contact, accreditation = (row.contact, row.accreditation) if liaison else ("", "")
    return Abroad(row.function, row.get_kind_display(), other, here, contact, accreditation)


def name_of(row: Posting, by: Appointment) -> str:
    """The officer's name: for the sender always, for the host once it has accepted somebody who serves there."""
    if row.home is None:
        return ""
    own = row.sender_id in by.agencies
    return str(row.home.officer) if own or row.appointment_id else ""


def own_officers(by: Appointment, at: datetime) -> list[Appointment]:
    """Appointments of the own agency that have not ended, by name: not those that rest on another, or act for one."""
    rows = Appointment.objects.filter(agency__in=by.agencies, acts_for=None, rests_on=None, ended_at=None)
    rows = rows.filter(officer__is_active=True).select_related("officer", "agency__country")
    today = at.astimezone(by.agency.zone).date()
    return [row for row in rows.order_by("officer__full_name", "pk") if row.ends_on is None or row.ends_on >= today]


@dataclass(frozen=True)
class Bar:
    """One row of the picture of an officer's time: in days, and in hundredths of the picture's width."""

    words: str
    kind: str
    agency: Agency
    first: date
    last: date | None
    note: str = ""
    left: float = 0.0
    width: float = 0.0


def timeline_of(officer: Officer, by: Appointment, at: datetime) -> list[Bar]:
    """Appointments, postings and acting-for of one officer, as far as they are the reader's agency's."""
    rows = Appointment.objects.filter(officer=officer, agency__in=by.agencies)
    rows = rows.select_related("agency__country", "acts_for__officer", "rests_on__agency__country")
    bars = [_post(row) for row in rows.order_by("starts_on", "pk")]
    postings = (
        Posting.objects.of_agencies(by.agencies).standing().filter(home__officer=officer, accepted_at__isnull=False)
    )
    recalled = Posting.objects.of_agencies(by.agencies).filter(home__officer=officer, recalled_at__isnull=False)
    for row in (postings | recalled).with_words().order_by("starts_on", "pk"):
        if row.host_id not in by.agencies:
            bars.append(_away(row))
    return _placed(sorted(bars, key=lambda bar: (bar.first, bar.words)), at.date())


def _last(ends_on: date | None, ended_at: datetime | None, zone: Any) -> date | None:
    over = ended_at.astimezone(zone).date() if ended_at else None
    return min(day for day in (ends_on, over) if day) if ends_on or over else None


def _post(row: Appointment) -> Bar:
    kind, note = "appointment", row.get_role_display()
    if row.acts_for is not None:
        kind, note = "deputy", f"acting for {row.acts_for.officer}"
    elif row.rests_on is not None:
        kind, note = "posting", f"posted here by {row.rests_on.agency.short}"
    return Bar(row.function, kind, row.agency, row.starts_on, _last(row.ends_on, row.ended_at, row.agency.zone), note)


def _away(row: Posting) -> Bar:
    note = "rights at home rest" if row.pauses_home else "rights at home kept"
    last = _last(row.ends_on, row.recalled_at, row.host.zone)
    return Bar(row.function, "posting", row.host, row.starts_on, last, f"posted there, {note}")


def _placed(bars: list[Bar], today: date) -> list[Bar]:
    if not bars:
        return []
    start, end = span_of(bars, today)
    days = max((end - start).days, 1)
    placed = []
    for bar in bars:
        last = min(bar.last or end, end)
        left = (bar.first - start).days / days * 100
        width = max(((last - bar.first).days + 1) / days * 100, 0.6)
        values = {**bar.__dict__, "left": round(left, 2), "width": round(min(width, 100 - left), 2)}
        placed.append(Bar(**values))
    return placed


def span_of(bars: Collection[Bar], today: date) -> tuple[date, date]:
    """From the first day told of to the last one, at least to a month from today."""
    lasts = [bar.last for bar in bars if bar.last]
    return min(bar.first for bar in bars), max([today + timedelta(days=30), *lasts, *(bar.first for bar in bars)])
