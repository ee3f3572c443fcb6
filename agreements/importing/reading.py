"""What pages and API show of an import: its rows, its questions, how far it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from agencies.directory.models import Appointment, Country
from agreements.importing import dates
from agreements.importing.checking.sheet import cell
from agreements.importing.choices import WORKING, ImportState, RowState
from agreements.importing.columns import is_act
from agreements.importing.models import Import, ImportRow
from agreements.importing.names import load
from portal.outbox.models import Message

PAGE = 50
SAMPLES = 3
DAYS = ("signed", "in_force", "expires", "terminated", "provisional")


@dataclass(frozen=True)
class Asked:
    """A name that a person decides on, with what comes into question."""

    name: str
    why: str
    rows: int
    suggestions: list[tuple[Country, int]]


def asked_names(job: Import, by: Appointment, most: int = 200, *, suggest: bool = True) -> list[Asked]:
    """Names that rows of this import wait for, the most frequent first; with what comes into question."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED, {"job": job.pk, "most": most})
        rows = cursor.fetchall()
    names, countries = load(by), {row.pk: row for row in Country.objects.all()}
    found = []
    for _key, name, count in rows:
        answer = names.find(name)
        near = names.suggestions(answer) if suggest else []
        suggestions = [(countries[code], score) for code, score in near]
        found.append(Asked(name, answer.why, count, suggestions))
    return found


ASKED = """SELECT f->>'key', min(f->>'name'), count(*) FROM importing_importrow r
 CROSS JOIN LATERAL jsonb_array_elements(r.findings) f
 WHERE r.of_id = %(job)s AND r.state IN ('asking', 'error') AND f->>'code' = 'name'
 GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT %(most)s"""


@dataclass(frozen=True)
class DayOrder:
    """Whether the file has days that can be read in two ways, and what its other days prove."""

    rows: int
    examples: list[str]
    day_first: int
    month_first: int


def day_order(job: Import) -> DayOrder:
    asking = job.rows.filter(findings__contains=[{"code": "day_order"}]).exclude(state=RowState.SKIPPED)
    columns = [int(n) for n, item in job.mapping.items() if item["field"] in DAYS or is_act(item["field"])]
    examples: list[str] = []
    for row in asking.order_by("number")[:20]:
        examples += [text for n in columns if (text := cell(row, n)) and dates.read(text, None).ambiguous]
    proofs = {True: 0, False: 0}
    if examples:
        for row in job.rows.only("cells").iterator(2_000):
            for column in columns:
                proof = dates.read(cell(row, column), None).proves if cell(row, column) else None
                if proof is not None:
                    proofs[proof] += 1
    return DayOrder(asking.count(), list(dict.fromkeys(examples))[:5], proofs[True], proofs[False])


def samples(job: Import) -> dict[int, list[str]]:
    """The first different values of each column."""
    found: dict[int, dict[str, None]] = {}
    for row in job.rows.order_by("number").only("cells")[:60]:
        for place, text in enumerate(row.cells):
            if text and len(found.setdefault(place, {})) < SAMPLES:
                found[place][text[:120]] = None
    return {place: list(values) for place, values in found.items()}


def narrowed(rows: Any, values: dict[str, Any]) -> Any:
    """Rows by state, findings and words."""
    if values.get("state"):
        rows = rows.filter(state=values["state"])
    if values.get("level"):
        rows = rows.filter(findings__contains=[{"level": values["level"]}])
    if values.get("code"):
        rows = rows.filter(findings__contains=[{"code": values["code"]}])
    if values.get("q"):
        rows = rows.filter(title__icontains=values["q"])
    return rows


@dataclass(frozen=True)
class Progress:
    """How far the work has come."""

    done: int
    all: int
    words: str
    stuck: bool


def progress(job: Import, counts: dict[str, int]) -> Progress | None:
    """None of what is at rest."""
    if job.state not in WORKING:
        return None
    done = {
        ImportState.CHECKING.value: counts["all"] - counts["unchecked"],
        ImportState.RUNNING.value: counts["made"],
        ImportState.UNDOING.value: counts["undone"],
    }[job.state]
    whole = {
        ImportState.CHECKING.value: counts["all"],
        ImportState.RUNNING.value: counts["made"] + counts["will_be_made"],
        ImportState.UNDOING.value: counts["made"] + counts["undone"],
    }[job.state]
    words = {"checking": "Rows checked", "running": "Rows made", "undoing": "Rows taken back"}[job.state]
    return Progress(done, max(whole, 1), words, bool(job.stopped) or _given_up(job))


def _given_up(job: Import) -> bool:
    """Whether the worker has set the message of this step aside."""
    return Message.objects.set_aside().filter(payload__contains={"import": str(job.pk), "turn": job.turn}).exists()


@dataclass(frozen=True)
class Cell:
    header: str
    text: str
    as_uploaded: str | None
    meaning: str
    findings: list[dict[str, Any]]


def cells_of(row: ImportRow, job: Import, labels: dict[str, str]) -> list[Cell]:
    """Every cell of a row with its meaning and what was found in it."""
    by_column: dict[int, list[dict[str, Any]]] = {}
    for finding in row.findings:
        if isinstance(finding.get("column"), int):
            by_column.setdefault(finding["column"], []).append(finding)
    found = []
    for place, header in enumerate(job.headers):
        before = _before(row, place)
        field = job.mapping.get(str(place), {}).get("field", "")
        found.append(Cell(header, cell(row, place), before, labels.get(field, ""), by_column.get(place, [])))
    return found


def _before(row: ImportRow, place: int) -> str | None:
    """What was uploaded, where it was repaired."""
    if row.as_uploaded is None:
        return None
    before = row.as_uploaded[place] if place < len(row.as_uploaded) else ""
    return None if before == cell(row, place) else before


def whole_findings(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings that are at no column."""
    return [finding for finding in findings if finding.get("column") is None]
