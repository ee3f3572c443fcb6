"""What goes along when an officer acts for another: assignments in operations, meetings and boards, and nothing else.

An assignment is the agency's own act (R23), so it is made anew for the deputy, dated like the acting itself, and stands
in the team's list and on the ledger. A case team is chosen person by person (R3); named grants and what is RED are
the person's (R8, R9).
"""

from datetime import date

from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing.causes import ASSIGNED
from agreements.sharing.choices import CircleKind
from agreements.sharing.models import Assignment
from portal.audit import recording
from portal.outbox import messages


def carry(deputy: Appointment, by: Appointment) -> None:
    """Assign the deputy wherever the represented officer is assigned now, until the acting ends or that does."""
    now = timezone.now()
    represented = deputy.acts_for
    assert represented is not None
    assert deputy.ends_on is not None
    today = now.astimezone(deputy.agency.zone).date()
    rows = Assignment.objects.filter(
        appointment__in=represented.chain,
        ended_at=None,
        participation__ended_at=None,
        participation__accepted_at__isnull=False,
    ).exclude(participation__circle__kind=CircleKind.COMPARTMENT)
    for row in rows.select_related("participation__circle").prefetch_related("directs"):
        if row.ends_on is not None and row.ends_on < today:
            continue
        made = Assignment.objects.create(
            participation=row.participation,
            appointment=deputy,
            role=row.role,
            assigned_by=by,
            ends_on=_sooner(row.ends_on, deputy.ends_on),
        )
        made.directs.set(row.directs.all())
        data = {"appointment": str(deputy.pk), "along_with": str(represented.pk)}
        circle = row.participation.circle
        recording.record(verb="circle.assign", by=by, subject_kind="circle", subject_id=str(circle.pk), data=data)
        messages.emit(kind=ASSIGNED, key=f"assigned:{made.pk}", payload={"assignment": str(made.pk)})


def end_along(assignment: Assignment) -> None:
    """Who acts for an officer is in a circle only as long as that one."""
    rows = Assignment.objects.filter(participation=assignment.participation_id, ended_at=None)
    rows.filter(appointment__acts_for=assignment.appointment_id).update(ended_at=assignment.ended_at)


def _sooner(one: date | None, other: date) -> date:
    return other if one is None else min(one, other)
