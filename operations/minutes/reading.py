"""A copy of minutes in parts that a page or a sheet can show."""

from dataclasses import dataclass, field
from datetime import date, datetime

from agreements.sharing.policy import Access
from operations.minutes.models import Assent, MinutesCopy
from operations.sealing.content import Plain
from operations.sealing.reading import SealedContent, instant_of, officer_of, sides_told


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
class Copy(SealedContent):
    items: list[Plain] = field(default_factory=list)
    approvals: list[Said] = field(default_factory=list)


def read(row: MinutesCopy, access: Access | None = None) -> Copy:
    whole = row.content
    if not whole:
        return Copy()
    content = whole["content"]
    sides = sides_told(content, whole["told"])
    texts = {item["id"]: item["text"] for item in whole["annotations"]}
    named = {side["agency"]: side for side in sides}
    approvals = [
        Said(
            named[item["agency"]],
            item,
            texts.get(item["annotation"] or "", ""),
            officer_of(item, Assent.objects.filter(pk=item["approval"]), access),
        )
        for item in whole["approvals"]
    ]
    return Copy(content, sides, items_of(content), approvals)


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
