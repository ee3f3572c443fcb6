"""Who works on an import, and when."""

from typing import Any

from agencies.directory.models import Appointment
from agreements.importing.choices import WORKING
from agreements.importing.models import Import
from agreements.register.actions.rights import need
from portal.audit import recording
from portal.ui.errors import Refused


def locked(job: Import, by: Appointment, *, at_rest: bool = True) -> Import:
    """The import, locked for this transaction, if it is the officer's agency's. Raise Refused while it is at work."""
    need(by)
    row = Import.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=job.pk).first()
    if row is None:
        raise Refused("There is no such import.", code="not_found")
    if at_rest and row.state in WORKING and not row.stopped:
        raise Refused("It is at work: wait until it has ended, or cancel it.", code="conflict")
    return row


def note(verb: str, job: Import, by: Appointment, **data: Any) -> None:
    recording.record(verb=f"import.{verb}", by=by, subject_kind="import", subject_id=job.pk, data=data)
