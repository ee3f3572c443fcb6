"""Whether a sealed copy of a joint report is what was sealed."""

from collections.abc import Iterator

from operations.joint.models import COPY_FORMAT, SealedCopy
from operations.sealing import verifying
from operations.sealing.canonical import digest_of
from operations.sealing.content import Plain
from operations.sealing.verifying import Check


def checks_of(copy: SealedCopy) -> list[Check]:
    return verifying.checks_of(copy, _inside, kind="sealed", verb="joint.seal")


def checks_of_text(text: str) -> list[Check]:
    return verifying.checks_of_text(text, COPY_FORMAT, _inside)


def _inside(copy: Plain) -> Iterator[Check]:
    content, signatures = copy["content"], copy["signatures"]
    digest = digest_of(content)
    yield Check("All signed this text", digest == copy["content_digest"], digest)
    yield Check("The entries are those that were sealed", digest_of(copy["entries"]) == copy["entries_digest"])
    yield Check("Every side signed", verifying.of_all(content["sides"], signatures))
    yield from verifying.each_said(content, signatures, "signature", copy["statements"], "statement")
