"""The days of an agreement and of its parties' acts, and what is odd about their order: flagged, never refused."""

import re
from datetime import date

from agreements.importing import dates
from agreements.importing.checking.heads import resolve
from agreements.importing.checking.sheet import Day, Sheet, cell, field_label, is_formula
from agreements.importing.choices import ACTS, EFFECT, EVERY_PARTY, FIELDS, PARTY_IN_FORCE, Level, Shape
from agreements.importing.columns import is_act
from agreements.register.actions.checks import AFTER_SIGNATURE, FORESEEN
from agreements.register.choices import ActionKind
from agreements.register.facts import day_words

K = ActionKind
OF_ALL = {"in_force": K.ENTRY_INTO_FORCE.value, "terminated": K.TERMINATION.value}
_NAMED = re.compile(r"(.+?)\s*[:=]\s*(.+)|(.+?)\s*\((.+)\)")


def read_days(sheet: Sheet) -> None:
    """Days of the whole agreement, then those of its parties."""
    for name, place in (("signed", "concluded_on"), ("expires", "expires_on")):
        found = _of_all(sheet, name)
        sheet.head[place] = found.day if found else None
    for name, kind in OF_ALL.items():
        if found := _of_all(sheet, name):
            sheet.act(kind, "").done = found
    if found := _of_all(sheet, "provisional"):
        for code in sheet.parties:
            sheet.act(K.PROVISIONAL_APPLICATION.value, code).done = found
    for column, meaning in sorted(sheet.job.mapping.items(), key=lambda item: int(item[0])):
        if is_act(meaning["field"]):
            _acts(sheet, meaning["field"], meaning.get("party", ""), int(column))
    _effects(sheet)
    _odd(sheet)


def _of_all(sheet: Sheet, name: str) -> Day | None:
    """A day of the head. Rows of one agreement that say different days are told."""
    column = sheet.columns.get(name)
    if column is None:
        return None
    found: Day | None = None
    for row in sheet.rows:
        text = "" if is_formula(sheet, row, column) else cell(row, column)
        day = _day(sheet, text, column, name, "") if text else None
        if day and found and day.day != found.day:
            sheet.flag(f"Row {row.number} says another day: {day_words(found.day)} is taken.", column)
        found = found or day
    return found


def _day(sheet: Sheet, text: str, column: int, name: str, party: str) -> Day | None:
    """The day in a cell, or None with a finding that says why."""
    read = dates.read(text, sheet.day_first)
    if read.fault:
        sheet.error(read.fault, column)
    elif read.ambiguous:
        words = f"“{text}” can be read in two ways: say once for the file whether the day or the month stands first."
        sheet.find(Level.ASK, words, column=column, code="day_order")
    elif read.only:
        sheet.flag(f"“{text}” is no whole day: kept as a note.", column, "partial")
        of = f" of {party}" if party else ""
        sheet.notes.append(f"{field_label(name)}{of}: {read.only} (the day is not known)")
    if read.flag:
        sheet.flag(read.flag, column, "serial")
    return Day(read.day, column) if read.day else None


def _acts(sheet: Sheet, name: str, party: str, column: int) -> None:
    """A column with days of an act: of the row's party, of a named one, of all, or each named in the cell."""
    for row in sheet.rows:
        text = cell(row, column)
        if not text or is_formula(sheet, row, column):
            continue
        if sheet.job.shape == Shape.PARTY:
            own = sheet.names.find(cell(row, sheet.columns["parties"])).code if "parties" in sheet.columns else ""
            _put(sheet, name, [own] if own else [], text, column)
        elif party == EVERY_PARTY:
            _put(sheet, name, sheet.parties, text, column)
        elif party:
            _put(sheet, name, [party] if _is_party(sheet, party, column) else [], text, column)
        else:
            _named_in_cell(sheet, name, text, column)


def _is_party(sheet: Sheet, code: str, column: int) -> bool:
    if code not in sheet.parties:
        sheet.error(f"The column is of {code}, which is no party of this agreement.", column)
    return code in sheet.parties


def _named_in_cell(sheet: Sheet, name: str, text: str, column: int) -> None:
    """`Germany: 5 April 2022; France: 1.5.2022`."""
    separator = sheet.job.option("separator") or ";"
    for part in filter(None, (part.strip() for part in re.split(f"[;\n{re.escape(separator)}]", text))):
        match = _NAMED.fullmatch(part)
        if match is None:
            sheet.error(
                f"Say whose day “{part[:60]}” is: write “Germany: 5 April 2022”, or name the party of the column.",
                column,
            )
            continue
        who, day = (match[1], match[2]) if match[1] else (match[3], match[4])
        code = resolve(sheet, who, column)
        if code and _is_party(sheet, code, column):
            _put(sheet, name, [code], day, column)


def _put(sheet: Sheet, name: str, codes: list[str], text: str, column: int) -> None:
    for code in codes:
        found = _day(sheet, text, column, name, code)
        if found is None:
            continue
        if name == PARTY_IN_FORCE:
            act, place = sheet.act(K.ENTRY_INTO_FORCE.value, code), "done"
        else:
            act = sheet.act(ACTS[name.removesuffix(EFFECT)].value, code)
            place = "effect" if name.endswith(EFFECT) else "done"
        before: Day | None = getattr(act, place)
        if before and before.day != found.day:
            sheet.error(f"{FIELDS[name].label}: {code} has two days here, {before.day} and {found.day}.", column)
        setattr(act, place, found)


def _effects(sheet: Sheet) -> None:
    for act in sheet.acts.values():
        word = K(act.kind).label
        if act.done is None and act.effect is not None:
            sheet.error(f"The day of effect stands without the day of the act ({word}).", act.effect.column)
        elif act.done and act.effect and act.effect.day < act.done.day:
            sheet.error(f"It cannot take effect before it was done on {day_words(act.done.day)}.", act.effect.column)


def _odd(sheet: Sheet) -> None:
    """What the register would refuse from a form, and takes from a list with a flag on the fact."""
    concluded, expires = sheet.head["concluded_on"], sheet.head["expires_on"]
    if concluded and concluded > sheet.today:
        sheet.flag("The day of signature is in the future.", sheet.columns.get("signed"))
    force = sheet.acts.get((K.ENTRY_INTO_FORCE.value, ""))
    begin = force.done.day if force and force.done else None
    for day, words in ((concluded, "signature"), (begin, "entry into force")):
        if expires and day and expires < day:
            sheet.flag(f"Its last day is before its {words} on {day_words(day)}.", sheet.columns.get("expires"))
    for act in sheet.acts.values():
        if act.done is None:
            continue
        said = _strange(sheet, act.kind, act.country, act.done.day, concluded, begin)
        for words in said:
            sheet.flag(words, act.done.column)
        act.note = " ".join(["Odd in the imported list:", *said]) if said else ""


def _strange(sheet: Sheet, kind: str, country: str, day: date, concluded: date | None, begin: date | None) -> list[str]:
    word, found = K(kind).label, []
    signature = sheet.acts.get((K.SIGNATURE.value, country)) if kind in AFTER_SIGNATURE else None
    signed = signature.done.day if signature and signature.done else concluded
    free = (K.ADOPTION, K.SIGNATURE, K.DEFINITIVE_SIGNATURE)
    if signed and day < signed and kind not in free:
        found.append(f"{word} before the signature on {day_words(signed)}.")
    if kind == K.TERMINATION and begin and day < begin:
        found.append(f"{word} before the entry into force on {day_words(begin)}.")
    if day > sheet.today and kind not in FORESEEN:
        found.append(f"{word} on a day that has not come.")
    return found
