"""Start, stop, go on and take back: the worker does it in batches."""

from django.db import transaction

from agencies.directory.models import Appointment
from agreements.importing import running
from agreements.importing.actions.rights import locked, note
from agreements.importing.choices import WILL_BE_MADE, WORKING, ImportState, RowState
from agreements.importing.models import Import
from portal.ui.errors import Refused


@transaction.atomic
def start(*, job: Import, by: Appointment, draft: bool | None = None) -> Import:
    """Make what was checked; what waits or is in error is kept for repair. With `draft`, as drafts of the agency.

    What is made opens nothing until the parties have confirmed it (R22).
    """
    job = locked(job, by)
    if job.state == ImportState.MAPPING:
        raise Refused("Name the columns first.", code="conflict")
    if not job.rows.filter(state__in=WILL_BE_MADE).exists():
        raise Refused("No row is ready to be made.", code="conflict")
    if draft is not None:
        job.options = {**job.options, "draft": draft}
    counts = job.rows.counts()
    note("start", job, by, draft=job.option("draft"), will_be_made=counts["will_be_made"], kept=counts["kept"])
    running.begin(job, ImportState.RUNNING, by)
    return job


@transaction.atomic
def cancel(*, job: Import, by: Appointment) -> Import:
    """Stop after the batch that is under way. What was made stays, and can be taken back."""
    job = locked(job, by, at_rest=False)
    if job.state in (ImportState.DONE, ImportState.UNDONE, ImportState.CANCELLED):
        raise Refused("It has ended already.", code="conflict")
    note("cancel", job, by, state=job.state)
    job.state, job.turn, job.stopped = ImportState.CANCELLED, job.turn + 1, ""
    job.save(update_fields=["state", "turn", "stopped"])
    return job


@transaction.atomic
def resume(*, job: Import, by: Appointment) -> Import:
    """Go on where it stopped."""
    job = locked(job, by, at_rest=False)
    if job.state == ImportState.CANCELLED and job.rows.filter(state=RowState.UNCHECKED).exists():
        if not job.mapping and not job.is_own_format:
            job.state = ImportState.MAPPING
            job.save(update_fields=["state"])
            return job
        state = ImportState.CHECKING
    elif job.state == ImportState.CANCELLED:
        state = ImportState.RUNNING
    elif job.state in WORKING:
        state = ImportState(job.state)
    else:
        raise Refused("It has not stopped.", code="conflict")
    note("resume", job, by, state=state)
    running.begin(job, state, by)
    return job


@transaction.atomic
def undo(*, job: Import, by: Appointment) -> Import:
    """Take back what it made. What somebody has built on stays, each with the reason."""
    job = locked(job, by)
    made = job.rows.filter(state=RowState.MADE)
    if not made.exists():
        raise Refused("Nothing that it made is left.", code="conflict")
    note("undo", job, by, rows=made.count())
    made.update(kept_because="")
    running.begin(job, ImportState.UNDOING, by)
    return job
