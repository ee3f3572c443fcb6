"""Whether the agreement is there already: by its reference, or by a very similar title of the same day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True)
class Likeness:
    """By what two agreements are held to be one, made ready to be compared often."""

    reference: str
    title: str
    words: str
    day: date | None

    @classmethod
    def of(cls, reference: str, title: str, day: date | None) -> "Likeness":
        bare = plain(title)
        return cls(reference_key(reference), bare, " ".join(sorted(bare.split())), day)

    @classmethod
    def of_sheet(cls, sheet: Sheet) -> "Likeness":
        head = sheet.head
        return cls.of(head.get("reference", ""), head.get("title", ""), head.get("concluded_on"))

    @property
    def keys(self) -> list[tuple[str, Any]]:
        """Compared are those alone that share one of these."""
        return [key for key in (("r", self.reference), ("d", self.day), ("t", self.title)) if key[1]]

    def same(self, other: "Likeness") -> str:
        """Why the two seem to be one; empty when they do not."""
        if self.reference and self.reference == other.reference:
            return "The same reference"
        if not self.title or not other.title:
            return ""
        if self.day and self.day == other.day:
            alike = fuzz.ratio(self.words, other.words, score_cutoff=ALIKE)
            return "A very similar title of the same day" if alike else ""
        undated = not self.day or not other.day
        return "The same title" if undated and self.title == other.title else ""


def _in_register(job: Import, by: Appointment, sheets: Sequence[Sheet]) -> dict[Any, list[tuple[Agreement, str]]]:
    references = {text.upper() for sheet in sheets if (text := sheet.head.get("reference"))}
    days = {sheet.head["concluded_on"] for sheet in sheets if sheet.head.get("concluded_on")}
    titles = {sheet.head["title"].upper() for sheet in sheets if sheet.head.get("title")}
    rows = Agreement.objects.visible_to(by).annotate(by_reference=Upper("reference"), by_title=Upper("title"))
    rows = rows.filter(Q(by_reference__in=references) | Q(concluded_on__in=days) | Q(by_title__in=titles))
    # What this import made itself is no twin.
    rows = rows.exclude(pk__in=job.rows.exclude(agreement=None).values("agreement"))
    found: dict[Any, list[tuple[Agreement, Likeness]]] = defaultdict(list)
    for row in rows.only("pk", "title", "reference", "concluded_on", "short_name"):
        like = Likeness.of(row.reference, row.title, row.concluded_on)
        for key in like.keys:
            found[key].append((row, like))
    return {sheet.rows[0].pk: _twins(Likeness.of_sheet(sheet), found) for sheet in sheets}


def _twins(mine: Likeness, by_key: dict[Any, list[tuple[Any, Likeness]]]) -> list[tuple[Any, str]]:
    near = {row.pk: (row, like) for key in mine.keys for row, like in by_key.get(key, ())}
    return [(row, why) for row, like in near.values() if (why := mine.same(like))]


def _in_file(job: Import, sheets: Sequence[Sheet]) -> dict[Any, list[tuple[ImportRow, str]]]:
    """Rows further up that seem to be the same agreement."""
    own = {sheet.rows[0].pk: (sheet.rows[0], Likeness.of_sheet(sheet)) for sheet in sheets}
    keys = {like.reference for _, like in own.values()} - {""}
    days = {like.day for _, like in own.values()} - {None}
    rows = ImportRow.objects.filter(of=job, leads=True).exclude(state=RowState.SKIPPED).exclude(pk__in=own)
    rows = rows.filter(Q(reference_key__in=keys) | Q(signed_on__in=days))
    known = [
        (row, Likeness.of(row.reference_key, row.title, row.signed_on))
        for row in rows.only("pk", "number", "title", "reference_key", "signed_on")
    ]
    by_key: dict[Any, list[tuple[ImportRow, Likeness]]] = defaultdict(list)
    # What is left out is nobody's twin, also where the decision was made a moment ago.
    there = [pair for pair in own.values() if pair[0].decision != Decision.SKIP]
    for row, like in sorted([*known, *there], key=lambda pair: pair[0].number):
        for key in like.keys:
            by_key[key].append((row, like))
    found: dict[Any, list[tuple[ImportRow, str]]] = {}
    for leader, mine in own.values():
        above = [(row, why) for row, why in _twins(mine, by_key) if row.number < leader.number]
        found[leader.pk] = sorted(above, key=lambda pair: pair[0].number)
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
    # What is made under a draft stays a draft: its parties would read of what they may not know (R23).
    hidden = row is not None and row.is_draft and not sheet.job.option("draft", True)
    if len(fitting) == 1 and set(sheet.parties) <= parties and not hidden:
        sheet.made_under = str(fitting[0].pk)
        return
    why = "has other parties"
    if row is None:
        why = "is not in the register"
    elif hidden:
        why = "is a draft still"
    elif len(fitting) != 1:
        why = "has no such one article"
    sheet.flag(f"Made under “{text[:80]}”, which {why}: kept as a note.", sheet.columns.get("parent"), "parent")
    sheet.notes.append(f"Made under: {text[:300]}")
