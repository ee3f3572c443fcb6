"""Whether a sealed copy is what was sealed: every digest is worked out again, and the ledger asked."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from operations.joint.canonical import canonical, digest_of, digest_of_text
from operations.joint.content import COPY
from operations.joint.models import SealedCopy
from portal.audit.models import Entry, Seal

# What a signature says, beside its own digest.
DIGEST = "digest"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, whether it is right, and what is told of it."""

    what: str
    ok: bool
    told: str = ""


def checks_of(copy: SealedCopy) -> list[Check]:
    """All checks of a copy as it is kept here."""
    found = digest_of_text(copy.text)
    first = Check("The copy is letter for letter what was sealed", found == copy.digest, found)
    return [first, *checks_of_text(copy.text), *ledger(copy.record_id, copy.digest)]


def is_whole(checks: list[Check]) -> bool:
    return all(check.ok for check in checks)


def checks_of_text(
    text: str, form: str = COPY, inside: Callable[[dict[str, Any]], Iterator[Check]] | None = None
) -> list[Check]:
    """Of the text alone, such as it was downloaded: what can be said without this portal. `inside` checks the parts of
    a copy of another `form`."""
    try:
        content = json.loads(text)
        is_canonical = canonical(content) == text
    except (ValueError, TypeError, RecursionError):
        return [Check("It can be read", False, "this is no sealed copy")]
    if not isinstance(content, dict) or content.get("format") != form:
        return [Check("It can be read", False, "this is no sealed copy")]
    try:
        return [Check("It is written in the one way that has this digest", is_canonical), *(inside or _inside)(content)]
    except (KeyError, TypeError, AttributeError):
        return [Check("It can be read", False, "parts of it are missing")]


def _inside(content: dict[str, Any]) -> Iterator[Check]:
    digest = digest_of(content["content"])
    yield Check("All signed this text", digest == content["content_digest"], digest)
    yield Check("The entries are those that were sealed", digest_of(content["entries"]) == content["entries_digest"])
    sides = {side["agency"] for side in content["content"]["sides"]}
    yield Check("Every side signed", sides == {item["agency"] for item in content["signatures"]})
    texts = {item["id"]: item["text"] for item in content["statements"]}
    names = {side["agency"]: side["short"] for side in content["content"]["sides"]}
    for item in content["signatures"]:
        yield _signature(item, digest, texts, names.get(item["agency"], item["agency"]))


def _signature(item: dict[str, Any], content: str, texts: dict[str, str], name: str) -> Check:
    said = {key: value for key, value in item.items() if key != DIGEST}
    ok = digest_of(said) == item[DIGEST] and item["content_digest"] == content
    statement = texts.get(item["statement"] or "")
    if statement is not None:
        ok = ok and digest_of_text(statement) == item["statement_digest"]
    return Check(f"The signature of {name} is over this text and unchanged", ok, item[DIGEST])


def ledger(record: uuid.UUID, digest: str, kind: str = "sealed", verb: str = "joint.seal") -> Iterator[Check]:
    """The ledger holds the digest since the sealing, and is chained itself (`manage.py ledger`)."""
    rows = Entry.objects.about(kind, record).filter(verb=verb)
    entry = next((row for row in rows if row.data.get("digest") == digest), None)
    if entry is None:
        yield Check("The ledger holds its digest", False, "no such entry")
        return
    seal = Seal.objects.filter(entry_seq=entry.seq).first()
    place = f"entry {entry.seq}" + (f", link {seal.position} of the chain" if seal else ", not chained yet")
    yield Check("The ledger holds its digest", True, place)
