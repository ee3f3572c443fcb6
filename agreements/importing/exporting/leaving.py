"""Files leave the portal here: rights asked, the ledger told, cells guarded."""

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.importing.choices import Level, RowState
from agreements.importing.exporting import document, tables
from agreements.importing.files import guarded
from agreements.importing.models import Import
from agreements.register.models import Agreement
from portal.audit import recording
from portal.ui.errors import Refused

CSV, JSON = "text/csv; charset=utf-8", "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = ("csv", "xlsx", "json")
CHUNK = 1_000


def register_file(*, kind: str, by: Appointment, rows: Any = None) -> HttpResponseBase:
    """What the officer may see of the register (R23), as CSV, XLSX or JSON: a stream, told in the ledger."""
    if not by.may(Permission.AGREEMENT_VIEW):
        raise Refused("Your role does not permit this.", code="forbidden")
    if kind not in KINDS:
        raise Refused(f"Choose {', '.join(KINDS)}.", field="kind")
    keys = document.in_order(Agreement.objects.visible_to(by) if rows is None else rows)
    told = {"kind": kind, "agreements": len(keys)}
    recording.record(verb="register.export", by=by, subject_kind="register", data=told)
    if kind == "json":
        return _stream(document.written(keys, by), JSON, "register.json")
    if kind == "csv":
        return _stream(tables.as_csv(tables.register_rows(keys, by)), CSV, "register.csv")
    file = tables.as_workbook(tables.register_sheets(keys, by))
    return FileResponse(file, as_attachment=True, filename="register.xlsx", content_type=XLSX)


def _stream(pieces: Iterator[str], kind: str, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse((piece.encode() for piece in pieces), content_type=kind, headers=headers)


def rows_file(*, job: Import, kind: str, by: Appointment, states: list[str] | None = None) -> HttpResponseBase:
    """Rows of an import with all their cells, numbers and reasons: to repair and upload again, or to keep."""
    if not Import.objects.visible_to(by).filter(pk=job.pk).exists():
        raise Refused("There is no such import.", code="not_found")
    chosen = [state for state in (states or []) if state in set(RowState)]
    if kind == "xlsx":
        file = tables.as_workbook(("Rows", row) for row in _rows(job, chosen))
        return FileResponse(file, as_attachment=True, filename="rows.xlsx", content_type=XLSX)
    if kind != "csv":
        raise Refused("Choose csv or xlsx.", field="kind")
    return _stream(tables.as_csv(_rows(job, chosen)), CSV, "rows.csv")


def _rows(job: Import, states: list[str]) -> Iterator[list[str]]:
    own = [header if header not in ("Row", "Reason") else f"{header} ({n + 3})" for n, header in enumerate(job.headers)]
    yield [guarded(cell) for cell in ("Row", "Reason", *own)]
    rows = job.rows.filter(state__in=states) if states else job.rows.all()
    reasons: dict[str, str] = {}
    for row in rows.order_by("number").iterator(CHUNK):
        if row.leads:
            reasons[row.group] = reason(row, job)
            if len(reasons) > 5_000:
                reasons.pop(next(iter(reasons)))
        cells = [*row.cells, *[""] * (len(job.headers) - len(row.cells))]
        yield [guarded(cell) for cell in (str(row.number), reasons.get(row.group, ""), *cells)]


def reason(row: Any, job: Import) -> str:
    """What was found, each at the words above its column; the worst first."""
    order = [Level.ERROR.value, Level.ASK.value, Level.FLAG.value]
    found = sorted(row.findings, key=lambda item: order.index(item["level"]))
    said = []
    for item in found:
        place = item.get("column")
        at = f"{job.headers[place]}: " if isinstance(place, int) and place < len(job.headers) else ""
        said.append(f"{at}{item['text']}")
    return " | ".join([*said, *([row.kept_because] if row.kept_because else [])])
