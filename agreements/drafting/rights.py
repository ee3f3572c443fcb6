"""Who fills in what of a draft (R23): the drafting agency's treaty admins all of it, an invited agency's what it was let."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.drafting.models import Mark
from agreements.drafting.statuses import Step, digest_of, read, step_of
from agreements.register.actions.rights import lent, locked, need
from agreements.register.models import Agreement
from portal.audit import recording
from portal.ui.errors import Refused

STALE = "stale"


def leads(agreement: Agreement, by: Appointment) -> bool:
    """Whether the draft is the officer's agency's own: it shares it, asks for a second officer and throws it away."""
    return by.may(Permission.AGREEMENT_DRAFT) and agreement.drafted_by_id in by.agencies


def may_fill(agreement: Agreement, by: Appointment, task: str) -> bool:
    return task in lent_to(agreement, by) or leads(agreement, by)


def lent_to(agreement: Agreement, by: Appointment) -> frozenset[str]:
    """The tasks that the officer's agency was let fill in."""
    if not by.may(Permission.AGREEMENT_DRAFT):
        return frozenset()
    shares = [row for row in agreement.draft_shares.all() if row.agency_id in by.agencies]
    return frozenset(name for row in shares for name in row.tasks)


def led(agreement: Agreement, by: Appointment) -> Agreement:
    """The draft, locked for this transaction, if it is the officer's agency's own."""
    row = held(agreement, by)
    if not leads(row, by):
        raise Refused("Only the agency that drafts it does this.", code="forbidden")
    return row


def held(agreement: Agreement, by: Appointment) -> Agreement:
    """The draft, locked, for a treaty admin who may see it."""
    need(by)
    if not Agreement.objects.visible_to(by).filter(pk=agreement.pk).exists():
        raise Refused("There is no such draft.", code="not_found")
    row = locked(agreement)
    if not row.is_draft:
        raise Refused("It is before its parties: record new facts instead.", code="conflict")
    return row


@contextmanager
def filling(agreement: Agreement, by: Appointment, task: str, *, version: int | None = None) -> Iterator[Agreement]:
    """Inside, the officer changes a task of the draft, alone. `version` is the one that the form was made from: raises
    Refused, code `stale`, when somebody changed it since. Afterwards the task counts as looked at."""
    row = held(agreement, by)
    if not may_fill(row, by, task):
        raise Refused("Your agency was not let fill in this part of the draft.", code="forbidden")
    if version is not None:
        check_version(step_of(read(row), task), version)
    with lent(row):
        yield row
    looked_at(row, task)


def check_version(step: Step, version: int) -> None:
    if step.version != version:
        raise Refused(
            "A colleague changed this while you wrote. What you wrote is kept below, beside what stands there now.",
            code=STALE,
        )


def looked_at(agreement: Agreement, task: str) -> None:
    Mark.objects.bulk_create([Mark(agreement=agreement, task=task)], ignore_conflicts=True)


def called_done(agreement: Agreement, task: str, by: Appointment, *, done: bool) -> None:
    """Called done as it stands now; a later change makes it "In progress" again, whoever makes it."""
    step = step_of(read(agreement), task)
    if done and step.found.blocked:
        raise Refused(step.found.blocked, field="done", code="conflict")
    if done and step.found.missing:
        raise Refused(f"Not done yet. {' '.join(step.found.missing)}", field="done", code="conflict")
    digest = digest_of(step.found.content) if done else ""
    values = {"done_by": by if done else None, "digest": digest}
    Mark.objects.update_or_create(agreement=agreement, task=task, defaults=values)


def said(verb: str, agreement: Agreement, by: Appointment | None, **data: Any) -> None:
    """The ledger's entry, with keys only."""
    recording.record(verb=verb, by=by, subject_kind="agreement", subject_id=str(agreement.pk), data=data)
