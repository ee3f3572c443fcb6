"""How far each task of a draft is: worked out from what it holds and from the marks, and nowhere stored."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from agreements.drafting.choices import Status
from agreements.drafting.models import Mark
from agreements.register.models import Agreement
from agreements.register.tasks import Found, Task, all_tasks


def status_of(*, blocked: bool, filled: bool, missing: bool, looked: bool, called_done: bool) -> Status:
    """`called_done`: somebody said so, of exactly what it holds now. What misses something is never done."""
    if blocked:
        return Status.BLOCKED
    if missing:
        if looked:
            return Status.INCOMPLETE
        return Status.IN_PROGRESS if filled else Status.NOT_STARTED
    if called_done:
        return Status.DONE
    return Status.IN_PROGRESS if filled or looked else Status.NOT_STARTED


@dataclass(frozen=True)
class Step:
    """A task of one draft, with what it holds and how far it is."""

    task: Task
    found: Found
    status: Status
    agreement: Agreement

    @property
    def url(self) -> str:
        return self.task.url(self.agreement.pk)

    @property
    def version(self) -> int:
        return version_of(self.task.name, self.found.content)


def plain(content: Any) -> str:
    return json.dumps(content, sort_keys=True, default=str)


def digest_of(content: Any) -> str:
    return hashlib.sha256(plain(content).encode()).hexdigest()


def version_of(name: str, content: Any) -> int:
    """Another number after each change of what a form shows. Keyed: it must not tell what (as for agencies)."""
    return int(salted_hmac(f"draft.{name}", plain(content)).hexdigest()[:14], 16)


def with_parts(rows: "QuerySet[Agreement]") -> "QuerySet[Agreement]":
    """Drafts with all that their tasks read, in a constant number of queries."""
    needed = dict.fromkeys(["draft_marks", *(name for task in all_tasks() for name in task.prefetch)])
    return rows.select_related("made_under__agreement", "drafted_by__country").prefetch_related(*needed)


def read(agreement: Agreement) -> Agreement:
    """The draft read anew, with its parts."""
    return with_parts(Agreement.objects.filter(pk=agreement.pk)).get()


def steps_of(agreement: Agreement) -> list[Step]:
    """Every task of a draft that came by `with_parts`."""
    marks: Iterable[Mark] = agreement.draft_marks.all()
    by_task = {mark.task: mark for mark in marks}
    return [_step(task, agreement, by_task.get(task.name)) for task in all_tasks()]


def step_of(agreement: Agreement, name: str) -> Step:
    return next(step for step in steps_of(agreement) if step.task.name == name)


def _step(task: Task, agreement: Agreement, mark: Mark | None) -> Step:
    found = task.look(agreement)
    done = mark is not None and mark.done_by_id is not None and mark.digest == digest_of(found.content)
    status = status_of(
        blocked=bool(found.blocked),
        filled=bool(found.content),
        missing=bool(found.missing),
        looked=mark is not None,
        called_done=done,
    )
    return Step(task, found, status, agreement)


@dataclass(frozen=True)
class Progress:
    """How many tasks are done, of how many."""

    done: int
    total: int

    @property
    def share(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


def progress_of(steps: Iterable[Step]) -> Progress:
    rows = list(steps)
    return Progress(sum(step.status == Status.DONE for step in rows), len(rows))
