"""A sealed copy of a joint report in parts that a page or a sheet can show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from agreements.powers.words import name_of
from agreements.sharing.policy import Access
from operations.joint.models import SealedCopy, Signature
from operations.sealing.content import Plain
from operations.sealing.reading import SealedContent, instant_of, officer_of, sides_told
from operations.types.definitions import read_types
from operations.types.values import Line, lines


@dataclass(frozen=True)
class Signed:
    """One signature as the copy holds it. `officer`: of the reader's own agency alone (R18)."""

    side: Plain
    said: Plain
    statement: str
    officer: str = ""

    @property
    def signed_at(self) -> datetime | None:
        return instant_of(self.said["signed_at"])

    @property
    def device_at(self) -> datetime | None:
        return instant_of(self.said["device_at"])


@dataclass
class Copy(SealedContent):
    texts: list[tuple[str, str, Plain]] = field(default_factory=list)
    entries: list[Plain] = field(default_factory=list)
    signatures: list[Signed] = field(default_factory=list)


def read(row: SealedCopy, access: Access | None = None) -> Copy:
    whole = row.content
    if not whole:
        return Copy()
    content = whole["content"]
    sides = sides_told(content, whole["told"])
    first = content["language"]
    codes = [first, *sorted(code for code in content["texts"] if code != first)]
    return Copy(
        content=content,
        texts=[(code, name_of(code), content["texts"][code]) for code in codes],
        sides=sides,
        entries=[timed(item) for item in whole["entries"]],
        signatures=_signatures(whole, {side["agency"]: side for side in sides}, access),
    )


def timed(item: Plain) -> Plain:
    """An entry with its times as instants, and what was filled in as lines."""
    return {**item, "at": instant_of(item["at"]), "until": instant_of(item.get("until")), "lines": filled(item)}


def filled(item: Plain, languages: Iterable[str] = ()) -> list[Line]:
    """What was filled in, in words, with the labels of the first of the languages that has them."""
    return lines(read_types([item["form"]])[0], item["values"], languages) if item.get("form") else []


def _signatures(whole: Plain, sides: dict[str, Plain], access: Access | None) -> list[Signed]:
    texts = {item["id"]: item["text"] for item in whole["statements"]}
    return [
        Signed(
            sides[item["agency"]],
            item,
            texts.get(item["statement"] or "", ""),
            officer_of(item, Signature.objects.filter(pk=item["signature"]), access),
        )
        for item in whole["signatures"]
    ]
