"""Whether the agreement is there already: by its reference, or by a very similar title of the same day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper
from rapidfuzz import fuzz

from agencies.directory.models import Appointment
from agreements.importing.checking.parents import split
from agreements.importing.checking.sheet import Sheet
from agreements.importing.choices import Decision, Level, RowState
from agreements.importing.models import Import, ImportRow
from agreements.importing.words import plain
from agreements.register.models import Agreement, Clause

# How alike two titles of one day must be to be asked about (0–100).
ALIKE = 88


def reference_key(text: str) -> str:
    return plain(text)[:120]


def look_for_twins(job: Import, by: Appointment, sheets: Sequence[Sheet]) -> None:
    """Ask where an agreement seems to be in the register, or earlier in the same file. A few queries for the batch."""
    here = _in_register(job, by, sheets)
    above = _in_file(job, sheets)
    for sheet in sheets:
        leader = sheet.rows[0]
        for twin, why in here.get(leader.pk, ())[:3]:
            _ask(sheet, f"{why}: {twin.short_name} is in the register.", agreement=str(twin.pk), name=twin.short_name)
        for row, why in above.get(leader.pk, ())[:1]:
            _ask(sheet, f"{why} as row {row.number} of this file.", row=row.number)


def _ask(sheet: Sheet, text: str, **more: Any) -> None:
    decision = sheet.rows[0].decision
    if decision in (Decision.NEW, Decision.ATTACH):
        said = "Made new by decision." if decision == Decision.NEW else "Its facts are added by decision."
        sheet.find(Level.FLAG, f"{text} {said}", code="twin_decided", **more)
    else:
        sheet.find(
            Level.ASK, f"{text} Leave it out, make a new one, or add its facts to that one?", code="twin", **more
        )


def _same(sheet: Sheet, reference: str, title: str, day: Any) -> str:
    """Why the two seem to be one; empty when they do not."""
    own = reference_key(sheet.head.get("reference", ""))
    if own and own == reference_key(reference):
        return "The same reference"
    mine, others = plain(sheet.head.get("title", "")), plain(title)
    if not mine or not others:
        return ""
    if sheet.head.get("concluded_on") == day and day and fuzz.token_sort_ratio(mine, others) >= ALIKE:
        return "A very similar title of the same day"
    undated = not day or not sheet.head.get("concluded_on")
    return "The same title" if undated and mine == others else ""


def _in_register(job: Import, by: Appointment, sheets: Sequence[Sheet]) -> dict[Any, list[tuple[Agreement, str]]]:
    references = {text.upper() for sheet in sheets if (text := sheet.head.get("reference"))}
    days = {sheet.head["concluded_on"] for sheet in sheets if sheet.head.get("concluded_on")}
    titles = {sheet.head["title"].upper() for sheet in sheets if sheet.head.get("title")}
    rows = Agreement.objects.visible_to(by).annotate(by_reference=Upper("reference"), by_title=Upper("title"))
    rows = rows.filter(Q(by_reference__in=references) | Q(concluded_on__in=days) | Q(by_title__in=titles))
    # What this import made itself is no twin.
    rows = rows.exclude(imported_rows__of=job)
    return _pairs(sheets, list(rows.only("pk", "title", "reference", "concluded_on", "short_name")))


def _pairs(sheets: Sequence[Sheet], rows: Iterable[Agreement]) -> dict[Any, list[tuple[Agreement, str]]]:
    """Compared are those alone that share the reference, the day or the title."""
    by_key: dict[Any, list[Agreement]] = defaultdict(list)
    for row in rows:
        for key in {("r", reference_key(row.reference)), ("d", row.concluded_on), ("t", plain(row.title))}:
            by_key[key].append(row)
    found: dict[Any, list[tuple[Agreement, str]]] = {}
    for sheet in sheets:
        head = sheet.head
        keys = (
            ("r", reference_key(head.get("reference", ""))),
            ("d", head.get("concluded_on")),
            ("t", plain(head.get("title", ""))),
        )
        near = {row.pk: row for key in keys if key[1] for row in by_key.get(key, ())}
        pairs = [
            (row, why) for row in near.values() if (why := _same(sheet, row.reference, row.title, row.concluded_on))
        ]
        if pairs:
            found[sheet.rows[0].pk] = pairs
    return found


def _in_file(job: Import, sheets: Sequence[Sheet]) -> dict[Any, list[tuple[ImportRow, str]]]:
    keys = {key for sheet in sheets if (key := reference_key(sheet.head.get("reference", "")))}
    days = {sheet.head["concluded_on"] for sheet in sheets if sheet.head.get("concluded_on")}
    rows = ImportRow.objects.filter(of=job, leads=True).exclude(state=RowState.SKIPPED)
    rows = rows.filter(Q(reference_key__in=keys - {""}) | Q(signed_on__in=days))
    known = {
        row.pk: (row, row.reference_key, row.title, row.signed_on)
        for row in rows.only("pk", "number", "title", "reference_key", "signed_on")
    }
    for sheet in sheets:
        row, head = sheet.rows[0], sheet.head
        known[row.pk] = (row, reference_key(head.get("reference", "")), head.get("title", ""), head.get("concluded_on"))
    by_key: dict[Any, list[Any]] = defaultdict(list)
    for item in known.values():
        for key in (("r", item[1]), ("d", item[3])):
            if key[1]:
                by_key[key].append(item)
    found: dict[Any, list[tuple[ImportRow, str]]] = {}
    for sheet in sheets:
        leader, head = sheet.rows[0], sheet.head
        near = [
            item
            for key in (("r", reference_key(head.get("reference", ""))), ("d", head.get("concluded_on")))
            if key[1]
            for item in by_key.get(key, ())
            if item[0].number < leader.number
        ]
        pairs = [(row, why) for row, key, title, day in near if (why := _same(sheet, key, title, day))]
        if pairs:
            found[leader.pk] = sorted(pairs, key=lambda pair: pair[0].number)
    return found


def find_parents(by: Appointment, sheets: Sequence[Sheet], said: dict[Any, str]) -> None:
    """The article that each was made under, where the register holds it; otherwise the words are kept as a note."""
    wanted = {leader: split(text) for leader, text in said.items()}
    names = {name.upper() for name, _ in wanted.values()}
    seen = Agreement.objects.visible_to(by).annotate(a=Upper("short_name"), b=Upper("reference"), c=Upper("title"))
    rows = (
        list(seen.filter(Q(a__in=names) | Q(b__in=names) | Q(c__in=names)).prefetch_related("parties")) if names else []
    )
    clauses: dict[Any, list[Clause]] = defaultdict(list)
    for clause in Clause.objects.filter(agreement__in=rows):
        clauses[clause.agreement_id].append(clause)
    by_name = {word: row for row in rows for word in (row.a, row.b, row.c) if word}  # type: ignore[attr-defined]
    for sheet in sheets:
        if sheet.rows[0].pk in wanted:
            name, article = wanted[sheet.rows[0].pk]
            _put_parent(sheet, by_name.get(name.upper()), clauses, article, said[sheet.rows[0].pk])


def _put_parent(sheet: Sheet, row: Agreement | None, clauses: dict[Any, list[Clause]], article: str, text: str) -> None:
    own = clauses[row.pk] if row else []
    fitting = [clause for clause in own if plain(clause.article) == plain(article)] if article else own
    parties = {party.country_id for party in row.parties.all()} if row else set()
    if len(fitting) == 1 and set(sheet.parties) <= parties:
        sheet.made_under = str(fitting[0].pk)
        return
    why = (
        "is not in the register"
        if row is None
        else "has no such one article"
        if len(fitting) != 1
        else "has other parties"
    )
    sheet.flag(f"Made under “{text[:80]}”, which {why}: kept as a note.", sheet.columns.get("parent"), "parent")
    sheet.notes.append(f"Made under: {text[:300]}")
