"""Check rows in batches: read, compare with the register and the file, write down what was found."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.importing.checking import heads
from agreements.importing.checking.days import read_days
from agreements.importing.checking.likeness import find_parents, look_for_twins, reference_key
from agreements.importing.checking.native import Directory, read_document
from agreements.importing.checking.sheet import Sheet, cell, state_of
from agreements.importing.choices import Decision, RowState, Shape
from agreements.importing.models import Import, ImportRow
from agreements.importing.names import Names, load
from agreements.importing.words import plain
from agreements.register.actions import is_keeper
from agreements.register.choices import NARROWING
from agreements.register.models import Agreement

BATCH = 500
CHUNK = 2_000
WRITTEN = ["state", "findings", "values", "title", "reference_key", "signed_on"]
# Rows that are settled are not checked again.
SETTLED = (RowState.MADE, RowState.UNDONE)


def regroup(job: Import) -> None:
    """Give rows of one agreement their group, by the column that was chosen; the first of each leads."""
    column = job.option("group_by")
    if job.shape != Shape.PARTY or column is None or job.is_own_format:
        job.rows.update(group=Concat(Value("#"), Cast(F("number"), CharField())), leads=True)
        return
    seen: set[str] = set()
    batch: list[ImportRow] = []
    for row in job.rows.only("pk", "number", "cells").order_by("number").iterator(CHUNK):
        key = plain(cell(row, int(column)))[:190]
        row.group = f"={key}" if key else f"#{row.number}"
        row.leads = row.group not in seen
        seen.add(row.group)
        batch.append(row)
        if len(batch) == CHUNK:
            ImportRow.objects.bulk_update(batch, ["group", "leads"])
            batch = []
    ImportRow.objects.bulk_update(batch, ["group", "leads"])


def check_next(job: Import, by: Appointment, size: int = BATCH) -> int:
    """Check the next rows that are unchecked; how many agreements that were. Zero: all are checked."""
    waiting = job.rows.filter(state=RowState.UNCHECKED, leads=True).order_by("number")
    groups = list(waiting.values_list("group", flat=True)[:size])
    if groups:
        check_groups(job, groups, by)
    return len(groups)


def check_groups(job: Import, groups: Sequence[str], by: Appointment) -> None:
    """Check these agreements anew, with all their rows."""
    rows: dict[str, list[ImportRow]] = defaultdict(list)
    found = job.rows.filter(group__in=groups).exclude(state__in=SETTLED)
    for row in found.select_related("attach_to").order_by("number"):
        rows[row.group].append(row)
    names, today = load(by), timezone.now().astimezone(by.agency.zone).date()
    sheets = [Sheet(job, names, by.agency, today, own) for own in rows.values()]
    (_read_documents if job.is_own_format else _read_cells)(sheets, by, names)
    look_for_twins(job, by, sheets)
    for sheet in sheets:
        _attached(sheet, by)
        _put(sheet)
    ImportRow.objects.bulk_update([row for own in rows.values() for row in own], WRITTEN, batch_size=CHUNK)


def _read_documents(sheets: Sequence[Sheet], by: Appointment, names: Names) -> None:
    directory = Directory()
    for sheet in sheets:
        sheet.rows[0].values = {"document": read_document(sheet, directory)}


def _read_cells(sheets: Sequence[Sheet], by: Appointment, names: Names) -> None:
    parents: dict[Any, str] = {}
    for sheet in sheets:
        sheet.columns = {item["field"]: int(column) for column, item in sheet.job.mapping.items()}
        heads.read_head(sheet)
        heads.read_parties(sheet)
        read_days(sheet)
        if text := heads.taken(sheet, "parent"):
            parents[sheet.rows[0].pk] = text
    find_parents(by, sheets, parents)


def _attached(sheet: Sheet, by: Appointment) -> None:
    """What is added to an agreement that is there: of its parties alone, and nothing that would close a channel."""
    leader = sheet.rows[0]
    if leader.decision != Decision.ATTACH:
        return
    target = leader.attach_to
    if target is None:
        sheet.error("The agreement to which its facts were to be added is gone: decide anew.", code="attach")
        return
    if sheet.job.is_own_format:
        sheet.error("An exported agreement comes back whole: make it new, or leave it out.", code="attach")
    if not is_keeper(target, by):
        sheet.error("You record no facts about the agreement to which they are to be added.", code="attach")
    _fits(sheet, target)


def _fits(sheet: Sheet, target: Agreement) -> None:
    parties = set(target.parties.values_list("country", flat=True))
    for code in sheet.parties:
        if code not in parties:
            sheet.error(f"{code} is no party of {target.short_name}.", sheet.columns.get("parties"), "attach")
    for act in sheet.acts.values():
        if act.kind in NARROWING and act.done:
            words = "What narrows would act at once: record it on the agreement's page (R22)."
            sheet.error(words, act.done.column, "attach")


def _put(sheet: Sheet) -> None:
    """Write the outcome into the rows; those that follow share their leader's state."""
    leader, state = sheet.rows[0], state_of(sheet.findings)
    if leader.decision == Decision.SKIP:
        state = RowState.SKIPPED
    leader.findings = sheet.findings
    if not sheet.job.is_own_format:
        leader.values = sheet.values()
    leader.title = (sheet.head.get("title") or "")[:400]
    leader.reference_key = reference_key(sheet.head.get("reference", ""))
    leader.signed_on = sheet.head.get("concluded_on")
    for row in sheet.rows:
        row.state = state
        if row is not leader:
            row.findings, row.values, row.title = [], {}, leader.title
