"""Separated text: whichever separator and encoding a program chose, with line breaks in quoted cells."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from agreements.importing.choices import Format
from agreements.importing.files import LONGEST_CELL, Table
from portal.ui.errors import Refused

SEPARATORS = (";", ",", "\t", "|")
# Rows that are looked at to find the separator, and in which the headers are looked for.
LOOK = 30
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


def open_text(file: BinaryIO) -> Table:
    """Raise Refused for what is no text, or where a quotation never ends."""
    text, notes = _decoded(file.read())
    separator = _separator(text)
    name = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "vertical bar"}[separator]
    notes.append(f"Cells are separated by {name}.")
    table = Table(Format.CSV, [], iter(()), notes)
    lines = _lines(text, separator)
    table.rows = beneath_headers(table, lines)
    return table


def _decoded(content: bytes) -> tuple[str, list[str]]:
    for mark, encoding, name in MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), [f"Read as {name}."]
            except UnicodeDecodeError:
                raise Refused(f"The file says that it is {name}, and is not.", field="file") from None
    if b"\x00" in content:
        raise Refused("This is no list: save it as CSV, XLSX or JSON.", field="file")
    try:
        return content.decode("utf-8"), ["Read as UTF-8."]
    except UnicodeDecodeError:
        pass
    try:
        text, name = content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        text, name = content.decode("latin-1"), "Latin-1"
    return text, [f"Read as {name}: look at letters with accents before you go on."]


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Number of the line on which a row begins, and its cells."""
    reader, before = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            words = f"The row that begins on line {before + 1} cannot be read ({error}): look at its quotation marks."
            raise Refused(words, field="file") from None
        yield before + 1, row
        before = reader.line_num


def _separator(text: str) -> str:
    """The one by which most rows have the same number of cells, and most of them."""
    best, chosen = (0, 0), ","
    for separator in SEPARATORS:
        widths: list[int] = []
        try:
            for (_, row), _n in zip(_rows(text[: 200 * LONGEST_CELL], separator), range(LOOK), strict=False):
                widths += [len(row)] if any(row) else []
        except Refused:
            pass
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = (widths.count(usual) if usual > 1 else 0, usual)
        if score > best:
            best, chosen = score, separator
    return chosen


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL + 1)
    yield from _rows(text, separator)


def beneath_headers(table: Table, lines: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The first row with two words is the headers, or the first of all where none has two. Titles above and empty rows
    are told, and every other row is given."""
    above: list[tuple[int, list[str]]] = []
    empty = [0]
    rows = _filled(lines, empty)
    for number, cells in rows:
        if len(list(filter(None, cells))) > 1:
            table.headers[:] = headed(cells)
            break
        above.append((number, cells))
        if len(above) > LOOK:
            break
    if not table.headers and above:
        table.headers[:] = headed(above[0][1])
        yield from above[1:]
    elif above:
        said = " · ".join(" ".join(filter(None, cells)) for _, cells in above)
        table.notes.append(f"Above the headers stands: {said[:500]}")
    yield from rows
    if empty[0]:
        table.notes.append(f"{empty[0]} empty row{'s' * (empty[0] != 1)}.")


def _filled(lines: Iterator[tuple[int, list[str]]], empty: list[int]) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, without empty cells at their end; the others are counted."""
    for number, cells in lines:
        kept = [cell.strip() for cell in cells]
        while kept and not kept[-1]:
            kept.pop()
        if kept:
            yield number, kept
        else:
            empty[0] += 1


def headed(cells: list[str]) -> list[str]:
    """Headers that are all there and all different."""
    while len(cells) > 1 and not cells[-1]:
        cells = cells[:-1]
    found: list[str] = []
    for place, word in enumerate(cells, 1):
        name = " ".join(word.split())[:200] or f"(column {place})"
        found.append(name if name not in found else f"{name} ({place})")
    return found
