"""Files of treaty lists, read by content and never by name: separated text, workbooks, JSON.

`read` gives headers, rows in turn, and sentences about what it came upon. Cells are text as they stand in the file;
nothing is evaluated, and nothing is left out without a sentence that says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from agreements.importing.choices import Format
from portal.ui.errors import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
# Of an own export: one agreement with all its facts.
LONGEST_DOCUMENT = 500_000


@dataclass
class Table:
    """A file while it is read. `headers` and `notes` are complete once `rows` came to their end."""

    format: Format
    headers: list[str]
    rows: Iterator[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)


def read(file: BinaryIO) -> Table:
    """Open an uploaded file. Raise Refused at `file` for what is too large, empty, or no list."""
    from agreements.importing.files import documents, sheets, texts  # noqa: PLC0415

    size = file.seek(0, 2)
    if size == 0:
        raise Refused("The file is empty.", field="file")
    if size > MOST_BYTES:
        raise Refused(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Import it in parts.", field="file")
    file.seek(0)
    begin = file.read(4096)
    file.seek(0)
    if begin.startswith(b"PK\x03\x04"):
        table = sheets.open_workbook(file)
    elif begin.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")):
        raise Refused("This is no list: save it as CSV, XLSX or JSON.", field="file")
    elif begin.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        table = documents.open_json(file)
    else:
        table = texts.open_text(file)
    table.rows = _bounded(table, table.rows)
    return table


def _bounded(table: Table, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Refuse what is too much; name the columns that go beyond the headers."""
    count, longest = 0, LONGEST_DOCUMENT if table.format == Format.REGISTER else LONGEST_CELL
    for number, cells in rows:
        count += 1
        if count > MOST_ROWS:
            raise Refused(f"The file has more than {MOST_ROWS} rows. Import it in parts.", field="file")
        if len(cells) > MOST_COLUMNS:
            raise Refused(f"Row {number} has more than {MOST_COLUMNS} columns.", field="file")
        if any(len(cell) > longest for cell in cells):
            raise Refused(f"Row {number} holds a cell of more than {longest} characters.", field="file")
        while len(table.headers) < len(cells):
            table.headers.append(f"(column {len(table.headers) + 1})")
        yield number, [clean(cell) for cell in cells]
    if not count:
        raise Refused("The file has no rows beneath its headers.", field="file")


RISKY = ("=", "+", "-", "@", "\t", "\r")


def clean(cell: str) -> str:
    """Without what no database keeps."""
    return cell.replace("\x00", "").encode("utf-8", "replace").decode().strip()


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(RISKY) else text


def unguarded(cell: str) -> str:
    """What a guarded cell says."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(RISKY) else cell
