"""Whether a copy of minutes is what was sealed: every digest is worked out again, and the ledger asked."""

from collections.abc import Iterator
from typing import Any

from operations.joint.canonical import digest_of, digest_of_text
from operations.joint.verifying import DIGEST, Check, checks_of_text, is_whole, ledger
from operations.minutes.models import MinutesCopy
from operations.minutes.models.agreeing import COPY_FORMAT

__all__ = ["Check", "checks_of", "checks_of_copy", "is_whole"]


def checks_of(copy: MinutesCopy) -> list[Check]:
    """All checks of a copy as it is kept here."""
    found = digest_of_text(copy.text)
    first = Check("The copy is letter for letter what was sealed", found == copy.digest, found)
    told = ledger(copy.record_id, copy.digest, "minutes_copy", "minutes.seal")
    return [first, *checks_of_copy(copy.text), *told]


def checks_of_copy(text: str) -> list[Check]:
    """Of the text alone: what can be said without this portal."""
    return checks_of_text(text, COPY_FORMAT, _inside)


def _inside(content: dict[str, Any]) -> Iterator[Check]:
    digest = digest_of(content["content"])
    yield Check("All agreed to this text", digest == content["content_digest"], digest)
    sides = {side["agency"] for side in content["content"]["sides"]}
    yield Check("Every agency agreed", sides == {item["agency"] for item in content["approvals"]})
    texts = {item["id"]: item["text"] for item in content["annotations"]}
    names = {side["agency"]: side["short"] for side in content["content"]["sides"]}
    for item in content["approvals"]:
        yield _approval(item, digest, texts, names.get(item["agency"], item["agency"]))


def _approval(item: dict[str, Any], content: str, texts: dict[str, str], name: str) -> Check:
    said = {key: value for key, value in item.items() if key != DIGEST}
    ok = digest_of(said) == item[DIGEST] and item["content_digest"] == content
    added = texts.get(item["annotation"] or "")
    if added is not None:
        ok = ok and digest_of_text(added) == item["annotation_digest"]
    return Check(f"The agreement of {name} is over this text and unchanged", ok, item[DIGEST])
