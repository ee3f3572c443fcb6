"""Whether a sealed copy is what was sealed: every digest is worked out again, and the ledger asked."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from operations.sealing.canonical import canonical, digest_of, digest_of_text
from operations.sealing.content import Plain
from operations.sealing.models import SealedText
from portal.audit.models import Entry, Seal

# What an agency said, beside its own digest.
DIGEST = "digest"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, whether it is right, and what is told of it."""

    what: str
    ok: bool
    told: str = ""


Inside = Callable[[Plain], Iterator[Check]]


def checks_of(copy: SealedText, inside: Inside, *, kind: str, verb: str) -> list[Check]:
    """All checks of a copy as it is kept here. `verb`: by which the ledger noted its sealing."""
    found = digest_of_text(copy.text)
    first = Check("The copy is letter for letter what was sealed", found == copy.digest, found)
    return [first, *checks_of_text(copy.text, copy.FORMAT, inside), *_ledger(copy.pk, copy.digest, kind, verb)]


def is_whole(checks: list[Check]) -> bool:
    return all(check.ok for check in checks)


def checks_of_text(text: str, form: str, inside: Inside) -> list[Check]:
    """Of the text alone, such as it was downloaded: what can be said without this portal. `inside` checks its parts."""
    try:
        content = json.loads(text)
        is_canonical = canonical(content) == text
    except (ValueError, TypeError, RecursionError):
        return [Check("It can be read", False, "this is no sealed copy")]
    if not isinstance(content, dict) or content.get("format") != form:
        return [Check("It can be read", False, "this is no sealed copy")]
    try:
        return [Check("It is written in the one way that has this digest", is_canonical), *inside(content)]
    except (KeyError, TypeError, AttributeError):
        return [Check("It can be read", False, "parts of it are missing")]


def of_all(sides: list[Plain], said: list[Plain]) -> bool:
    """Whether each side said its word, and nobody else."""
    return {side["agency"] for side in sides} == {item["agency"] for item in said}


def each_said(content: Plain, said: list[Plain], noun: str, added: list[Plain], beside: str) -> Iterator[Check]:
    """Of each word: over this content, and unchanged. `beside` is where it names what its agency `added`."""
    digest = digest_of(content)
    names = {side["agency"]: side["short"] for side in content["sides"]}
    texts = {item["id"]: item["text"] for item in added}
    for item in said:
        whole = {key: value for key, value in item.items() if key != DIGEST}
        ok = digest_of(whole) == item[DIGEST] and item["content_digest"] == digest
        text = texts.get(item[beside] or "")
        if text is not None:
            ok = ok and digest_of_text(text) == item[f"{beside}_digest"]
        name = names.get(item["agency"], item["agency"])
        yield Check(f"The {noun} of {name} is over this text and unchanged", ok, item[DIGEST])


def _ledger(record: uuid.UUID, digest: str, kind: str, verb: str) -> Iterator[Check]:
    """The ledger holds the digest since the sealing, and is chained itself (`manage.py ledger`)."""
    rows = Entry.objects.about(kind, record).filter(verb=verb)
    entry = next((row for row in rows if row.data.get("digest") == digest), None)
    if entry is None:
        yield Check("The ledger holds its digest", False, "no such entry")
        return
    seal = Seal.objects.filter(entry_seq=entry.seq).first()
    place = f"entry {entry.seq}" + (f", link {seal.position} of the chain" if seal else ", not chained yet")
    yield Check("The ledger holds its digest", True, place)
