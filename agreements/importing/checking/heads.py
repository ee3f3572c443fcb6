"""The head of an agreement: words, kind, parties, time zone, notice."""

import re
from functools import lru_cache

from django.core.exceptions import ValidationError

from agencies.directory.models import Country, valid_time_zone
from agreements.importing.checking.sheet import Sheet, cell, is_formula
from agreements.importing.choices import Level, Shape
from agreements.importing.names import Found
from agreements.importing.words import plain
from agreements.register.choices import InstrumentKind

K = InstrumentKind
# Words in English, German and French, the more exact ones first.
KINDS: tuple[tuple[InstrumentKind, str], ...] = (
    (K.EXCHANGE_OF_NOTES, r"exchange of (notes|letters)|notenwechsel|notenaustausch|briefwechsel|echange de (notes|lettres)"),
    (K.MOU, r"memorandum of understanding|mou|absichtserklarung|memorandum|protocole d entente|memorandum d entente"),
    (K.STATUS_AGREEMENT, r"status agreement|statusabkommen|statusvereinbarung|accord (sur le|de) statut"),
    (K.IMPLEMENTING_ARRANGEMENT, r"implementing (arrangement|agreement|protocol)|durchfuhrungs(abkommen|vereinbarung|protokoll)|(accord|arrangement|protocole) d (execution|application)"),
    (K.TECHNICAL_ARRANGEMENT, r"technical arrangement|working arrangement|arrangement|verwaltungsvereinbarung|vereinbarung|arrangement (technique|administratif)"),
    (K.DOMESTIC_ARRANGEMENT, r"domestic arrangement|innerstaatliche vereinbarung"),
    (K.PROTOCOL, r"(additional |zusatz)?protoco?le?|(zusatz|anderungs)?protokoll|avenant"),
    (K.CONVENTION, r"convention|ubereinkommen|konvention"),
    (K.TREATY, r"treaty|treaties|(staats)?vertrag|traite"),
    (K.AGREEMENT, r"agreement|abkommen|(rahmen)?abkommen|accord"),
)  # fmt: skip
_EXACT = [(kind, re.compile(pattern)) for kind, pattern in KINDS]
_WITHIN = [(kind, re.compile(rf"\b({pattern})\b")) for kind, pattern in KINDS]
LIMITS = {"title": 400, "short_name": 120, "reference": 120, "depositary": 200}
LONGEST_TEXT = 5000


def read_head(sheet: Sheet) -> None:
    """All of the head but its days."""
    for name in ("title", "short_name", "reference", "depositary", "summary", "source", "territory"):
        _text(sheet, name)
    _kind(sheet)
    _notice(sheet)
    _zone(sheet)
    _languages(sheet)
    if not sheet.head.get("title"):
        sheet.error("It has no title.", sheet.columns.get("title"))
    elif not sheet.head.get("short_name"):
        sheet.head["short_name"] = _shortened(sheet.head["title"])


def taken(sheet: Sheet, name: str) -> str:
    """What the agreement's rows say in a column of its head: the first that says something; others that differ are told."""
    column = sheet.columns.get(name)
    if column is None:
        return ""
    told = [row for row in sheet.rows if not is_formula(sheet, row, column)]
    said = [(row.number, text) for row in told if (text := cell(row, column))]
    if not said:
        return ""
    different = [number for number, text in said if plain(text) != plain(said[0][1])]
    if different:
        rows = ", ".join(map(str, different[:10]))
        sheet.flag(f"Row {said[0][0]} is followed; row{'s' * (len(different) > 1)} {rows} say otherwise.", column)
    return said[0][1]


def _text(sheet: Sheet, name: str) -> None:
    text, most = taken(sheet, name), LIMITS.get(name, LONGEST_TEXT)
    if len(text) > most:
        sheet.error(f"It is longer than {most} characters.", sheet.columns[name])
    sheet.head[name] = text[:most] if name in ("summary", "source", "territory") else " ".join(text[:most].split())


def _shortened(title: str) -> str:
    """A title cut at a word, so that it can stand in a list."""
    return title if len(title) <= 120 else f"{title[:119].rsplit(' ', 1)[0]}…"


def _kind(sheet: Sheet) -> None:
    text = plain(taken(sheet, "kind"))
    named = {plain(word): kind for kind in K for word in (kind.value, kind.label)}
    found = named.get(text) or next((kind for kind, pattern in _EXACT if text and pattern.fullmatch(text)), None)
    if text and found is None:
        kinds = ", ".join(kind.label for kind in K)
        sheet.error(f"There is no such kind. There are: {kinds}.", sheet.columns["kind"])
    if not text:
        title = plain(sheet.head.get("title", ""))
        found = next((kind for kind, pattern in _WITHIN if pattern.search(title)), None)
        if found is None:
            sheet.flag("Its kind is not said: taken as an agreement.", sheet.columns.get("kind"), "kind")
    sheet.head["kind"] = (found or K.AGREEMENT).value


def _notice(sheet: Sheet) -> None:
    text = taken(sheet, "notice_months")
    sheet.head["notice_months"] = None
    if not text:
        return
    match = re.fullmatch(r"(\d{1,3})( (months?|monate?n?|mois))?|(\d{1,2}) (years?|jahre?n?|ans?)", plain(text))
    months = int(match[1]) if match and match[1] else int(match[4]) * 12 if match else None
    if months is None or months > 120:
        sheet.error("Write the period of notice as a number of months up to 120.", sheet.columns["notice_months"])
    else:
        sheet.head["notice_months"] = months


def _zone(sheet: Sheet) -> None:
    name = taken(sheet, "time_zone") or sheet.agency.time_zone
    if fault := _zone_fault(name):
        sheet.error(fault, sheet.columns.get("time_zone"))
    sheet.head["time_zone"] = name


@lru_cache(maxsize=1024)
def _zone_fault(name: str) -> str:
    """Why it is no time zone; asked once for each name, for it reads the list of all of them."""
    try:
        valid_time_zone(name)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _languages(sheet: Sheet) -> None:
    if text := taken(sheet, "languages"):
        sheet.notes.append(f"Languages: {' '.join(text.split())[:300]}")


def read_parties(sheet: Sheet) -> None:
    """The parties, in the order of the file; the own country last, where the file takes it for granted."""
    column, own = sheet.columns.get("parties"), sheet.agency.country
    for row in sheet.rows:
        if column is None or is_formula(sheet, row, column):
            continue
        for name in _names(sheet, cell(row, column)):
            code = resolve(sheet, name, column)
            if code and code in sheet.parties and sheet.job.shape == Shape.TREATY:
                sheet.flag(f"{name} is named twice: taken once.", column, "party_twice")
            elif code and code not in sheet.parties:
                sheet.parties.append(code)
    if own.pk not in sheet.parties and sheet.job.option("own_party"):
        sheet.parties.append(own.pk)
    _enough(sheet, own, column)


def _enough(sheet: Sheet, own: Country, column: int | None) -> None:
    """The own country is among the parties, and another; names that wait for a decision may be theirs."""
    if any(finding["code"] == "name" for finding in sheet.findings):
        return
    if not sheet.parties:
        sheet.error("It names no party.", column)
    elif own.pk not in sheet.parties:
        sheet.error(f"{own.name} is not among the parties: you register for {own.name}.", column, "not_ours")
    elif len(sheet.parties) == 1:
        sheet.flag("It names one party alone.", column)


def _names(sheet: Sheet, text: str) -> list[str]:
    if sheet.job.shape == Shape.PARTY:
        return [text] if text else []
    separator = sheet.job.option("separator") or ";"
    return [part.strip() for part in text.split(separator) if part.strip()]


def resolve(sheet: Sheet, name: str, column: int | None) -> str:
    """The code of a country's name. What is not certain is asked; what was decided to be no country is told."""
    found: Found = sheet.names.find(name)
    if found.left_out:
        why = f" ({found.why})" if found.why else ""
        sheet.flag(f"“{name}” is left out by decision{why}.", column, "left_out")
        sheet.notes.append(f"Left out: {name}{why}")
        return ""
    if not found.code:
        sheet.find(
            Level.ASK, found.why or f"Which country is “{name}”?", column=column, code="name", key=plain(name)[:200],
            name=name[:200],
        )  # fmt: skip
    return found.code
