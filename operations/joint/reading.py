"""A sealed copy in parts that a page or a sheet can show. What cannot be read any more is shown as it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime

from agreements.powers.words import name_of
from agreements.sharing.policy import Access
from operations.joint.canonical import digest_of
from operations.joint.content import Plain
from operations.joint.models import SealedCopy, Signature
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
class Copy:
    """The copy's content, parted. Empty where the text is no copy."""

    content: Plain = field(default_factory=dict)
    texts: list[tuple[str, str, Plain]] = field(default_factory=list)
    sides: list[Plain] = field(default_factory=list)
    entries: list[Plain] = field(default_factory=list)
    signatures: list[Signed] = field(default_factory=list)

    @property
    def starts_at(self) -> datetime | None:
        return instant_of(self.content.get("starts_at"))

    @property
    def ends_at(self) -> datetime | None:
        return instant_of(self.content.get("ends_at"))

    @property
    def zones(self) -> list[ZoneInfo]:
        """By whose clocks the sides lived, each once."""
        return [ZoneInfo(name) for name in dict.fromkeys(side["zone"] for side in self.sides)]


def instant_of(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def read(row: SealedCopy, access: Access | None = None) -> Copy:
    whole = row.content
    if not whole:
        return Copy()
    content = whole["content"]
    told = {item["agency"]: item for item in whole["told"]}
    sides = [{**side, **told.get(side["agency"], {})} for side in content["sides"]]
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
        Signed(sides[item["agency"]], item, texts.get(item["statement"] or "", ""), _officer(item, access))
        for item in whole["signatures"]
    ]


def _officer(item: Plain, access: Access | None) -> str:
    """The officer's name, to officers of the same agency, where the row still proves it."""
    if access is None or item["agency"] not in {str(key) for key in access.agencies}:
        return ""
    row: Any = Signature.objects.filter(pk=item["signature"]).select_related("by__officer").first()
    proven = row is not None and digest_of([str(row.pk), str(row.by_id)]) == item["signer"]
    return str(row.by.officer) if proven else ""
