"""Suspend an agency: nobody acts for it from the next request on, through any door (R13). Another officer lifts it.

What it owns stays its own, what it gave stays given: whether an authority is competent is its state's to say (R22).
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agencies.onboarding import reach
from agencies.onboarding.foreseeing import Foreseen, foresee
from agencies.onboarding.models import Halt
from portal.audit import recording
from portal.ui.errors import Refused


def may_suspend(agency: Agency, by: Appointment) -> bool:
    """Treaty admins of its state and system admins; nobody of the agency itself, who could not lift it."""
    answers = by.may(Permission.AGENCY_MANAGE_ANY) or reach.speaks_for(agency.country_id, by)
    return answers and agency.pk not in by.agencies


def may_lift(halt: Halt, by: Appointment) -> bool:
    """Another officer than who suspended it."""
    return may_suspend(halt.agency, by) and by.officer_id != halt.halted_by.officer_id


@transaction.atomic
def suspend(*, agency: Agency, reason: str, by: Appointment) -> Halt:
    """From now on nobody acts for it. Raises Refused at the field."""
    if not may_suspend(agency, by):
        raise Refused(
            "A treaty admin of its state or a system admin suspends an agency, and nobody of its own.", code="forbidden"
        )
    row = Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    if row.is_closed or not row.is_active:
        raise Refused("It is closed.", code="conflict")
    if row.suspended_at is not None:
        raise Refused("It is suspended already.", code="conflict")
    if not reason.strip():
        raise Refused("Say why: whoever lifts it reads it.", field="reason")
    now = timezone.now()
    halt = Halt.objects.create(agency=row, reason=reason.strip(), halted_at=now, halted_by=by)
    row.suspended_at = now
    row.save(update_fields=["suspended_at"])
    _note("agency.suspend", halt, by)
    return halt


@transaction.atomic
def lift(*, halt: Halt, why: str, by: Appointment) -> Halt:
    """Its officers act again from the next request on, with what their appointments give them then."""
    rows = Halt.objects.select_for_update(of=("self",)).select_related("agency", "halted_by")
    row = rows.get(pk=halt.pk)
    if not may_lift(row, by):
        raise Refused("Another officer than who suspended it lifts it.", code="forbidden")
    if row.lifted_at is not None:
        raise Refused("It is lifted already.", code="conflict")
    if not why.strip():
        raise Refused("Say why it may act again.", field="why")
    row.lifted_at, row.lifted_by, row.lifted_why = timezone.now(), by, why.strip()
    row.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    Agency.objects.filter(pk=row.agency_id).update(suspended_at=None)
    _note("agency.lift", row, by)
    return row


def what_if(*, agency: Agency, by: Appointment) -> Foreseen:
    """What suspending it would take away (R28)."""

    def step() -> datetime:
        return suspend(agency=agency, reason="What if", by=by).halted_at

    return foresee(agency=agency, by=by, step=step)


def _note(verb: str, row: Halt, by: Appointment) -> None:
    recording.record(verb=verb, by=by, subject_kind="agency", subject_id=str(row.agency_id), data={"halt": row.pk})
