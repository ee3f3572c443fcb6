"""Minutes on paper: one part in the language of each agency, times by the clocks of all, marking and who printed on
every sheet (R10). PDF/A. The working minutes and a sealed copy are printed alike."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from agencies.directory.models import Appointment
from agreements.powers.words import name_of
from agreements.sharing.choices import Tlp
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from operations.minutes import words
from operations.minutes.actions.sealing import told_of
from operations.minutes.choices import State
from operations.minutes.content import content_digest, content_of
from operations.minutes.models import Minutes, MinutesCopy
from operations.minutes.presenting import minutes_view
from operations.minutes.reading import items_of, read
from operations.sealing.canonical import instant
from operations.sealing.content import Plain
from operations.sealing.printing import clocks, printed_in
from operations.sealing.reading import instant_of, sides_told, zones_of
from operations.sealing.words import Words
from portal import printing
from portal.ui.errors import Refused
from portal.ui.states import LEVELS

TEMPLATE = Path(__file__).parent / "minutes.typ"


@dataclass
class Paper:
    """What is printed, wherever it comes from. `said`: per agency its words' name, when, function and annotation."""

    record: Record
    content: Plain
    sides: list[Plain]
    said: list[Plain]
    digest: str
    note: str = ""
    sealed_at: datetime | None = None
    copy_digest: str = ""

    @property
    def zones(self) -> list[ZoneInfo]:
        return zones_of(self.sides)


def copy_printed(row: MinutesCopy, by: Appointment, at: datetime) -> HttpResponse:
    """A sealed copy as a PDF/A to download. Raises Refused for one whose text is none any more."""
    return printing.download(document(paper_of_copy(row), by, at), f"minutes-{row.record.reference}".lower())


def minutes_printed(row: Minutes, by: Appointment, at: datetime) -> HttpResponse:
    """The minutes as they stand, and say on each part that they are not agreed where they are not."""
    return printing.download(document(paper_of(row, by, at), by, at), f"minutes-{row.record.reference}".lower())


def paper_of_copy(row: MinutesCopy) -> Paper:
    copy = read(row)
    if not copy.content:
        raise Refused("This copy cannot be read any more: verify it.", code="state")
    said = [
        {
            "side": item.side["name"],
            "short": item.side["short"],
            "what": item.said["decision"],
            "function": item.said["function"],
            "at": item.said["agreed_at"],
            "annotation": item.annotation,
        }
        for item in copy.approvals
    ]
    return Paper(row.record, copy.content, copy.sides, said, row.content_digest, "", row.sealed_at, row.digest)


def paper_of(row: Minutes, by: Appointment, at: datetime) -> Paper:
    content, view = content_of(row), minutes_view(row, access(by, at))
    said = [
        {
            "side": stand.agency.name,
            "short": stand.agency.short,
            "what": stand.approval.decision if stand.approval else "awaited",
            "function": stand.approval.function if stand.approval else "",
            "at": instant(stand.approval.agreed_at) if stand.approval else None,
            "annotation": stand.annotation.text if stand.annotation else "",
        }
        for stand in view.stands
    ]
    note = {State.DRAFT: "draft", State.PUT: "waiting", State.WITHDRAWN: "draft"}.get(State(row.state), "")
    told = told_of([stand.agency for stand in view.stands])
    return Paper(row.record, content, sides_told(content, told), said, content_digest(row), note)


def languages_of(paper: Paper) -> list[str]:
    written = [paper.content["language"], *sorted(paper.content["wordings"])]
    return printed_in(paper.sides, written, words.VOCABULARIES, words.FALLBACK)


def document(paper: Paper, by: Appointment, at: datetime) -> bytes:
    record, codes = paper.record, languages_of(paper)
    first = words.of(codes[0])
    handling = ", ".join(record.handling_codes)
    head = printing.Head(
        title=f"{' / '.join(dict.fromkeys(words.of(code).say('minutes') for code in codes))}: {record.title}",
        classification=" · ".join(part for part in (LEVELS[record.classification], handling) if part),
        tlp=Tlp(record.tlp).label,
        printed_by=first.say("printed", who=f"{by.function}, {by.agency.short}"),
        printed_at=at,
        zone=by.agency.zone,
        validity=f"{record.reference} · SHA-256 {(paper.copy_digest or paper.digest)[:16]}…",
        language=codes[0],
        page_word=" / ".join(dict.fromkeys(words.of(code).say("sheet") for code in codes)),
    )
    return printing.pdf(TEMPLATE, head, {"parts": [_part(paper, code) for code in codes]})


def _part(paper: Paper, language: str) -> dict[str, Any]:
    vocabulary, content, record = words.of(language), paper.content, paper.record
    original = content["language"]
    texts = content["wordings"].get(language, {})
    has_words = language == original or bool(texts)
    return {
        "language": language,
        "text_language": language if has_words else original,
        "title": vocabulary.say("minutes"),
        "name": texts.get("title", content["title"]),
        "reference": f"{content['reference']}, {vocabulary.say('revision', number=content['revision'])}",
        "labels": {name: text for name, text in vocabulary.phrases.items() if "{" not in text},
        "note": vocabulary.say(paper.note) if paper.note else "",
        "starts": clocks(instant_of(content["starts_at"]), paper.zones),
        "ends": clocks(instant_of(content["ends_at"]), paper.zones),
        "place": content["place"],
        "sides": [f"{side['name']} ({side['country']})" for side in paper.sides],
        "handling": [vocabulary.codes[code].format(note=record.handling_note) for code in record.handling_codes],
        "missing": "" if has_words else vocabulary.say("no_wording", language=name_of(original)),
        "opening": texts.get("opening", content["opening"]),
        "items": [_item(number, item, vocabulary) for number, item in enumerate(items_of(content, language), 1)],
        "said": [_said(item, paper, vocabulary) for item in paper.said],
        "digest": paper.digest,
        "sealed": _sealed(paper, vocabulary),
        "verify": vocabulary.say("verify", digest=paper.copy_digest) if paper.copy_digest else "",
    }


def _sealed(paper: Paper, vocabulary: Words) -> str:
    if paper.sealed_at is None:
        return ""
    at = "; ".join(clocks(paper.sealed_at, paper.zones))
    return vocabulary.say("sealed", side=paper.record.owner.short, reference=paper.record.reference, at=at)


def _item(number: int, item: Plain, vocabulary: Words) -> dict[str, Any]:
    return {
        "title": f"{number}. {item['title']}",
        "text": item["text"],
        "decisions": [
            {"text": point["text"], "actions": [_action(action, vocabulary) for action in point["actions"]]}
            for point in item["decisions"]
        ],
    }


def _action(action: Plain, vocabulary: Words) -> dict[str, str]:
    until = f"{vocabulary.say('by')} {day(action['day'])} ({action['zone']})"
    return {"by": action["by"], "text": action["text"], "until": until, "about": action["about"] or ""}


def day(on: date) -> str:
    return f"{on:%-d.%-m.%Y}"


def _said(item: Plain, paper: Paper, vocabulary: Words) -> dict[str, Any]:
    return {
        "side": item["side"],
        "what": vocabulary.say(item["what"]),
        "function": item["function"],
        "at": clocks(instant_of(item["at"]), paper.zones),
        "annotation_title": vocabulary.say("annotation", side=item["short"]) if item["annotation"] else "",
        "annotation": item["annotation"],
    }
