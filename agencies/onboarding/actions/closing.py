"""Close an agency for good, from a day on: proposed by one officer, agreed by another, with a successor or without.

With one it is the succession (R30) that is agreed, by the other agency; everything passes over. Without, its
designations end at the same instant, so that a treaty admin of its state is one of the two (R22).
"""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from agencies.directory import succession
from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment, Succession
from agencies.directory.roles import Permission
from agencies.onboarding import foreseeing, reach
from agencies.onboarding.models import Closing
from portal.audit import recording
from portal.ui.errors import Refused


def may_propose(agency: Agency, by: Appointment) -> bool:
    """An admin of the agency, a treaty admin of its state, or a system admin."""
    return may_manage(agency, by) or reach.speaks_for(agency.country_id, by)


def may_agree(row: Closing, by: Appointment) -> bool:
    """Another person than who proposed it: of the successor, where there is one; else for the agency's state."""
    if not row.is_open or by.officer_id == row.proposed_by.officer_id:
        return False
    if row.succession is not None:
        return succession.may_answer(row.succession, by)
    if reach.speaks_for(row.agency.country_id, by):
        return True
    spoken = reach.speaks_for(row.agency.country_id, row.proposed_by) or not reach.has_treaty_admin(
        row.agency.country_id
    )
    return by.may(Permission.AGENCY_MANAGE_ANY) and spoken


def may_drop(row: Closing, by: Appointment) -> bool:
    if not row.is_open:
        return False
    taking = row.succession is not None and may_manage(row.succession.successor, by)
    return may_propose(row.agency, by) or taking


@transaction.atomic
def propose(
    *, agency: Agency, first_day: date, reason: str, by: Appointment, successor: Agency | None = None
) -> Closing:
    """Propose that the agency is no more from a day on. Raises Refused at the field."""
    if not may_propose(agency, by):
        raise Refused(
            "An admin of the agency, a treaty admin of its state or a system admin proposes it.", code="forbidden"
        )
    row = Agency.objects.select_for_update(of=("self",)).select_related("country").get(pk=agency.pk)
    if row.closed_at is not None or Closing.objects.filter(agency=row, dropped_at=None).exists():
        raise Refused("Its closing is agreed already, or proposed.", code="conflict")
    if first_day < timezone.now().astimezone(row.zone).date():
        raise Refused("It begins today or later: the past stays as it was.", field="first_day")
    if not reason.strip():
        raise Refused("Name the act that orders it.", field="reason")
    _check_followed(row, by, successor)
    follows = None
    if successor is not None:
        follows = succession.propose(predecessor=row, successor=successor, starts_on=first_day, basis=reason, by=by)
    closing = Closing.objects.create(
        agency=row, first_day=first_day, reason=reason.strip(), proposed_by=by, succession=follows
    )
    _note("agency.close_propose", closing, by)
    return closing


def _check_followed(agency: Agency, by: Appointment, successor: Agency | None) -> None:
    if successor is not None:
        if not (may_manage(agency, by) or may_manage(successor, by)):
            raise Refused(
                "An admin of the agency or a system admin names a successor.", field="successor", code="forbidden"
            )
        return
    if Succession.objects.filter(predecessor=agency, dropped_at=None).exists():
        raise Refused("A successor is accepted or proposed: it takes over.", field="successor", code="conflict")


@transaction.atomic
def agree(*, closing: Closing, by: Appointment) -> Closing:
    """Agree as the second person. It is final: it works from 00:00 of its first day where the agency is, or at once
    when that has begun."""
    row = _locked(closing)
    if not row.is_open:
        raise Refused("It is agreed already." if row.agreed_at else "The proposal was dropped.", code="conflict")
    if not may_agree(row, by):
        raise Refused(
            "Another person agrees: of the successor, where there is one; else a treaty admin of its state, or a system "
            "admin beside one.",
            code="forbidden",
        )
    if row.succession is not None:
        succession.accept(succession=row.succession, by=by)  # `follow` does the rest.
        return _locked(row)
    now = timezone.now()
    begins = max(datetime.combine(row.first_day, time.min, tzinfo=row.agency.zone), now)
    _settle(row, begins, by)
    foreseeing.end_with(row.agency, begins, by)
    return row


def _settle(row: Closing, begins: datetime, by: Appointment) -> None:
    row.agreed_at, row.agreed_by, row.closes_at = timezone.now(), by, begins
    row.save(update_fields=["agreed_at", "agreed_by", "closes_at"])
    Agency.objects.filter(pk=row.agency_id).update(closed_at=begins)
    row.agency.closed_at = begins
    _note("agency.close", row, by, closes_at=begins)


def follow(row: Succession, by: Appointment) -> None:
    """A succession was answered, by its own page or by that of a closing: the closing that waits for it goes with it."""
    closing = Closing.objects.open().filter(succession=row).select_related("agency").first()
    if closing is None:
        return
    if row.accepted_at is not None and row.starts_at is not None:
        _settle(closing, row.starts_at, by)
    elif row.dropped_at is not None:
        _drop(closing, by)


@transaction.atomic
def drop(*, closing: Closing, by: Appointment) -> Closing:
    """Let the proposal fall. What was agreed stays."""
    row = _locked(closing)
    if not row.is_open:
        raise Refused("What was agreed is final." if row.agreed_at else "It was dropped already.", code="conflict")
    if not may_drop(row, by):
        raise Refused("Only who may propose it, or an admin of the successor, does this.", code="forbidden")
    if row.succession is not None and row.succession.dropped_at is None and row.succession.accepted_at is None:
        if may_manage(row.succession.predecessor, by) or may_manage(row.succession.successor, by):
            succession.drop(succession=row.succession, by=by)
            return _locked(row)
        raise Refused("An admin of one of the two agencies lets it fall.", code="forbidden")
    return _drop(row, by)


def _drop(row: Closing, by: Appointment) -> Closing:
    row.dropped_at, row.dropped_by = timezone.now(), by
    row.save(update_fields=["dropped_at", "dropped_by"])
    _note("agency.close_drop", row, by)
    return row


def what_if(
    *, agency: Agency, by: Appointment, first_day: date, successor: Agency | None = None
) -> foreseeing.Foreseen:
    """What closing it would take away, as if it were agreed (R28)."""

    def step() -> datetime:
        row = propose(agency=agency, first_day=first_day, reason="What if", by=by, successor=successor)
        return _as_agreed(row, by)

    return foreseeing.foresee(agency=agency, by=by, step=step)


def what_if_agreed(*, closing: Closing, by: Appointment) -> foreseeing.Foreseen:
    """The same of one that is proposed, for the second look."""
    return foreseeing.foresee(agency=closing.agency, by=by, step=lambda: _as_agreed(_locked(closing), by))


def _as_agreed(row: Closing, by: Appointment) -> datetime:
    """Only inside what is taken back: as if the second person had agreed now."""
    now = timezone.now()
    begins = max(datetime.combine(row.first_day, time.min, tzinfo=row.agency.zone), now)
    if row.succession is not None:
        succession.put_in_effect(row.succession, by, now)
        begins = row.succession.starts_at or begins
    _settle(row, begins, by)
    if row.succession is None:
        foreseeing.end_with(row.agency, begins, by)
    return begins


def _locked(closing: Closing) -> Closing:
    rows = Closing.objects.select_for_update(of=("self",)).select_related(
        "agency__country", "proposed_by__agency", "succession__successor__country", "succession__predecessor__country",
        "succession__proposed_by__agency",
    )  # fmt: skip
    return rows.get(pk=closing.pk)


def _note(verb: str, row: Closing, by: Appointment, **data: object) -> None:
    told = {"closing": row.pk, "first_day": row.first_day, "succession": row.succession_id, **data}
    recording.record(verb=verb, by=by, subject_kind="agency", subject_id=str(row.agency_id), data=told)
