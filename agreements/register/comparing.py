"""An article beside the one whose place it takes: field by field, what was struck out and what was put in."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from agreements.register.choices import Category, Direction, Purpose
from agreements.register.models import Clause


@dataclass(frozen=True)
class Piece:
    """Words that stayed, went out or came in."""

    text: str
    change: str = ""


@dataclass(frozen=True)
class Row:
    """One field of both articles; `pieces` the later text with what was struck out in between."""

    label: str
    before: str
    after: str
    pieces: list[Piece]

    @property
    def changed(self) -> bool:
        return self.before != self.after


def compared(earlier: Clause, later: Clause) -> list[Row]:
    """Every field that says what an article permits, those that differ first."""
    rows = [
        Row(label, old, new, list(_pieces(old, new)))
        for (label, old), (_, new) in zip(_fields(earlier), _fields(later), strict=True)
    ]
    return sorted(rows, key=lambda row: not row.changed)


def _fields(clause: Clause) -> list[tuple[str, str]]:
    ways = {
        "from": ", ".join(sorted(country.name for country in clause.senders.all())),
        "to": ", ".join(sorted(country.name for country in clause.receivers.all())),
    }
    direction = (
        Direction(clause.direction).label if clause.direction == Direction.MUTUAL else f"{ways['from']} to {ways['to']}"
    )
    retention = f"{clause.retention_days} days" if clause.retention_days else "not limited"
    return [
        ("Article", clause.article),
        ("Permits", clause.get_kind_display()),
        ("In words", clause.summary),
        ("Data", ", ".join(str(Category(name).label).lower() for name in sorted(clause.categories)) or "none"),
        ("Purposes", ", ".join(str(Purpose(name).label).lower() for name in sorted(clause.purposes)) or "none"),
        ("Ceiling", clause.get_ceiling_display()),
        ("Direction", str(direction)),
        ("Onward", clause.get_onward_display()),
        ("Retention", retention),
        ("First day", f"{clause.starts_on:%-d %b %Y}" if clause.starts_on else "with the agreement"),
        ("Last day", f"{clause.ends_on:%-d %b %Y}" if clause.ends_on else "no end"),
        ("Survives the end", "yes" if clause.survives else "no"),
    ]


def _pieces(old: str, new: str) -> Iterator[Piece]:
    before, after = old.split(), new.split()
    for change, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if change == "equal":
            yield Piece(" ".join(after[c:d]))
            continue
        if b > a:
            yield Piece(" ".join(before[a:b]), "out")
        if d > c:
            yield Piece(" ".join(after[c:d]), "in")
