"""A sealed copy on paper: one part in the language of each side, all times by the clocks of all sides, positions in
the notation of each, marking and handling codes on every sheet (R10). PDF/A."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpResponse

from agencies.directory.models import Appointment
from agreements.powers.words import name_of
from agreements.sharing.choices import Tlp
from operations.joint import places, words
from operations.joint.models import SealedCopy
from operations.joint.reading import Copy, Signed, filled, read
from operations.joint.words import Vocabulary
from operations.sealing.content import Plain
from operations.sealing.printing import clocks, printed_in
from portal import printing
from portal.ui.errors import Refused
from portal.ui.states import LEVELS

TEMPLATE = Path(__file__).parent / "copy.typ"


def printed(row: SealedCopy, by: Appointment, at: datetime) -> HttpResponse:
    """The copy as a PDF/A to download."""
    return printing.download(document(row, by, at), f"joint-{row.record.reference}".lower())


def document(row: SealedCopy, by: Appointment, at: datetime) -> bytes:
    """Raises Refused for a copy whose text is none any more."""
    copy, record = read(row), row.record
    if not copy.content:
        raise Refused("This copy cannot be read any more: verify it.", code="state")
    codes = languages_of(copy)
    first = words.of(codes[0])
    handling = ", ".join(record.handling_codes)
    head = printing.Head(
        title=f"{' / '.join(words.of(code).forms[copy.content['form']] for code in codes)}: {record.title}",
        classification=" · ".join(part for part in (LEVELS[record.classification], handling) if part),
        tlp=Tlp(record.tlp).label,
        printed_by=first.say("printed", who=f"{by.function}, {by.agency.short}"),
        printed_at=at,
        zone=by.agency.zone,
        validity=f"{record.reference} · SHA-256 {row.digest[:16]}…",
        language=codes[0],
        page_word=" / ".join(words.of(code).say("sheet") for code in codes),
    )
    data = {"parts": [_part(row, copy, code) for code in codes]}
    return printing.pdf(TEMPLATE, head, data)


def languages_of(copy: Copy) -> list[str]:
    written = [code for code, *_ in copy.texts]
    return printed_in(copy.sides, written, words.VOCABULARIES, words.FALLBACK)


def _part(row: SealedCopy, copy: Copy, language: str) -> dict[str, Any]:
    vocabulary, content, record = words.of(language), copy.content, row.record
    texts = {code: text for code, _, text in copy.texts}
    own = language if language in texts else content["language"]
    owner = next((side["short"] for side in copy.sides if side["agency"] == str(record.owner_id)), record.owner.short)
    return {
        "language": language,
        "text_language": own,
        "title": vocabulary.forms[content["form"]],
        "name": content["title"],
        "reference": f"{content['reference']}, {vocabulary.say('revision', number=content['revision'])}",
        "labels": {name: text for name, text in vocabulary.phrases.items() if "{" not in text},
        "starts": clocks(copy.starts_at, copy.zones),
        "ends": clocks(copy.ends_at, copy.zones),
        "place": [part for part in (content["place"], *_written(content["position"], copy)) if part],
        "sides": [f"{side['name']} ({side['country']})" for side in copy.sides],
        "handling": [vocabulary.codes[code].format(note=record.handling_note) for code in record.handling_codes],
        "missing": "" if own == language else vocabulary.say("no_text", language=name_of(own)),
        "text": texts[own]["text"],
        "open_points": texts[own]["open_points"],
        "entries": [_entry(item, copy, vocabulary, language) for item in copy.entries],
        "signatures": [_signature(item, copy, vocabulary) for item in copy.signatures],
        "digest": row.content_digest,
        "sealed": vocabulary.say(
            "sealed", side=owner, reference=record.reference, at="; ".join(clocks(row.sealed_at, copy.zones))
        ),
        "verify": vocabulary.say("verify", digest=row.digest),
    }


def _written(position: str | None, copy: Copy) -> list[str]:
    return places.written(position, [side.get("notation", "decimal") for side in copy.sides])


def _entry(item: Plain, copy: Copy, vocabulary: Vocabulary, language: str) -> dict[str, Any]:
    lines = [f"{line.label}: {line.words}" for line in filled(item, (language,))]
    kind = item.get("type") or item["kind"]
    about = [vocabulary.entry(kind, str(item.get("type_words") or kind)), item.get("territory") or ""]
    facts = _written(item["position"], copy)
    if item.get("metres"):
        facts.append(vocabulary.say("metres", km=f"{item['metres'] / 1000:.1f}"))
    if item.get("photographs"):
        facts.append(vocabulary.say("photographs", count=len(item["photographs"])))
    return {
        "agency": item["agency"],
        "reference": item["reference"],
        "kind": " ".join(part for part in about if part),
        "at": clocks(item["at"], copy.zones),
        "until": clocks(item["until"], copy.zones),
        "text": "\n".join(part for part in (item["text"], *lines) if part),
        "facts": facts,
        "handling": ", ".join(item["marking"]["handling_codes"]),
    }


def _signature(item: Signed, copy: Copy, vocabulary: Vocabulary) -> dict[str, Any]:
    said = item.said
    device = " · ".join(part for part in (said["device"], said["user_agent"]) if part)
    at = clocks(item.device_at, copy.zones)
    return {
        "side": item.side["name"],
        "function": said["function"],
        "decision": vocabulary.decisions[said["decision"]],
        "at": clocks(item.signed_at, copy.zones),
        "device_at": vocabulary.say("device_at", at=at[-1]) if at else "",
        "device": device,
        "digest": said["digest"],
        "statement_title": vocabulary.say("statement", side=item.side["short"]) if item.statement else "",
        "statement": item.statement,
    }
