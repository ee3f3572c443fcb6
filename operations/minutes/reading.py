"""A copy of minutes in parts that a page or a sheet can show. What cannot be read any more is shown as it stands."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from agreements.sharing.policy import Access
from operations.joint.canonical import digest_of
from operations.joint.content import Plain
from operations.joint.reading import instant_of
from operations.minutes.models import Assent, MinutesCopy


@dataclass(frozen=True)
class Said:
    """What one agency said, as the copy holds it. `officer`: of the reader's own agency alone (R18)."""

    side: Plain
    said: Plain
    annotation: str
    officer: str = ""

    @property
    def agreed_at(self) -> datetime | None:
        return instant_of(self.said["agreed_at"])


@dataclass
class Copy:
    """The copy's content, parted. Empty where the text is no copy."""

    content: Plain = field(default_factory=dict)
    items: list[Plain] = field(default_factory=list)
    sides: list[Plain] = field(default_factory=list)
    approvals: list[Said] = field(default_factory=list)

    @property
    def starts_at(self) -> datetime | None:
        return instant_of(self.content.get("starts_at"))

    @property
    def ends_at(self) -> datetime | None:
        return instant_of(self.content.get("ends_at"))


def read(row: MinutesCopy, access: Access | None = None) -> Copy:
    whole = row.content
    if not whole:
        return Copy()
    content = whole["content"]
    sides = sides_of(content, whole["told"])
    texts = {item["id"]: item["text"] for item in whole["annotations"]}
    named = {side["agency"]: side for side in sides}
    approvals = [
        Said(named[item["agency"]], item, texts.get(item["annotation"] or "", ""), _officer(item, access))
        for item in whole["approvals"]
    ]
    return Copy(content, items_of(content), sides, approvals)


def sides_of(content: Plain, told: list[Plain]) -> list[Plain]:
    """Each agency that attended, with its clock and languages."""
    known = {item["agency"]: item for item in told}
    return [{**side, **known.get(side["agency"], {})} for side in content["sides"]]


def items_of(content: Plain, language: str = "") -> list[Plain]:
    """Items with their decisions and actions, in a wording where there is one; `by` names each action's agency."""
    texts = content["wordings"].get(language, {})
    short = {side["agency"]: side["short"] for side in content["sides"]}
    return [
        {
            **item,
            "title": texts.get(f"{item['id']}.title", item["title"]),
            "text": texts.get(item["id"], item["text"]),
            "decisions": [_decision(point, texts, short) for point in item["decisions"]],
        }
        for item in content["items"]
    ]


def _decision(point: Plain, texts: Plain, short: dict[str, str]) -> Plain:
    return {
        **point,
        "text": texts.get(point["id"], point["text"]),
        "actions": [
            {
                **action,
                "text": texts.get(action["id"], action["text"]),
                "by": short.get(action["agency"], ""),
                "day": date.fromisoformat(action["due_on"]),
                "about": action["article"] or action["objective"],
            }
            for action in point["actions"]
        ],
    }


def _officer(item: Plain, access: Access | None) -> str:
    """The officer's name, to officers of the same agency, where the row still proves it."""
    if access is None or item["agency"] not in {str(key) for key in access.agencies}:
        return ""
    row: Any = Assent.objects.filter(pk=item["approval"]).select_related("by__officer").first()
    proven = row is not None and digest_of([str(row.pk), str(row.by_id)]) == item["signer"]
    return str(row.by.officer) if proven else ""
