"""The background work of an import: one batch for each message, each in a transaction of its own.

A worker that is killed half-way leaves nothing of its batch, and the message waits for the next one: so an import goes
on where it stopped. What it makes has keys that follow from import and row, so that nothing is made twice.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.importing.checking import check_next
from agreements.importing.choices import WORKING, ImportState
from agreements.importing.making import link_next, make_next
from agreements.importing.models import Import
from agreements.importing.undoing import undo_next
from portal.audit import recording
from portal.outbox import messages

logger = logging.getLogger(__name__)

# Kinds of outbox messages; payloads hold keys and numbers only.
WORK, ENDED = "importing.work", "importing.ended"
STOPPED = "The appointment of who started it does not permit it any more. Another treaty admin may go on."


def begin(job: Import, state: ImportState, by: Appointment) -> None:
    """Start what `state` says, as of now by this officer; whatever ran before stops at its next batch."""
    job.state, job.turn, job.step = state, job.turn + 1, 0
    job.worked_by, job.stopped, job.started_at, job.ended_at = by, "", timezone.now(), None
    job.save()
    _next(job)


def _next(job: Import) -> None:
    payload = {"import": str(job.pk), "turn": job.turn, "step": job.step}
    messages.emit(kind=WORK, key=f"{WORK}:{job.pk}:{job.turn}:{job.step}", payload=payload)


def work(payload: dict[str, Any]) -> None:
    """One batch. A message of an earlier turn or step does nothing."""
    rows = Import.objects.select_for_update(of=("self",)).select_related("worked_by__agency__country")
    job = rows.filter(pk=payload["import"]).first()
    if job is None or (job.turn, job.step) != (payload["turn"], payload["step"]) or job.state not in WORKING:
        return
    by = _still_may(job)
    if by is None:
        job.stopped = STOPPED
        job.save(update_fields=["stopped"])
        return
    if STEPS[job.state](job, by, settings.IMPORT_BATCH):
        job.step += 1
        job.save(update_fields=["step"])
        _next(job)
    else:
        finish(job, by)


def _still_may(job: Import) -> Appointment | None:
    """Who started it, if that officer may still do it: what was allowed then may not be now."""
    by, now = job.worked_by, timezone.now()
    if by is None or not by.is_in_effect(now) or not by.may(Permission.AGREEMENT_DRAFT):
        return None
    return by if job.agency_id in by.agencies else None


def _make(job: Import, by: Appointment, size: int) -> int:
    return make_next(job, by, size) or link_next(job, by, size)


STEPS: dict[str, Callable[[Import, Appointment, int], int]] = {
    ImportState.CHECKING: check_next,
    ImportState.RUNNING: _make,
    ImportState.UNDOING: undo_next,
}
AFTER = {
    ImportState.CHECKING.value: ImportState.CHECKED,
    ImportState.RUNNING.value: ImportState.DONE,
    ImportState.UNDOING.value: ImportState.UNDONE,
}


def finish(job: Import, by: Appointment) -> None:
    """Nothing is left to do: the summary goes into the ledger, and who is concerned is told."""
    before = job.state
    job.state, job.ended_at = AFTER[before], timezone.now()
    job.save(update_fields=["state", "ended_at"])
    if before == ImportState.CHECKING:
        return
    counts = job.rows.counts()
    told = {name: counts[name] for name in ("all", "made", "kept", "skipped", "undone", "unchecked")}
    verb = "import.finish" if before == ImportState.RUNNING else "import.undone"
    recording.record(verb=verb, by=by, subject_kind="import", subject_id=job.pk, data=told)
    payload = {"import": str(job.pk), "turn": job.turn}
    messages.emit(kind=ENDED, key=f"{ENDED}:{job.pk}:{job.turn}", payload=payload)
