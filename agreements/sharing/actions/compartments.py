"""Compartments: an agency confines its own records to a case team or to a unit (R3). Releases abroad are untouched."""

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Unit
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from agreements.sharing.actions.audiences import audience_for
from agreements.sharing.choices import OWN_KINDS, AssignmentRole, AudienceKind, CircleKind
from agreements.sharing.compartments import assigned_to, compartments_of, inside
from agreements.sharing.models import Assignment, Circle, MarkingChange, Participation, Record, Release
from agreements.sharing.policy import access_to, decide
from portal.audit import recording
from portal.ui.errors import Refused


@transaction.atomic
def open_compartment(*, name: str, by: Appointment, unit: Unit | None = None) -> Circle:
    """Open a compartment of the own agency. Its opener is inside; with a unit, so is whoever is posted there."""
    _keeps(by)
    name = " ".join(name.split())
    if not name:
        raise Refused("Give it a name.", field="name")
    if unit is not None and (unit.agency_id not in by.agencies or unit.closed_at is not None):
        raise Refused("There is no such unit at your agency.", field="unit")
    now = timezone.now()
    row = Circle.objects.create(kind=CircleKind.COMPARTMENT, name=name, owner=by.agency, unit=unit, opened_at=now)
    part = Participation.objects.create(
        circle=row, agency=by.agency, invited_by=by, invited_at=now, accepted_at=now, accepted_by=by
    )
    Assignment.objects.create(participation=part, appointment=by, role=AssignmentRole.MEMBER, assigned_by=by)
    # There from the first: what is confined to it is found in the same request.
    audience_for(AudienceKind.OWN_CIRCLE, circle=row)
    _note("compartment.open", row, by)
    return row


@transaction.atomic
def let_in(*, compartment: Circle, appointment: Appointment, by: Appointment) -> Assignment:
    """Let another own officer in: what is confined to it opens to that officer by role and clearance."""
    row = _locked(compartment, by)
    now = timezone.now()
    if row.owner_id not in appointment.agencies or not appointment.is_in_effect(now):
        raise Refused("Only officers of your own agency are let in.", field="appointment")
    if any(item.appointment_id == appointment.pk for item in assigned_to(row, now)):
        raise Refused(f"{appointment.officer} is inside already.", field="appointment")
    part = row.participations.get(agency=row.owner_id)
    # One that ended with an earlier posting makes room.
    part.assignments.filter(appointment=appointment, ended_at=None).update(ended_at=now)
    made = Assignment.objects.create(participation=part, appointment=appointment, assigned_by=by)
    _note("compartment.let_in", row, by, appointment=str(appointment.pk))
    return made


@transaction.atomic
def put_out(*, compartment: Circle, appointment: Appointment, by: Appointment) -> None:
    """Put an officer out: closed on the next request (R13). Somebody stays inside (R21)."""
    row = _locked(compartment, by)
    now = timezone.now()
    found = [item for item in assigned_to(row, now) if item.appointment_id == appointment.pk]
    if not found:
        raise Refused("This officer is not assigned to it.", field="appointment", code="not_found")
    posted = row.unit_id is not None and appointment.unit_id == row.unit_id
    if not posted and all(item.pk == appointment.pk for item in inside(row, now)):
        raise Refused("Nobody would be left who sees what is confined to it. Let another officer in first.")
    found[0].ended_at = now
    found[0].save(update_fields=["ended_at"])
    _note("compartment.put_out", row, by, appointment=str(appointment.pk))


@transaction.atomic
def confine(*, record: Record, compartment: Circle | None, by: Appointment, reason: str = "") -> Record:
    """Confine an own record to a compartment one is inside of, or (None) open it to the whole agency again.

    Its author and officers named for it go on seeing it. Raises Refused when it is not theirs to mark, and when the
    writer could not see it afterwards (R21).
    """
    row = Record.objects.select_for_update().get(pk=record.pk)
    now = timezone.now()
    decision = decide(access_to(row, by, now), row, "mark")
    if not decision:
        raise Refused(decision.missing[0], code="forbidden", reasons=decision.missing)
    if compartment is not None and not compartments_of(by, now).filter(pk=compartment.pk).exists():
        raise Refused("There is no such compartment.", field="compartment", code="not_found")
    before, after = row.compartment_id, compartment.pk if compartment else None
    if before == after:
        return row
    _close_own(row, by, now)
    row.compartment = compartment
    row.version += 1
    row.save(update_fields=["compartment", "version"])
    records.open_to_own(row, by)
    change = {"before": {"compartment": before and str(before)}, "after": {"compartment": after and str(after)}}
    MarkingChange.objects.create(record=row, changed_by=by, reason=reason, **change)
    recording.record(
        verb="record.confine",
        by=by,
        subject_kind=row.kind,
        subject_id=str(row.pk),
        data={**change, "reason": reason},
    )
    records.still_seen(row, by)
    return row


def _close_own(record: Record, by: Appointment, now: object) -> None:
    """What opens it to the agency or to a compartment. Names stay."""
    wide = OWN_KINDS - {AudienceKind.OWN_OFFICER}
    rows = Release.objects.standing().filter(content_object=record, provider=record.owner_id, audience__kind__in=wide)
    rows.update(revoked_at=now, revoked_by=by)


def _locked(compartment: Circle, by: Appointment) -> Circle:
    """The row for a change, if the officer keeps compartments and is inside this one."""
    _keeps(by)
    row = Circle.objects.select_for_update(of=("self",)).filter(pk=compartment.pk, kind=CircleKind.COMPARTMENT).first()
    if row is None or not compartments_of(by, timezone.now()).filter(pk=row.pk).exists():
        raise Refused("There is no such compartment.", code="not_found")
    return row


def _keeps(by: Appointment) -> None:
    if not by.may(Permission.COMPARTMENT_KEEP):
        raise Refused("Compartments are kept by commanders and analysts.", code="forbidden")


def _note(verb: str, row: Circle, by: Appointment, **data: str) -> None:
    recording.record(verb=verb, by=by, subject_kind="compartment", subject_id=str(row.pk), data=data)
