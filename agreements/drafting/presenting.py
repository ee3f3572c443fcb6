"""A draft as pages and the API show it: its tasks, who works on it, and what was asked for."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from agencies.directory.models import Appointment
from agreements.drafting import rights
from agreements.drafting.actions.submissions import approvers
from agreements.drafting.choices import OPEN, State, Status
from agreements.drafting.models import Draft, Share, Submission
from agreements.drafting.statuses import Progress, Step, progress_of, steps_of, with_parts
from agreements.register.actions import second
from agreements.register.models import Agreement
from agreements.register.tasks import all_tasks

SUBMISSIONS = ("asked_by__officer", "asked_by__agency", "decided_by__officer", "decided_by__agency", "ended_by__agency")


@dataclass(frozen=True)
class Line:
    """A draft in a list: how far it is, and what waits."""

    agreement: Agreement
    progress: Progress
    submission: Submission | None
    draft: Draft | None
    shared: bool


def in_lists(rows: "Iterable[Agreement] | object") -> object:
    """Drafts with what a list tells of them."""
    return with_parts(rows).select_related("draft__started_by__officer").prefetch_related("submissions", "draft_shares")  # type: ignore[arg-type]


def lines(rows: Iterable[Agreement]) -> list[Line]:
    return [_line(row) for row in rows]


def _line(row: Agreement) -> Line:
    open_now = [each for each in row.submissions.all() if each.state in OPEN]
    return Line(
        agreement=row,
        progress=progress_of(steps_of(row)),
        submission=open_now[0] if open_now else None,
        draft=getattr(row, "draft", None),
        shared=bool(row.draft_shares.all()),
    )


@dataclass(frozen=True)
class Sheet:
    """One draft for one officer."""

    agreement: Agreement
    steps: list[Step]
    progress: Progress
    draft: Draft | None
    shares: list[Share]
    submission: Submission | None
    earlier: list[Submission]
    leads: bool
    fills: frozenset[str]
    alone: bool
    approvers: list[Appointment]
    by: Appointment

    @property
    def names(self) -> bool:
        """Whether the officer reads the names of who asked and who approved: of the own agency only (R18)."""
        return self.agreement.drafted_by_id in self.by.agencies

    @property
    def missing(self) -> list[tuple[Step, str]]:
        return [(step, line) for step in self.steps for line in step.found.missing]

    @property
    def odd(self) -> list[tuple[Step, str]]:
        return [(step, line) for step in self.steps for line in step.found.odd]

    @property
    def open_steps(self) -> list[Step]:
        """Not called done, though nothing need be missing."""
        return [step for step in self.steps if step.status not in (Status.DONE, Status.BLOCKED)]

    @property
    def may_ask(self) -> bool:
        return self.leads and self.submission is None and not self.missing

    @property
    def may_decide(self) -> bool:
        row = self.submission
        return row is not None and row.state == State.WAITING and second.is_second(row.asked_by, self.by)

    @property
    def may_take_back(self) -> bool:
        row = self.submission
        return row is not None and row.state == State.WAITING and row.asked_by.officer_id == self.by.officer_id

    @property
    def may_stop(self) -> bool:
        row = self.submission
        return row is not None and row.state == State.APPROVED and (self.leads or self.may_move)

    @property
    def may_move(self) -> bool:
        row = self.submission
        if row is None or row.state != State.APPROVED:
            return False
        return self.by.officer_id in (row.asked_by.officer_id, row.decided_by.officer_id if row.decided_by else None)


def sheet(key: uuid.UUID, by: Appointment) -> Sheet:
    """The draft read with all its parts. Only for who may see it."""
    rows = with_parts(Agreement.objects.filter(pk=key)).select_related("draft__started_by", "draft__changed_by__agency")
    row = rows.prefetch_related("draft_shares__appointment__officer", "draft_shares__agency__country").get()
    steps = steps_of(row)
    asked = list(row.submissions.select_related(*SUBMISSIONS))
    open_now = [each for each in asked if each.is_open]
    for each in asked:
        each.agreement = row
    leads = rights.leads(row, by)
    names = frozenset(task.name for task in all_tasks())
    return Sheet(
        agreement=row,
        steps=steps,
        progress=progress_of(steps),
        draft=getattr(row, "draft", None),
        shares=list(row.draft_shares.all()),
        submission=open_now[0] if open_now else None,
        earlier=[each for each in asked if not each.is_open],
        leads=leads,
        fills=names if leads else rights.lent_to(row, by),
        alone=leads and not second.others(by),
        approvers=approvers(row, by) if leads else [],
        by=by,
    )
