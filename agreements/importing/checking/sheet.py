"""What is being understood of one agreement's rows: its head, parties, acts, and findings at their columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agencies.directory.models import Agency
from agreements.importing.choices import FIELDS, Level, RowState
from agreements.importing.files import unguarded
from agreements.importing.models import Import, ImportRow
from agreements.importing.names import Names


@dataclass
class Day:
    """A day that a cell gave, where it stands."""

    day: date
    column: int | None = None


@dataclass
class Act:
    """An act of a party, or of the agreement as a whole (country empty)."""

    kind: str
    country: str
    done: Day | None = None
    effect: Day | None = None
    note: str = ""


@dataclass
class Sheet:
    """One agreement while its rows are read."""

    job: Import
    names: Names
    agency: Agency
    today: date
    rows: Sequence[ImportRow]
    head: dict[str, Any] = field(default_factory=dict)
    parties: list[str] = field(default_factory=list)
    acts: dict[tuple[str, str], Act] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    made_under: str | None = None

    def find(self, level: Level, text: str, *, column: int | None = None, code: str = "", **more: Any) -> None:
        """Add a finding, once, at its column."""
        row = {"level": level.value, "text": text[:500], "column": column, "code": code, **more}
        if row not in self.findings:
            self.findings.append(row)

    def flag(self, text: str, column: int | None = None, code: str = "odd") -> None:
        self.find(Level.FLAG, text, column=column, code=code)

    def error(self, text: str, column: int | None = None, code: str = "wrong") -> None:
        self.find(Level.ERROR, text, column=column, code=code)

    def act(self, kind: str, country: str) -> Act:
        return self.acts.setdefault((kind, country), Act(kind, country))

    @property
    def day_first(self) -> bool | None:
        answer = self.job.option("day_first")
        return answer if isinstance(answer, bool) else None

    def label(self, column: int) -> str:
        return str(self.job.headers[column]) if column < len(self.job.headers) else f"(column {column + 1})"

    def values(self) -> dict[str, Any]:
        """What will be made, as plain values."""
        acts = [
            {
                "kind": act.kind,
                "country": act.country or None,
                "done_on": act.done.day.isoformat(),
                "effective_on": act.effect.day.isoformat() if act.effect else None,
                "note": act.note,
            }
            for act in self.acts.values()
            if act.done is not None
        ]
        head = {name: value.isoformat() if isinstance(value, date) else value for name, value in self.head.items()}
        return {
            "head": head,
            "parties": self.parties,
            "acts": acts,
            "notes": self.notes,
            "made_under": self.made_under,
        }


def cell(row: ImportRow, column: int) -> str:
    """What a cell says, without the apostrophe that guards it."""
    return unguarded(str(row.cells[column]).strip()) if column < len(row.cells) else ""


def is_formula(sheet: Sheet, row: ImportRow, column: int) -> bool:
    """Whether a cell holds a formula, which is found there: none is evaluated."""
    text = str(row.cells[column]).strip() if column < len(row.cells) else ""
    if text.startswith("="):
        sheet.error(f"It holds a formula, and formulas are not evaluated: {text[:60]}", column)
    return text.startswith("=")


def state_of(findings: Sequence[dict[str, Any]]) -> RowState:
    """The worst finding decides."""
    levels = {finding["level"] for finding in findings}
    if Level.ERROR in levels:
        return RowState.ERROR
    if Level.ASK in levels:
        return RowState.ASKING
    return RowState.FLAGGED if levels else RowState.READY


def field_label(name: str) -> str:
    return FIELDS[name].label if name in FIELDS else name
