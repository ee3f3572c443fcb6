"""A month as a grid of weeks, Monday first."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from agreements.deadlines.asking import Row
from agreements.register.days import FIRST, LAST


@dataclass
class Cell:
    day: date
    within: bool
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Cell]]

    @property
    def before(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}" if self.first > FIRST else ""

    @property
    def after(self) -> str:
        following = self.last + timedelta(days=1)
        return f"{following:%Y-%m}" if following <= LAST else ""

    @property
    def last(self) -> date:
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])


def month_of(text: str, today: date) -> date:
    """The first day of the month that the text names (2026-11), or of today's."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if FIRST.replace(month=2) <= found <= LAST else today.replace(day=1)


def laid_out(first: date, rows: Iterable[Row]) -> Month:
    weeks = [
        [Cell(day, day.month == first.month) for day in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    cells = {cell.day: cell for week in weeks for cell in week}
    for row in rows:
        if row.day in cells:
            cells[row.day].rows.append(row)
    return Month(first, weeks)
