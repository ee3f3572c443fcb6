"""Circles: the owner invites, the invited agency accepts and alone assigns its officers, either ends it (R23)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.register.models import Clause
from agreements.sharing.actions import releases
from agreements.sharing.causes import ANSWERED, ASSIGNED, INVITED
from agreements.sharing.choices import AssignmentRole, AudienceKind, CircleKind
from agreements.sharing.deputies import end_along
from agreements.sharing.models import Assignment, Circle, Participation, Record, Release
from agreements.sharing.policy import access_to, decide
from portal import second_lock
from portal.audit import recording
from portal.outbox import messages
from portal.ui.errors import Refused


@transaction.atomic
def open_circle(*, record: Record, kind: CircleKind, by: Appointment) -> Circle:
    """Open the circle of a record; its owner takes part from the first moment, its author is assigned."""
    circle = Circle.objects.create(kind=kind, name=record.title, owner=by.agency, record=record)
    now = timezone.now()
    own = Participation.objects.create(
        circle=circle, agency=by.agency, invited_by=by, invited_at=now, accepted_at=now, accepted_by=by
    )
    role = AssignmentRole.COMMANDER if kind == CircleKind.OPERATION else AssignmentRole.MEMBER
    Assignment.objects.create(participation=own, appointment=by, role=role, assigned_by=by)
    return circle


@transaction.atomic
def invite(*, circle: Circle, agency: Agency, clause: Clause, purpose: str, by: Appointment) -> Participation:
    """Invite an agency by releasing the circle's record to it under a clause (R23).

    Raises Refused when there is no channel to it, or it already takes part.
    """
    if circle.record is None or circle.owner_id not in by.agencies:
        raise Refused("Only the agency that leads it invites others.", code="forbidden")
    if circle.participations.filter(agency=agency, ended_at=None).exists():
        raise Refused(f"{agency.short} is already invited.", field="agency")
    to = releases.To(AudienceKind.AGENCY, agency=agency)
    if not _released_by_two(circle.record, to, clause, by):
        releases.release(record=circle.record, to=to, clause=clause, purpose=purpose, by=by)
    row = Participation.objects.create(circle=circle, agency=agency, invited_by=by)
    _note("circle.invite", by, circle, agency=agency)
    messages.emit(kind=INVITED, key=f"invited:{row.pk}", payload={"participation": str(row.pk)})
    return row


def _released_by_two(record: Record, to: releases.To, clause: Clause, by: Appointment) -> bool:
    """Whether a second officer has approved the same release: then the invitation stands on that (R20)."""
    if not releases.needs_second(record, by):
        return False
    given = record.releases.standing().filter(audience__kind=to.kind, audience__agency=to.agency, clause=clause)
    if given.filter(approved_by__isnull=False).exists():
        return True
    raise Refused(
        f"Your agency wants a second officer for this: release it to {to.agency and to.agency.short} first, from its "
        "page. Invite once that is approved.",
        code=releases.SECOND,
    )


@transaction.atomic
def accept(*, participation: Participation, by: Appointment) -> Participation:
    """The invited agency takes part. The answer reaches the circle's owner by the act itself (R5)."""
    row = Participation.objects.select_for_update().get(pk=participation.pk)
    _of_own_agency(row, by)
    if row.ended_at is not None:
        raise Refused("This invitation has ended.")
    record = row.circle.record
    if record is not None and not decide(access_to(record, by, timezone.now()), record):
        raise Refused("The invitation is no longer open to you.", code="forbidden")
    if row.accepted_at is None:
        row.accepted_at, row.accepted_by = timezone.now(), by
        row.save(update_fields=["accepted_at", "accepted_by"])
        _note("circle.accept", by, row.circle, agency=row.agency)
        messages.emit(kind=ANSWERED, key=f"answered:{row.pk}:accept", payload={"participation": str(row.pk)})
    return row


@transaction.atomic
def end(*, participation: Participation, by: Appointment) -> Participation:
    """Either side ends the participation at once; an invitation not yet answered is declined or withdrawn (R23).

    The release by which the owner invited ends with it, whoever ends it: who left is like who was never invited.
    What the agency contributed stays its own.
    """
    row = Participation.objects.select_for_update().get(pk=participation.pk)
    if not by.agencies & {row.agency_id, row.circle.owner_id} or not by.may(_joining(row.circle)):
        raise Refused("Only the two agencies concerned end a participation.", code="forbidden")
    if row.agency_id == row.circle.owner_id:
        raise Refused("The agency that leads cannot leave; close it instead.")
    if row.ended_at is None:
        row.ended_at, row.ended_by = timezone.now(), by
        row.save(update_fields=["ended_at", "ended_by"])
        _end_invitation(row, by)
        _note("circle.end", by, row.circle, agency=row.agency)
        messages.emit(kind=ANSWERED, key=f"answered:{row.pk}:end", payload={"participation": str(row.pk)})
    return row


def _end_invitation(row: Participation, by: Appointment) -> None:
    given = Release.objects.standing().filter(
        content_object=row.circle.record_id,
        provider=row.circle.owner_id,
        audience__kind=AudienceKind.AGENCY,
        audience__agency=row.agency_id,
    )
    # Whoever leaves takes back what the owner gave.
    with second_lock.opened("the release of an invitation ends with it"):
        for release in given:
            releases.withdraw(release=release, by=by)


@transaction.atomic
def assign(
    *,
    participation: Participation,
    appointment: Appointment,
    by: Appointment,
    role: AssignmentRole = AssignmentRole.MEMBER,
    directs: Iterable[Agency] = (),
    ends_on: date | None = None,
) -> Assignment:
    """Assign an own officer (R23). Opens what the agency's circle already covers (R15)."""
    _of_own_agency(participation, by)
    if appointment.agency_id not in by.agencies or not appointment.is_in_effect(timezone.now()):
        raise Refused("Only own officers with an appointment in effect are assigned.", field="appointment")
    if participation.accepted_at is None or participation.ended_at is not None:
        raise Refused("Your agency does not take part: accept the invitation first.")
    if participation.assignments.filter(appointment=appointment, ended_at=None).exists():
        raise Refused(f"{appointment.officer} is already assigned.", field="appointment")
    row = Assignment.objects.create(
        participation=participation, appointment=appointment, role=role, assigned_by=by, ends_on=ends_on
    )
    row.directs.set(directs)
    _note("circle.assign", by, participation.circle, appointment=appointment)
    messages.emit(kind=ASSIGNED, key=f"assigned:{row.pk}", payload={"assignment": str(row.pk)})
    return row


@transaction.atomic
def unassign(*, assignment: Assignment, by: Appointment) -> Assignment:
    """End an own officer's assignment at once."""
    _of_own_agency(assignment.participation, by)
    if assignment.ended_at is None:
        assignment.ended_at = timezone.now()
        assignment.save(update_fields=["ended_at"])
        end_along(assignment)
        _note("circle.unassign", by, assignment.participation.circle, appointment=assignment.appointment)
    return assignment


@transaction.atomic
def close(*, circle: Circle, by: Appointment) -> Circle:
    """Close a circle: what was released stays readable until retention, nothing new goes in (R4)."""
    if circle.owner_id not in by.agencies:
        raise Refused("Only the agency that leads it closes it.", code="forbidden")
    if circle.closed_at is None:
        circle.closed_at = timezone.now()
        circle.save(update_fields=["closed_at"])
        _note("circle.close", by, circle)
    return circle


def _of_own_agency(row: Participation, by: Appointment) -> None:
    if row.agency_id not in by.agencies or not by.may(_joining(row.circle)):
        raise Refused("This is for the invited agency alone.", code="forbidden")


def _joining(circle: Circle) -> Permission:
    """Who answers for the agency: treaty admins call and attend meetings, but join no operation."""
    met = circle.kind in {CircleKind.MEETING, CircleKind.BOARD}
    return Permission.MEETING_CALL if met else Permission.OPERATION_JOIN


def _note(verb: str, by: Appointment, circle: Circle, **named: Agency | Appointment) -> None:
    data = {name: str(value.pk) for name, value in named.items()}
    recording.record(verb=verb, by=by, subject_kind="circle", subject_id=str(circle.pk), data=data)
