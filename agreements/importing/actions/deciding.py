"""What a person decides and repairs: names of countries, doubles, cells."""

from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agreements.importing import files, running
from agreements.importing.actions.preparing import AT_ONCE, at_once
from agreements.importing.actions.rights import locked, note
from agreements.importing.checking import check_groups, regroup
from agreements.importing.checking.batches import SETTLED
from agreements.importing.choices import WORKING, Decision, ImportState, RowState, Shape
from agreements.importing.models import CountryName, Import, ImportRow
from agreements.importing.words import plain
from agreements.register.actions import is_keeper
from agreements.register.actions.rights import need
from agreements.register.models import Agreement
from portal.audit import recording
from portal.ui.errors import Refused

ROW = "row"


@transaction.atomic
def decide_name(*, name: str, country: Country | None, by: Appointment, note: str = "") -> CountryName:
    """Say which country a name means, or that it is none and why. Remembered for the agency; rows that wait for it are
    checked again. What was made already stays as it is."""
    need(by)
    key = plain(name)[:200]
    if not key:
        raise Refused("Give the name.", field="name")
    if country is None and not note.strip():
        raise Refused("Say why it is left out.", field="note")
    before = CountryName.objects.filter(agency=by.agency, key=key).first()
    row, _ = CountryName.objects.update_or_create(
        agency=by.agency,
        key=key,
        defaults={
            "name": name.strip()[:200],
            "country": country,
            "note": note.strip()[:300],
            "decided_by": by,
            "decided_at": timezone.now(),
        },
    )
    data = {"name": row.name, "country": row.country_id}
    recording.record(verb="import.decide_name", by=by, subject_kind="country_name", subject_id=row.pk, data=data)
    _check_concerned(key, by, before)
    return row


@transaction.atomic
def forget_name(*, name: CountryName, by: Appointment) -> None:
    """Ask again the next time."""
    need(by)
    recording.record(
        verb="import.forget_name", by=by, subject_kind="country_name", subject_id=name.pk, data={"name": name.name}
    )
    before = CountryName(key=name.key, country=name.country)
    name.delete()
    _check_concerned(before.key, by, before)


def _check_concerned(key: str, by: Appointment, before: CountryName | None) -> None:
    """Rows of imports at rest that ask for this name, or were understood by an earlier decision about it."""
    rows = ImportRow.objects.visible_to(by).exclude(state__in=SETTLED).exclude(of__state__in=WORKING)
    rows = rows.exclude(of__state=ImportState.MAPPING)
    concerned = Q(findings__contains=[{"code": "name", "key": key}])
    if before is not None and before.country_id:
        concerned |= Q(values__parties__contains=[before.country_id])
    elif before is not None:
        concerned |= Q(findings__contains=[{"code": "left_out"}])
    asking = rows.filter(concerned)
    for job in Import.objects.filter(pk__in=asking.values("of")).select_for_update(of=("self",)):
        groups = list(asking.filter(of=job).values_list("group", flat=True)[: AT_ONCE + 1])
        if len(groups) <= AT_ONCE:
            check_groups(job, groups, by)
        else:
            asking.filter(of=job).update(state=RowState.UNCHECKED)
            running.begin(job, ImportState.CHECKING, by)


def _changeable(row: ImportRow, by: Appointment) -> tuple[Import, ImportRow]:
    job = locked(row.of, by)
    found = job.rows.select_for_update(of=("self",)).get(pk=row.pk)
    if found.state in SETTLED:
        raise Refused("It is made already: change the agreement itself.", code="conflict")
    if job.state == ImportState.MAPPING:
        raise Refused("Name the columns first.", code="conflict")
    return job, found


@transaction.atomic
def edit_row(*, row: ImportRow, cells: Sequence[str], by: Appointment) -> ImportRow:
    """Repair a row in place: it is checked again at once. What was uploaded is kept beside it."""
    job, row = _changeable(row, by)
    _put(job, row, cells)
    row.decision, row.attach_to = "", None
    row.save()
    before = row.group
    if job.shape == Shape.PARTY and not job.is_own_format:
        regroup(job)
        row.refresh_from_db()
    note("edit_row", job, by, row=row.number)
    check_groups(job, list({before, row.group}), by)
    row.refresh_from_db()
    return row


def _put(job: Import, row: ImportRow, cells: Sequence[str]) -> None:
    if len(cells) > len(job.headers):
        raise Refused("It has more cells than there are columns.", field="cells")
    longest = files.LONGEST_DOCUMENT if job.is_own_format else files.LONGEST_CELL
    if any(len(cell) > longest for cell in cells):
        raise Refused(f"A cell is longer than {longest} characters.", field="cells")
    before = [*row.cells, *[""] * (len(cells) - len(row.cells))]
    # What a download guarded against formulas, and nobody changed, is what it was.
    after = [
        old if text == files.guarded(old) else text for old, text in zip(before, map(files.clean, cells), strict=False)
    ]
    if row.as_uploaded is None:
        row.as_uploaded = row.cells
    row.cells = after


@transaction.atomic
def decide_row(*, row: ImportRow, decision: str, by: Appointment, agreement: Agreement | None = None) -> ImportRow:
    """Leave a row out, make it new though it seems to be there, or add its facts to the agreement that is there.

    An empty `decision` takes an earlier one back. It holds for all rows of the same agreement.
    """
    job, row = _changeable(row, by)
    decision = Decision(decision).value if decision else ""
    if decision == Decision.ATTACH:
        if agreement is None:
            raise Refused("Say to which agreement its facts are to be added.", field="agreement")
        if not is_keeper(agreement, by):
            raise Refused("You record no facts about that agreement.", field="agreement", code="forbidden")
    attach_to = agreement if decision == Decision.ATTACH else None
    job.rows.filter(group=row.group).update(decision=decision, decided_by=by, attach_to=attach_to)
    said = {"row": row.number, "decision": decision, "agreement": attach_to.pk if attach_to else None}
    note("decide_row", job, by, **said)
    # Rows further down that seemed to be the same one are looked at again: it is left out now, or is not any more.
    below = job.rows.filter(findings__contains=[{"row": row.number}]).exclude(state__in=SETTLED)
    check_groups(job, [row.group, *below.values_list("group", flat=True)[:AT_ONCE]], by)
    row.refresh_from_db()
    return row


@transaction.atomic
def replace_rows(*, job: Import, file: BinaryIO, by: Appointment) -> int:
    """Take repaired rows back in: a file with the columns of this import and the number of each row. How many.

    Rows that are made, or are none of this import, are refused by number and nothing is changed.
    """
    job = locked(job, by)
    if job.state == ImportState.MAPPING:
        raise Refused("Name the columns first.", code="conflict")
    table = files.read(file)
    repaired = list(table.rows)
    places = _places(job, table.headers)
    numbers = {}
    for _, cells in repaired:
        text = cells[places[ROW]] if places[ROW] < len(cells) else ""
        if not text.isdigit() or int(text) in numbers:
            raise Refused(f"“{text[:20]}” is no number of a row, or stands there twice.", field="file")
        numbers[int(text)] = cells
    rows = list(job.rows.select_for_update(of=("self",)).filter(number__in=numbers).exclude(state__in=SETTLED))
    missing = sorted(set(numbers) - {row.number for row in rows})
    if missing:
        told = ", ".join(map(str, missing[:10]))
        raise Refused(f"Rows that are made already or are none of this import: {told}.", field="file")
    for row in rows:
        cells = numbers[row.number]
        width = len(job.headers)
        _put(
            job,
            row,
            [cells[places[n]] if places.get(n, len(cells)) < len(cells) else "" for n in map(str, range(width))],
        )
        row.decision, row.attach_to, row.state = "", None, RowState.UNCHECKED
    ImportRow.objects.bulk_update(rows, ["cells", "as_uploaded", "decision", "attach_to", "state"], batch_size=1000)
    note("repair", job, by, rows=[row.number for row in rows][:1000])
    regroup(job)
    _recheck(job, [row.group for row in rows], by)
    return len(rows)


def _recheck(job: Import, groups: Sequence[str], by: Appointment) -> None:
    """All rows of what was repaired. A leader may have changed with the grouping."""
    own = job.rows.filter(state=RowState.UNCHECKED).values_list("group", flat=True)
    job.rows.filter(group__in=[*own, *groups]).exclude(state__in=SETTLED).update(state=RowState.UNCHECKED)
    running.begin(job, ImportState.CHECKING, by)
    at_once(job, by)


def _places(job: Import, headers: Sequence[str]) -> dict[str, int]:
    """Where each column of the import stands in the repaired file, and the number of the row."""
    words = {plain(word): place for place, word in reversed(list(enumerate(headers)))}
    if plain("Row") not in words:
        raise Refused("The column “Row” is missing: download the rows to repair, and keep it.", field="file")
    places = {ROW: words[plain("Row")]}
    for number, header in enumerate(job.headers):
        # An own column called “Row” or “Reason” stands after the two that were added.
        found = [
            place
            for place, word in enumerate(headers)
            if plain(word) in (plain(header), plain(f"{header} ({number + 3})"))
        ]
        if not found:
            raise Refused(f"The column “{header}” is missing.", field="file")
        places[str(number)] = found[-1]
    return places
