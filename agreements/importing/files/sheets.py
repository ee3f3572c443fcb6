"""Workbooks, read row by row: days as days, merged cells filled, formulas never evaluated."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH

from agreements.importing.choices import Format
from agreements.importing.files import MOST_COLUMNS, MOST_ROWS, Table
from agreements.importing.files.texts import beneath_headers
from portal.ui.errors import Refused

# Of all parts unpacked: a small file may hold a very large one.
MOST_UNPACKED = 200 * 1024 * 1024
MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
MOST_MERGED = 5_000
Merged = dict[tuple[int, int], tuple[int, int]]


def open_workbook(file: BinaryIO) -> Table:
    """Raise Refused for what is no workbook, or too large when unpacked."""
    try:
        _check_archive(file)
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        sheet = next((sheet for sheet in sheets if next(sheet.iter_rows(max_row=1), None)), None)
        if sheet is None:
            raise Refused("The workbook has no visible sheet with cells.", field="file")
        merged = _merged(file, sheet._worksheet_path)  # type: ignore[attr-defined]
    except Refused:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part brings about
        raise Refused(f"The workbook cannot be read ({type(error).__name__}).", field="file") from error
    others = [other.title for other in sheets if other is not sheet]
    notes = [f"Read from the sheet “{sheet.title}”."]
    if others:
        notes.append(f"Other sheets are not read: {', '.join(others)[:300]}.")
    if merged:
        notes.append("Merged cells: each row was given what stands in the first of them.")
    if book.epoch == MAC_EPOCH:
        notes.append("Day numbers count from 1904.")
    table = Table(Format.XLSX, [], iter(()), notes)
    table.rows = beneath_headers(table, _rows(sheet, merged, book.epoch))
    return table


def _check_archive(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise Refused("The workbook is too large when unpacked. Import it in parts.", field="file")
        if "xl/workbook.xml" not in archive.namelist():
            raise Refused("This is no workbook: save it as XLSX, CSV or JSON.", field="file")
    file.seek(0)


def _merged(file: BinaryIO, path: str) -> Merged:
    """Where the value of each merged cell stands. Downwards only: a title across columns is no value of each."""
    found: Merged = {}
    with zipfile.ZipFile(file) as archive, archive.open(path) as part:
        rest = b""
        while chunk := part.read(1 << 20):
            rest += chunk
            for match in MERGED.finditer(rest):
                place: Any = range_boundaries(match.group(1).decode())
                first_column, first, last_column, last = place
                if first_column == last_column and last - first < MOST_ROWS and len(found) < MOST_MERGED:
                    found.update({(row, first_column): (first, first_column) for row in range(first + 1, last + 1)})
            rest = rest[-100:]
    return found


def _rows(sheet: Any, merged: Merged, epoch: datetime) -> Iterator[tuple[int, list[str]]]:
    firsts = {place: "" for place in merged.values()}
    try:
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
            cells = [worded(value, epoch) for value in row]
            for place in range(1, len(cells) + 1):
                if (number, place) in firsts:
                    firsts[number, place] = cells[place - 1]
                if (number, place) in merged and not cells[place - 1]:
                    cells[place - 1] = firsts[merged[number, place]]
            yield number, cells
    except Refused:
        raise
    except Exception as error:  # as above
        raise Refused(f"The workbook cannot be read ({type(error).__name__}).", field="file") from error


def worded(value: Any, epoch: datetime) -> str:
    """A cell as text. A day is written as ISO 8601, a whole number without a point, a formula as it stands."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and epoch == MAC_EPOCH and 10_000 < value < 100_000:
        value += 1462  # days between the two beginnings, so that a day number means the same everywhere
    return str(value)
