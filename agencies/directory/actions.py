"""What happens in the directory."""

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Officer
from agencies.directory.roles import Permission
from portal.audit import recording
from portal.ui.errors import Refused


@transaction.atomic
def change_account(*, officer: Officer, time_zone: str, by: Appointment | None) -> Officer:
    """Officers change their own settings; under no appointment too."""
    officer.time_zone = time_zone
    officer.save(update_fields=["time_zone"])
    recording.record(verb="officer.settings", by=by, subject_kind="officer", subject_id=str(officer.pk))
    return officer


@transaction.atomic
def end_appointment(*, appointment: Appointment, by: Appointment) -> Appointment:
    """End an appointment at once: its access ends on the next request (R13)."""
    if not by.may(Permission.AGENCY_MANAGE) or appointment.agency_id != by.agency_id:
        raise Refused("Only an agency admin ends appointments of the own agency.", code="forbidden")
    if appointment.ended_at is None:
        appointment.ended_at = timezone.now()
        appointment.save(update_fields=["ended_at"])
        recording.record(verb="appointment.end", by=by, subject_kind="appointment", subject_id=str(appointment.pk))
    return appointment
