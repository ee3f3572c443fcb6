"""A bulletin is given to whom it is addressed: each agency by an article that fits, through the ordinary release.

What an agency cannot be given is said, with the reason; nobody there is alerted.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from agencies.directory.models import Agency, Appointment
from agreements.bulletins.choices import TargetKind
from agreements.bulletins.models import Bulletin
from agreements.bulletins.scopes import Scope, by_agency, circle_of
from agreements.register.choices import Purpose
from agreements.register.models import Clause
from agreements.sharing.actions import releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.offers import Offer, Offers, offers_for
from agreements.sharing.policy import agencies_that_see
from portal.ui.errors import Refused

KIND = "bulletin"


@dataclass
class Line:
    """What becomes of a bulletin at one agency. Without a reason it is alerted: its own officers by no article."""

    agency: Agency
    scopes: list[Scope]
    own: bool = False
    clause: Clause | None = None
    reason: str = ""
    # Of the own agency: who is alerted. How many officers others have is nobody else's to know (R26).
    people: list[Appointment] = field(default_factory=list)

    @property
    def sees(self) -> bool:
        return not self.reason

    @property
    def words(self) -> str:
        return ", ".join(scope.words for scope in self.scopes)

    @property
    def named_only(self) -> bool:
        """Nobody but named officers sees it: the agency's duty chain cannot be told (R9)."""
        return not self.own and all(scope.kind == TargetKind.OFFICER for scope in self.scopes)


def give(row: Bulletin, scopes: list[Scope], by: Appointment, at: datetime) -> list[Line]:
    """Release it to each agency that it is addressed to; a line for each."""
    offers = offers_for(by, row.record, at, kind=KIND, operation=row.record.operation)
    lines = [Line(agency, found, own=agency.pk in by.agencies) for agency, found in by_agency(scopes)]
    abroad = [line for line in lines if not line.own]
    circled = [line for line in abroad if any(scope.kind == TargetKind.CIRCLE for scope in line.scopes)]
    if circled:
        _to_circle(row, circled, offers, by, at)
    for line in abroad:
        if line.clause is None:
            _to_agency(row, line, offers, by)
    return lines


def _to_circle(row: Bulletin, lines: list[Line], offers: Offers, by: Appointment, at: datetime) -> None:
    """By each article that opens the operation's circle to some of them, until all are reached."""
    for offer in offers.fits:
        if offer.to.kind != AudienceKind.CIRCLE or offer.to.circle != circle_of(row.record.operation):
            continue
        if not all(line.clause for line in lines) and not _released(row, offer, by):
            given = list(row.record.releases.standing().with_audience().filter(clause__isnull=False))
            seeing = agencies_that_see(row.record, given, at)
            for line in lines:
                reader = seeing.get(line.agency)
                line.clause = reader.clause if reader else line.clause


def _to_agency(row: Bulletin, line: Line, offers: Offers, by: Appointment) -> None:
    """To the agency where its desk or a role is meant, else to the officers by name."""
    wanted = [scope for scope in line.scopes if scope.kind != TargetKind.CIRCLE]
    if not wanted:
        line.reason = _gap(offers, line.agency, by)
        return
    whole = any(scope.kind != TargetKind.OFFICER for scope in wanted)
    tos = [To(AudienceKind.AGENCY, agency=line.agency)] if whole else [
        To(AudienceKind.OFFICER, appointment=scope.appointment) for scope in wanted
    ]  # fmt: skip
    reasons = []
    for to in tos:
        clause, reason = _by_first(row, to, offers, by)
        line.clause = line.clause or clause
        reasons.append(reason)
    if line.clause is None:
        line.reason = next((reason for reason in reasons if reason), "") or _gap(offers, line.agency, by)


def _by_first(row: Bulletin, to: To, offers: Offers, by: Appointment) -> tuple[Clause | None, str]:
    """By the first article under which the release is not refused; else why the last one was."""
    reason = ""
    for offer in offers.fits:
        if offer.to == to:
            reason = _released(row, offer, by)
            if not reason:
                return offer.clause, ""
    return None, reason


def _released(row: Bulletin, offer: Offer, by: Appointment) -> str:
    """Release it so; why not, where that is refused."""
    purposes = offer.clause.purposes
    purpose = Purpose.COORDINATION if Purpose.COORDINATION in purposes else purposes[0]
    try:
        with transaction.atomic():
            releases.release(record=row.record, to=offer.to, clause=offer.clause, purpose=purpose, by=by)
    except Refused as refused:
        return refused.message
    return ""


def _gap(offers: Offers, agency: Agency, by: Appointment) -> str:
    missing = "; ".join(offers.missing[:2])
    return missing or f"No article in force today lets {by.agency.short} give it to {agency.short}"
