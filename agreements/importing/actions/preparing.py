"""A file comes in, its columns get their meaning, and everything is checked before anything is made."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agreements.importing import columns, files, running
from agreements.importing.actions.rights import locked, note
from agreements.importing.checking import check_next, regroup
from agreements.importing.checking.sheet import cell
from agreements.importing.choices import EVERY_PARTY, FIELDS, Decision, ImportState, RowState, Shape
from agreements.importing.models import Import, ImportRow, KeptMapping
from agreements.importing.names import load
from agreements.importing.words import plain
from agreements.register.actions.rights import need
from portal.keys import sent_before, usable
from portal.ui.errors import Refused

CHUNK = 1_000
# So many rows are checked while the officer waits; more, by the worker.
AT_ONCE = 500
OPTIONS = frozenset({"shape", "group_by", "separator", "day_first", "own_party", "draft"})


@transaction.atomic
def upload(*, file: BinaryIO, name: str, by: Appointment, key: uuid.UUID | None = None) -> Import:
    """Keep every row of a file as it stands. Raise Refused at `file` for what is no list."""
    need(by)
    before = sent_before(Import, key, agency__in=by.agencies)
    if before is not None:
        return before
    table = files.read(file)
    job = Import.objects.create(
        id=usable(Import, key),
        agency=by.agency,
        uploaded_by=by,
        file_name=files.clean(name.replace("\\", "/").rpartition("/")[2])[:200] or "list",
        digest=_digest(file),
        format=table.format,
    )
    batch: list[ImportRow] = []
    for number, cells in table.rows:
        batch.append(ImportRow(of=job, number=number, cells=cells, group=f"#{number}"))
        if len(batch) == CHUNK:
            ImportRow.objects.bulk_create(batch)
            batch = []
    ImportRow.objects.bulk_create(batch)
    job.headers, job.notes = table.headers, table.notes
    if Import.objects.visible_to(by).filter(digest=job.digest).exclude(pk=job.pk).exists():
        job.notes = [*job.notes, "The same file was uploaded before."]
    job.save(update_fields=["headers", "notes"])
    note("upload", job, by, rows=job.rows.count(), digest=job.digest, format=job.format)
    if job.is_own_format:
        job.options = {"draft": False}
        running.begin(job, ImportState.CHECKING, by)
        at_once(job, by)
    return job


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.sha256(file.read()).hexdigest()


def proposed(job: Import, by: Appointment) -> tuple[columns.Mapping, dict[str, Any], bool]:
    """Mapping and options to begin with: as kept for these headers, or guessed; whether they were kept."""
    if job.mapping:
        return job.mapping, job.options, False
    kept = KeptMapping.objects.visible_to(by).filter(headers_digest=columns.digest_of(job.headers)).first()
    if kept is not None:
        return kept.mapping, kept.options, True
    names = load(by)
    mapping = columns.guess(job.headers, names.code_of)
    place = next((int(column) for column, item in mapping.items() if item["field"] == "parties"), None)
    samples = list(job.rows.order_by("number")[:50])
    said = [cell(row, place) for row in samples] if place is not None else []
    shape = _shape(job, mapping, samples, said)
    if shape == Shape.PARTY:
        mapping = columns.guess(job.headers, names.code_of, Shape.PARTY.value)
    options = {"shape": shape.value, "separator": columns.separator_of(said), "draft": True, "own_party": False}
    return mapping, {**options, "group_by": _grouping(job, mapping, samples)}, False


def _shape(job: Import, mapping: columns.Mapping, samples: list[ImportRow], said: list[str]) -> Shape:
    """Rows of parties, where one title stands above several rows with one name each."""
    title = next((int(column) for column, item in mapping.items() if item["field"] in ("reference", "title")), None)
    if title is None or not said or any(mark in text for text in said for mark in ";|\n"):
        return Shape.TREATY
    counts = Counter(cell(row, title) for row in samples)
    counts.pop("", None)
    return Shape.PARTY if counts and max(counts.values()) > 1 and len(counts) * 1.5 <= len(samples) else Shape.TREATY


# The column by which an export says which rows are one agreement.
KEYED = "agreement key"


def _grouping(job: Import, mapping: columns.Mapping, samples: list[ImportRow]) -> int | None:
    """The column of an export's keys, or the reference where every row has one, or the title."""
    keyed = next((place for place, word in enumerate(job.headers) if plain(word) == KEYED), None)
    if keyed is not None:
        return keyed
    places = {item["field"]: int(column) for column, item in mapping.items()}
    reference = places.get("reference")
    if reference is not None and samples and all(cell(row, reference) for row in samples):
        return reference
    return places.get("title", places.get("short_name"))


@transaction.atomic
def name_columns(
    *, job: Import, by: Appointment, mapping: Mapping[str, Mapping[str, str]], options: Mapping[str, Any]
) -> Import:
    """Say what each column means, and check all rows. It is kept for the next file with the same headers.

    Raise Refused at `column_<number>` or an option.
    """
    job = locked(job, by)
    if job.is_own_format:
        raise Refused("The columns of an export are known.", code="conflict")
    if job.rows.filter(state=RowState.MADE).exists():
        raise Refused("Rows of it are made already: undo it first.", code="conflict")
    job.mapping = {column: dict(item) for column, item in mapping.items() if item.get("field")}
    job.options = {**{name: value for name, value in options.items() if name in OPTIONS}}
    _check(job)
    job.save(update_fields=["mapping", "options"])
    KeptMapping.objects.update_or_create(
        agency=by.agency,
        headers_digest=columns.digest_of(job.headers),
        defaults={
            "mapping": job.mapping,
            # Each file says anew which of day and month stands first.
            "options": {name: value for name, value in job.options.items() if name != "day_first"},
            "kept_by": by,
            "kept_at": timezone.now(),
        },
    )
    note("map", job, by, columns=len(job.mapping), shape=job.shape)
    regroup(job)
    _begin_check(job, by)
    return job


def _check(job: Import) -> None:
    seen: dict[tuple[str, str], str] = {}
    fields = {item["field"] for item in job.mapping.values()}
    codes = set(Country.objects.values_list("pk", flat=True)) | {"", EVERY_PARTY}
    for column, item in job.mapping.items():
        place = f"column_{column}"
        if item["field"] not in FIELDS or not column.isdigit() or int(column) >= len(job.headers):
            raise Refused("There is no such column or field.", field=place)
        if item.get("party", "") not in codes:
            raise Refused("There is no country of this code.", field=place)
        key = (item["field"], item.get("party", ""))
        if key in seen:
            raise Refused(f"{FIELDS[item['field']].label}: another column means this already.", field=place)
        seen[key] = column
    _check_shape(job, fields)


def _check_shape(job: Import, fields: set[str]) -> None:
    if "title" not in fields:
        raise Refused("Say which column holds the title.", field="mapping")
    if job.shape == Shape.PARTY:
        if "parties" not in fields:
            raise Refused("Say which column holds the party of each row.", field="mapping")
        if job.option("group_by") is None:
            raise Refused("Say by which column rows belong to one agreement.", field="group_by")


@transaction.atomic
def check_again(*, job: Import, by: Appointment, day_first: bool | None = None) -> Import:
    """Check all rows that are not made; with `day_first`, knowing which of day and month stands first."""
    job = locked(job, by)
    if job.state == ImportState.MAPPING:
        raise Refused("Name the columns first.", code="conflict")
    if day_first is not None:
        job.options = {**job.options, "day_first": day_first}
        note("day_order", job, by, day_first=day_first)
    _begin_check(job, by)
    return job


def _begin_check(job: Import, by: Appointment) -> None:
    job.rows.exclude(state__in=(RowState.MADE, RowState.UNDONE)).exclude(decision=Decision.SKIP).update(
        state=RowState.UNCHECKED
    )
    running.begin(job, ImportState.CHECKING, by)
    at_once(job, by)


def at_once(job: Import, by: Appointment) -> None:
    """A short list is checked at once; the worker's message finds nothing left to do."""
    if job.rows.count() <= AT_ONCE:
        while check_next(job, by):
            pass
        running.finish(job, by)
