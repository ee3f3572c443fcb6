"""The card on paper: the same card, one sheet where it fits, for everybody who takes part in the language asked for."""

from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any

from django.http import HttpResponse

from agencies.directory.models import Appointment
from agreements.powers import words
from agreements.powers.parts import ICONS, Card, Cited, Line, PairCard, Section, Text
from portal import printing
from portal.printing.sheets import drawing
from portal.ui.marking import PageMarking

TEMPLATE = Path(__file__).parent / "card.typ"
COLOURS = {"yes": "#17623a", "only_if": "#744700", "authorised": "#1d4f86", "no": "#9f231f"}
# A card that hangs from no record carries the register's own marking: facts that officers of the parties know (R23).
UNMARKED = ("UNCLASSIFIED", "FOR OFFICERS OF THE PARTIES")


def printed(
    card: Card, by: Appointment, zone: tzinfo, *, subject: str, marking: PageMarking | None, name: str
) -> HttpResponse:
    """The card as a PDF/A to download."""
    classification, tlp = (marking.classification_label, marking.tlp_label) if marking else UNMARKED
    language = card.asked.language if card.is_translated else words.FALLBACK
    validity = validity_of(card, zone)
    head = printing.Head(
        title=card.words.say("title"),
        classification=classification,
        tlp=tlp,
        printed_by=card.words.say("printed", who=f"{by.function}, {by.agency.short}"),
        printed_at=card.as_of,
        zone=zone,
        validity=validity,
        language=language,
        page_word=card.words.say("sheet"),
    )
    return printing.download(printing.pdf(TEMPLATE, head, _data(card, subject, validity)), name)


def validity_of(card: Card, zone: tzinfo) -> str:
    """That it is valid on its day alone, and when it was worked out."""
    at = card.as_of.astimezone(zone)
    return card.words.say("valid", day=f"{card.day:%-d.%-m.%Y}", at=f"{at:%-d.%-m.%Y, %H:%M} {zone}")


class _Key:
    """Agreements by letter, so that each line names its article in a word."""

    def __init__(self, card: Card) -> None:
        lines = (line for pair in card.pairs for section in pair.sections for line in (*section.gates, *section.lines))
        names = sorted({cited.named for line in lines for cited in line.cited})
        self.letters = {name: _letter(number) for number, name in enumerate(names)}

    def short(self, cited: Cited) -> str:
        return f"{cited.article} {self.letters[cited.named]}"

    def legend(self) -> list[str]:
        return [f"{letter} = {name}" for name, letter in self.letters.items()]


def _letter(number: int) -> str:
    """A to Z, then A1, B1 …"""
    return f"{chr(ord('A') + number % 26)}{number // 26 or ''}"


def _data(card: Card, subject: str, validity: str) -> dict[str, Any]:
    key = _Key(card)
    texts = {(str(text.cited), text.words): text for pair in card.pairs for text in pair.texts}
    border = f"{card.words.say('border')}: {card.border_label}"
    return {
        "subtitle": " · ".join(part for part in (subject, border, card.asked.stretch) if part),
        "validity": validity,
        "legend": key.legend(),
        "host_law_note": card.words.say("host_law_note"),
        "no_word": card.words.signs["no"],
        "all_else": card.words.say("all_else"),
        "no_article": card.words.say("no_article"),
        "texts_title": card.words.say("articles"),
        "pairs": [_pair(card, pair, key) for pair in card.pairs],
        "texts": [_text(card, text, key) for text in texts.values()],
        "icons": {answer: drawing(icon, COLOURS[answer]) for answer, icon in ICONS.items()},
        "colours": COLOURS,
    }


def _pair(card: Card, pair: PairCard, key: _Key) -> dict[str, Any]:
    return {
        "heading": pair.heading,
        "incomplete": "" if pair.whole else card.words.say("incomplete"),
        "opened": [{**_section(section, key), "all_else": bool(section.unruled)} for section in pair.particular],
        "everywhere": [_common(replace(pair.everywhere, label=card.words.say("everywhere")), key)]
        if pair.everywhere
        else [],
        "shut": [section.label for section in pair.shut],
    }


def _common(section: Section, key: _Key) -> dict[str, Any]:
    """What holds on every occasion: here the acts that no article permits have their names."""
    return {**_section(section, key), "all_else": False}


def _section(section: Section, key: _Key) -> dict[str, Any]:
    return {
        "label": section.label,
        "gates": [_line(line, key) for line in section.gates if not line.silent],
        "lines": [_line(line, key) for line in section.grouped if not line.silent],
        "unruled": [*section.unruled, *(line.label for line in section.lines if line.silent)],
    }


def _line(line: Line, key: _Key) -> dict[str, Any]:
    return {
        "label": line.label,
        "answer": line.answer,
        "word": line.word,
        "terms": [term.text for term in line.terms],
        "cited": [key.short(cited) for cited in line.cited],
        "notes": list(line.notes),
    }


def _text(card: Card, text: Text, key: _Key) -> dict[str, str]:
    origin = f"({text.origin})" if text.origin else ""
    note = f" — {card.fallback_note}" if text.fallback else ""
    return {"cited": key.short(text.cited), "words": text.words, "origin": f"{origin}{note}"}
