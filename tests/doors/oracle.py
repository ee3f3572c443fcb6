"""An independent model of the sharing rules (R1–R9, R11, R13, R15): plain Python over plain rows, no policy code.

Written from the rules, not from the product, so that a mistake has to be made twice to go unseen. Covers what the
tests' worlds hold: no successions.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import ROLES, Role
from agreements.register.models import Agreement, Clause, Designation, TreatyAction
from agreements.sharing.models import Assignment, Participation, Record, Release

VIEW = {
    "operation": "operation.view",
    "instruction": "operation.view",
    "patrol": "patrol.view",
    "leg": "patrol.view",
    "observation": "patrol.view",
    "crossing": "patrol.view",
    "alarm": "patrol.view",
    "report": "report.view",
    "meeting": "meeting.view",
    "minutes": "meeting.view",
    "annotation": "meeting.view",
    "minutes_copy": "meeting.view",
    "incident": "incident.view",
    "event": "incident.view",
    "serious": "incident.view",
    "joint": "patrol.view",
    "statement": "patrol.view",
    "sealed": "patrol.view",
    "procedure": "incident.view",
    "assistance": "incident.view",
    "bulletin": "bulletin.view",
}
CONSENTS = {
    "definitive_signature", "ratification", "acceptance", "approval", "formal_confirmation",
    "accession", "succession", "consent_to_be_bound",
}  # fmt: skip
LEAVING = {"denunciation", "withdrawal"}
WIDEST = {
    "own_agency": 3, "own_circle": 3, "own_officer": 4, "all_parties": 1, "party": 2, "agency": 3, "circle": 2,
    "unit": 3, "function": 3, "officer": 4,
}  # fmt: skip


def may_see(who: Appointment, record: Record, now: datetime) -> bool:
    """The answer that every door must give."""
    today = now.astimezone(ZoneInfo(who.agency.time_zone)).date()
    active = who.officer.is_active and who.ended_at is None and who.starts_on <= today
    if not active or (who.ends_on and who.ends_on < today):
        return False
    if VIEW[record.kind] not in ROLES[Role(who.role)].permissions or record.classification > who.clearance:
        return False
    return any(_live(who, record, release, now) for release in record.releases.all())


def _live(who: Appointment, record: Record, release: Release, now: datetime) -> bool:
    if release.revoked_at or (release.until and release.until <= now):
        return False
    if record.tlp > WIDEST[release.audience.kind]:
        return False
    if release.clause is None:
        return record.owner_id == who.agency_id and _inside_own(who, release, now)
    start = _reach_start(who.agency, record, release, now)
    return start is not None and _inside(who, release, start, now)


def _reach_start(agency: Agency, record: Record, release: Release, now: datetime) -> datetime | None:
    """Since when the release's article carries the record to the agency; None when it does not today."""
    if release.provider_id == agency.pk or not record.categories:
        return None
    start = _channel_start(release.clause, release.provider_id, agency.pk, record, now)
    if start is None or release.purpose not in release.clause.purposes:
        return None
    if record.rel_to is not None and agency.country_id not in record.rel_to:
        return None
    keep = release.clause.retention_days
    if keep and release.released_at + timedelta(days=keep) <= now:
        return None
    if release.via and not _holds(release.provider, record, release.via, now):
        return None
    return start


def _holds(agency: Agency, record: Record, release: Release, now: datetime) -> bool:
    """R11: whether an agency that passed it on holds it itself."""
    if release.revoked_at or (release.until and release.until <= now) or record.tlp > WIDEST[release.audience.kind]:
        return False
    start, audience = _reach_start(agency, record, release, now), release.audience
    if start is None:
        return False
    if audience.kind == "officer":
        return audience.appointment.agency_id == agency.pk and audience.appointment.ended_at is None
    if audience.kind == "circle":
        parts = Participation.objects.filter(circle=audience.circle, agency=agency, accepted_at__lte=now, ended_at=None)
        return any(release.released_at >= max(part.accepted_at, start) for part in parts)
    named = {"party": audience.country_id == agency.country_id, "all_parties": True}
    return named.get(audience.kind, audience.agency_id == agency.pk) and release.released_at >= start


def _inside_own(who: Appointment, release: Release, now: datetime) -> bool:
    audience = release.audience
    if audience.kind == "own_agency":
        return audience.agency_id == who.agency_id
    if audience.kind == "own_officer":
        return audience.appointment_id == who.pk
    if audience.circle.unit_id and audience.circle.unit_id == who.unit_id:
        return True
    return _joined(who, audience.circle_id, now) is not None


def _inside(who: Appointment, release: Release, start: datetime, now: datetime) -> bool:
    audience = release.audience
    if audience.kind == "officer":
        return audience.appointment_id == who.pk
    if audience.kind == "circle":
        joined = _joined(who, audience.circle_id, now)
        return joined is not None and release.released_at >= max(joined, start)
    if audience.kind in ("agency", "unit", "function") and audience.agency_id != who.agency_id:
        return False
    if audience.kind == "unit" and audience.unit_id != who.unit_id:
        return False
    if audience.kind == "function" and audience.function != (who.title or ROLES[Role(who.role)].label):
        return False
    if audience.kind == "party" and audience.country_id != who.agency.country_id:
        return False
    return release.released_at >= start


def _joined(who: Appointment, circle: object, now: datetime) -> datetime | None:
    for part in Participation.objects.filter(circle=circle, agency=who.agency):
        if part.accepted_at is None or part.accepted_at > now or (part.ended_at and part.ended_at <= now):
            continue
        for assignment in Assignment.objects.filter(participation=part, appointment=who):
            if assignment.ended_at is None or assignment.ended_at > now:
                return part.accepted_at
    return None


def _channel_start(clause: Clause, giver: object, taker: object, record: Record, now: datetime) -> datetime | None:
    """When the channel that carries this record began, or None when there is none now."""
    agreement = clause.agreement
    found = []
    for one in _designated(clause, giver):
        for other in _designated(clause, taker):
            pair = {one.country_id, other.country_id}
            if len(pair) < 2 and agreement.parties.count() > 1:
                continue
            starts = [_designation_start(row, pair, agreement, now) for row in (one, other)]
            starts += [_bound_start(clause, country, pair, now) for country in pair]
            if None not in starts and _carries(clause, pair, record, now):
                found.append(max(start for start in starts if start))
    return max(found) if found else None


def _designated(clause: Clause, agency: object) -> list[Designation]:
    rows = Designation.objects.filter(agreement=clause.agreement, agency=agency)
    return [row for row in rows if not row.clauses.exists() or clause in row.clauses.all()]


def _midnight(agreement: Agreement, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(agreement.time_zone))


def _stood_behind(fact: TreatyAction | Clause | Designation, pair: set[str], now: datetime) -> datetime | None:
    instants = {c.country_id: c.confirmed_at for c in fact.confirmations.all()}
    if fact.recorded_for_id:
        instants[fact.recorded_for_id] = fact.recorded_at
    if not pair <= set(instants):
        return None
    last = max(instants[country] for country in pair)
    return last if last <= now else None


def _designation_start(row: Designation, pair: set[str], agreement: Agreement, now: datetime) -> datetime | None:
    today = now.astimezone(ZoneInfo(agreement.time_zone)).date()
    both = _stood_behind(row, pair, now)
    if both is None or row.withdrawn_at or row.starts_on > today or (row.ends_on and row.ends_on < today):
        return None
    return max(both, _midnight(agreement, row.starts_on))


def _bound_start(clause: Clause, country: str, pair: set[str], now: datetime) -> datetime | None:
    agreement = clause.agreement
    today = now.astimezone(ZoneInfo(agreement.time_zone)).date()
    if agreement.registered_at is None or (agreement.expires_on and agreement.expires_on < today):
        return None
    if (clause.ends_on and clause.ends_on < today) or (clause.starts_on and clause.starts_on > today):
        return None
    starts = [_stood_behind(clause, pair, now)]
    acts = [a for a in agreement.actions.all() if (a.effective_on or a.done_on) <= today]
    if any(a.kind == "termination" for a in acts) or _is_suspended(clause, country, pair, acts, now):
        return None
    left = [a.effective_on or a.done_on for a in acts if a.kind in LEAVING and a.country_id == country]
    for wanted, whose in (({"entry_into_force"}, None), (CONSENTS, country)):
        instants = [
            max(both, _midnight(agreement, a.effective_on or a.done_on))
            for a in acts
            if a.kind in wanted and a.country_id == whose and (both := _stood_behind(a, pair, now))
            and (whose is None or not left or (a.effective_on or a.done_on) >= max(left))
        ]  # fmt: skip
        starts.append(min(instants) if instants else None)
    if agreement.made_under:
        starts.append(_bound_start(agreement.made_under, country, pair, now))
    return None if None in starts else max(start for start in starts if start)


def _is_suspended(clause: Clause, country: str, pair: set[str], acts: list[TreatyAction], now: datetime) -> bool:
    for act in acts:
        if act.kind != "suspension" or act.counterpart_id or act.country_id not in (None, country):
            continue
        if act.clauses.exists() and clause not in act.clauses.all():
            continue
        lifted = [a for a in acts if a.lifts_id == act.pk and _stood_behind(a, pair, now)]
        if not lifted:
            return True
    return False


def _carries(clause: Clause, pair: set[str], record: Record, now: datetime) -> bool:
    categories, ceiling = set(clause.categories), clause.ceiling
    for act in clause.agreement.actions.all():
        if act.kind == "objection" and {act.country_id, act.counterpart_id} == pair:
            return False
        if act.kind == "reservation" and act.country_id in pair:
            categories -= set(act.excludes)
            if act.lowers_ceiling_to is not None:
                ceiling = min(ceiling, act.lowers_ceiling_to)
    return set(record.categories) <= categories and record.classification <= ceiling
