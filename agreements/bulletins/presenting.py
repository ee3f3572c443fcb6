"""What a bulletin's page tells: to its sender every agency's line with a countdown, to a receiver its own (R18)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import outlets
from agreements.alerts.outlets import Reached
from agreements.bulletins import alerting
from agreements.bulletins.choices import Acknowledging, ReceiptState
from agreements.bulletins.models import Bulletin, Receipt, Target
from agreements.sharing.models import Record
from agreements.sharing.policy import Access


@dataclass(frozen=True)
class StepLine:
    """A step of an agency's chain that was told; whom, its own officers read."""

    position: int
    at: datetime
    reached: bool
    words: str


@dataclass(frozen=True)
class ReceiptLine:
    """One agency: how it stands, who acknowledged, how far its duty chain was told."""

    receipt: Receipt
    own: bool
    state: ReceiptState
    to: str
    left: int | None
    who: str
    steps: tuple[StepLine, ...]
    reached: Reached | None


@dataclass(frozen=True)
class View:
    lines: list[ReceiptLine]
    is_own: bool
    may_acknowledge: bool
    why_not: str
    may_change: bool
    about: Record | None
    newer: Bulletin | None
    older: Bulletin | None

    @property
    def live(self) -> bool:
        """Whether anything of the table may still change by itself."""
        return any(line.state in (ReceiptState.WAITING, ReceiptState.OVERDUE) for line in self.lines)


def lines_of(row: Bulletin, access: Access) -> list[ReceiptLine]:
    """The lines that the reader may know of, each as it stands now."""
    mine = access.appointment.agencies if access.appointment else frozenset()
    receipts = Receipt.objects.visible_to(access).with_words().filter(bulletin=row.pk)
    targets = list(row.targets.select_related("appointment"))
    # One state for each agency: neither how many officers nor who (R18).
    far = outlets.reached(alerting.SENT, [str(row.pk)])
    return [
        _line(receipt, targets, receipt.agency_id in mine, access.at, far.get(receipt.agency_id))
        for receipt in receipts
    ]


def _line(receipt: Receipt, targets: Iterable[Target], own: bool, at: datetime, far: Reached | None) -> ReceiptLine:
    state = receipt.state_at(at)
    deadline = receipt.bulletin.deadline_at
    left = int((deadline - at).total_seconds() // 60) if deadline and state == ReceiptState.WAITING else None
    by = receipt.acknowledged_by
    who = "" if by is None else f"{by.officer}, {by.function}" if own else by.function
    steps = tuple(
        StepLine(step.position, step.at, step.reached, step.words if own else "") for step in receipt.escalations.all()
    )
    to = ", ".join(str(target) for target in targets if target.agency_id == receipt.agency_id)
    return ReceiptLine(receipt, own, state, to, left, who, steps, far)


def view_of(row: Bulletin, access: Access) -> View:
    by = access.appointment
    assert by is not None
    lines = lines_of(row, access)
    mine = next((line for line in lines if line.own), None)
    asked = mine is not None and mine.state in (ReceiptState.WAITING, ReceiptState.OVERDUE)
    why_not = _why_not(row, by) if asked else ""
    own = row.record.owner_id in by.agencies
    seen = Record.objects.visible_to(access)
    return View(
        lines=lines,
        is_own=own,
        may_acknowledge=asked and not why_not,
        why_not=why_not,
        may_change=own and row.is_open and by.may(Permission.BULLETIN_SEND),
        about=seen.filter(pk=row.about_id).first() if row.about_id else None,
        newer=_seen(Bulletin.objects.filter(supersedes=row), access),
        older=_seen(Bulletin.objects.filter(pk=row.supersedes_id), access) if row.supersedes_id else None,
    )


def _why_not(row: Bulletin, by: Appointment) -> str:
    if row.acknowledging == Acknowledging.ROLE and by.role != row.acknowledging_role:
        return f"A {row.get_acknowledging_role_display().lower()} of your agency acknowledges it."
    return ""


def _seen(rows: object, access: Access) -> Bulletin | None:
    return rows.visible_to(access).first()  # type: ignore[attr-defined, no-any-return]


def keys_of(lines: Iterable[object]) -> str:
    """The agencies that a preview shows as alerted, for the form that sends."""
    keys: list[uuid.UUID] = [line.agency.pk for line in lines if line.sees]  # type: ignore[attr-defined]
    return " ".join(str(key) for key in keys)
