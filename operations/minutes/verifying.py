"""Whether a copy of minutes is what was sealed."""

from collections.abc import Iterator

from operations.minutes.models import MinutesCopy
from operations.sealing import verifying
from operations.sealing.canonical import digest_of
from operations.sealing.content import Plain
from operations.sealing.verifying import Check, is_whole

__all__ = ["Check", "checks_of", "is_whole"]


def checks_of(copy: MinutesCopy) -> list[Check]:
    return verifying.checks_of(copy, _inside, kind="minutes_copy", verb="minutes.seal")


def _inside(copy: Plain) -> Iterator[Check]:
    content, approvals = copy["content"], copy["approvals"]
    digest = digest_of(content)
    yield Check("All agreed to this text", digest == copy["content_digest"], digest)
    yield Check("Every agency agreed", verifying.of_all(content["sides"], approvals))
    yield from verifying.each_said(content, approvals, "agreement", copy["annotations"], "annotation")
