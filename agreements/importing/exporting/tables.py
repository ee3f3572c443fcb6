"""The register as tables: one row for each party of an agreement, in columns that an import knows by their names.

Cells that a spreadsheet would take for a formula begin with an apostrophe, which an import takes away again.
"""

import csv
import io
import json
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook

from agencies.directory.models import Appointment
from agreements.importing.choices import ACTS, EFFECT, FIELDS, PARTY_IN_FORCE
from agreements.importing.exporting.document import documents
from agreements.importing.exporting.fields import PARTS
from agreements.importing.files import guarded
from agreements.register.choices import ActionKind

HEAD = ("title", "short_name", "kind", "reference", "depositary")
DAYS = ("signed", "in_force", "expires", "terminated", "notice_months", "time_zone", "summary", "source")
_OF = {"signed": "concluded_on", "expires": "expires_on"}
OTHER = "Other facts"


def words(value: Any) -> str:
    """A value as a cell that no spreadsheet evaluates."""
    return guarded("" if value is None else str(value))


def headers() -> list[str]:
    names = [*HEAD, "parties", *DAYS, *ACTS, *(f"{name}{EFFECT}" for name in ACTS), PARTY_IN_FORCE]
    return ["Agreement key", *(FIELDS[name].label for name in names), OTHER]


def lines(item: dict[str, Any]) -> Iterator[list[str]]:
    """One row for each party. What has no column stands in the last one of the first row, in words of JSON."""
    rest, by_party, whole = _sorted(item)
    said = [str(item.get(_OF.get(name, name)) or "") for name in (*HEAD, *DAYS)]
    for place, name in enumerate(DAYS, len(HEAD)):
        if name in ("in_force", "terminated"):
            said[place] = whole.get(name, "")
    others = json.dumps(rest, ensure_ascii=False) if any(rest.values()) else ""
    for number, code in enumerate(item["parties"]):
        own = by_party.get(code, {})
        days = [own.get(name, "") for name in (*ACTS, *(f"{name}{EFFECT}" for name in ACTS), PARTY_IN_FORCE)]
        row = [item["key"], *said[: len(HEAD)], code, *said[len(HEAD) :], *days, others if number == 0 else ""]
        yield [words(cell) for cell in row]


def _sorted(item: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, str]], dict[str, str]]:
    """Acts by column, and what no column holds."""
    by_party: dict[str, dict[str, str]] = {}
    whole: dict[str, str] = {}
    others = []
    for act in item["actions"]:
        code, kind = act["country"], act["kind"]
        plain = not (
            act["counterpart"]
            or act["clauses"]
            or act["until"]
            or act["lifts"]
            or act["excludes"]
            or act["way"]
            or act["territory"]
            or act["rectifies"]
        )
        own = by_party.setdefault(code, {}) if code else whole
        name = _column(kind, code)
        if not (plain and name and name not in own):
            others.append(act)
            continue
        own[name] = act["done_on"]
        if act["effective_on"] and f"{name}{EFFECT}" in FIELDS:
            own[f"{name}{EFFECT}"] = act["effective_on"]
    rest = {part.name: item[part.name] for part in PARTS if part.name != "actions"}
    return {**rest, "actions": others}, by_party, whole


def _column(kind: str, code: str | None) -> str:
    if code:
        return PARTY_IN_FORCE if kind == ActionKind.ENTRY_INTO_FORCE else kind if kind in ACTS else ""
    return {ActionKind.ENTRY_INTO_FORCE.value: "in_force", ActionKind.TERMINATION.value: "terminated"}.get(kind, "")


def as_csv(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Pieces of a file that spreadsheets open as UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for row in rows:
        writer.writerow(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def register_rows(keys: Sequence[uuid.UUID], by: Appointment) -> Iterator[list[str]]:
    yield headers()
    for item in documents(keys, by):
        yield from lines(item)


def as_workbook(rows: Iterable[tuple[str, Sequence[str]]]) -> BinaryIO:
    """A workbook in a temporary file, written row by row: each row with the sheet that it goes to."""
    book = Workbook(write_only=True)
    sheets: dict[str, Any] = {}
    for title, row in rows:
        if title not in sheets:
            sheets[title] = book.create_sheet(title)
        sheets[title].append([cell[:32_000] or None for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def register_sheets(keys: Sequence[uuid.UUID], by: Appointment) -> Iterator[tuple[str, list[str]]]:
    """The same rows as the CSV, and a sheet for each kind of fact; all read once."""
    yield "Agreements", headers()
    for part in PARTS:
        fields = [field.replace("_", " ").capitalize() for field in part.fields]
        yield part.name.capitalize(), ["Agreement key", "Agreement", "Key", *fields, "Confirmed by"]
    for item in documents(keys, by):
        for line in lines(item):
            yield "Agreements", line
        for part in PARTS:
            for fact in item[part.name]:
                yield part.name.capitalize(), _fact(item, fact, part.fields)


def _fact(item: dict[str, Any], fact: dict[str, Any], fields: Sequence[str]) -> list[str]:
    confirmed = ", ".join(row["country"] for row in fact["recorded"]["confirmed"])
    cells = [item["key"], item["short_name"], fact["key"], *(_words(fact[field]) for field in fields), confirmed]
    return [words(cell) for cell in cells]


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return f"{value['name']} ({value['country']})"
    return "" if value is None else str(value)
