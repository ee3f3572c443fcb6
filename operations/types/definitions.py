"""What a type and its fields are, as plain values: read from what is stored or sent, and checked as a whole."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from operations.types.choices import ENGLISH, LISTED, NUMBERS, FieldKind, ObservationType
from portal.ui.errors import Refused

MOST_TYPES, MOST_FIELDS, MOST_CHOICES, MOST_LANGUAGES = 40, 40, 60, 12
LONGEST_LABEL, LONGEST_HINT, LONGEST_UNIT, LONGEST_TEXT = 80, 200, 20, 2000
SHORT_TEXT = 200
# Numbers that JSON, JavaScript and PostgreSQL hold alike.
LARGEST = 1e12
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?\Z")

Labels = dict[str, str]


@dataclass(frozen=True)
class Choice:
    key: str
    labels: Labels

    def plain(self) -> dict[str, Any]:
        return {"key": self.key, "labels": self.labels}


@dataclass(frozen=True)
class Field:
    """One question of a type. `minimum`, `maximum` and `unit` are of numbers, `longest` of texts."""

    key: str
    kind: FieldKind
    labels: Labels
    hints: Labels = field(default_factory=dict)
    required: bool = False
    personal: bool = False
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    longest: int = SHORT_TEXT
    choices: tuple[Choice, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As it is stored: without what its kind has not."""
        found: dict[str, Any] = {"key": self.key, "kind": self.kind.value, "labels": self.labels}
        found |= {"hints": self.hints, "required": self.required, "personal": self.personal}
        if self.kind in NUMBERS:
            found |= {"unit": self.unit, "minimum": self.minimum, "maximum": self.maximum}
        if self.kind == FieldKind.TEXT:
            found["longest"] = self.longest
        if self.kind in LISTED:
            found["choices"] = [choice.plain() for choice in self.choices]
        return found

    def choice(self, key: object) -> Choice | None:
        return next((choice for choice in self.choices if choice.key == key), None)


@dataclass(frozen=True)
class Type:
    """What may be logged with which fields. It counts as one of the words that every operation has."""

    key: str
    base: ObservationType
    labels: Labels
    quick: bool = False
    fields: tuple[Field, ...] = ()

    def plain(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "base": self.base.value,
            "labels": self.labels,
            "quick": self.quick,
            "fields": [each.plain() for each in self.fields],
        }

    def field(self, key: str) -> Field | None:
        return next((each for each in self.fields if each.key == key), None)

    def with_field(self, made: Field, instead_of: str | None = None) -> "Type":
        return replace(self, fields=_put(self.fields, made, instead_of))


def put_type(types: Sequence[Type], made: Type, instead_of: str | None = None) -> tuple[Type, ...]:
    """The types with one more, or one in the place of another."""
    return _put(types, made, instead_of)


def _put(rows: Sequence[Any], made: Any, instead_of: str | None) -> tuple[Any, ...]:
    if instead_of is None:
        return (*rows, made)
    return tuple(made if row.key == instead_of else row for row in rows)


def moved(rows: Sequence[Any], key: str, step: str) -> tuple[Any, ...]:
    """The rows with one of them a place up or down, or away."""
    found = list(rows)
    at = next((n for n, row in enumerate(found) if row.key == key), None)
    if at is None:
        raise Refused("It is not there any more.", code="stale")
    if step == "remove":
        del found[at]
        return tuple(found)
    to = at + {"up": -1, "down": 1}[step]
    if 0 <= to < len(found):
        found[at], found[to] = found[to], found[at]
    return tuple(found)


def key_for(label: str, taken: Iterable[str]) -> str:
    """A key made of a label, that no other has."""
    words = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:32]
    stem = words if words and words[0].isalpha() else f"item_{words}".rstrip("_")
    known, number, key = set(taken), 1, stem
    while key in known:
        number += 1
        key = f"{stem}_{number}"
    return key


def is_key(text: str) -> bool:
    return bool(_KEY.match(text))


def said(labels: Mapping[str, str], languages: Iterable[str] = ()) -> tuple[str, str]:
    """The label in the first of the languages that has one, else in English; and its language."""
    for language in (*languages, ENGLISH, *labels):
        if labels.get(language):
            return labels[language], language
    return "", ENGLISH


def read_types(raw: Any) -> tuple[Type, ...]:
    """Types out of plain values. Raises Refused at the place of the first fault: types.0.fields.2.minimum."""
    rows = _list(raw, "types", MOST_TYPES, "types")
    found = tuple(read_type(row, f"types.{n}") for n, row in enumerate(rows))
    _once(found, "types")
    return found


def read_type(raw: Any, at: str = "") -> Type:
    values = _object(raw, at, {"key", "base", "labels", "quick", "fields"})
    rows = _list(values.get("fields", []), f"{at}.fields", MOST_FIELDS, "fields")
    fields = tuple(_field(row, f"{at}.fields.{n}") for n, row in enumerate(rows))
    _once(fields, f"{at}.fields")
    if values.get("base") not in ObservationType.values:
        raise Refused("Say what it counts as: sighting, check, note …", field=f"{at}.base")
    return Type(
        key=_key(values, at),
        base=ObservationType(values["base"]),
        labels=_labels(values.get("labels"), f"{at}.labels", LONGEST_LABEL),
        quick=_flag(values, "quick", at),
        fields=fields,
    )


_OF_KIND = {
    **{kind: {"unit", "minimum", "maximum"} for kind in NUMBERS},
    **{kind: {"choices"} for kind in LISTED},
    FieldKind.TEXT: {"longest"},
}


def _field(raw: Any, at: str) -> Field:
    kind = raw.get("kind") if isinstance(raw, Mapping) else None
    if isinstance(raw, Mapping) and kind not in FieldKind.values:
        raise Refused("Say of which kind the field is.", field=f"{at}.kind")
    of_kind = _OF_KIND.get(FieldKind(kind), set()) if kind else set()
    values = _object(raw, at, {"key", "kind", "labels", "hints", "required", "personal"} | of_kind)
    found = Field(
        key=_key(values, at),
        kind=FieldKind(values["kind"]),
        labels=_labels(values.get("labels"), f"{at}.labels", LONGEST_LABEL),
        hints=_labels(values.get("hints") or {}, f"{at}.hints", LONGEST_HINT, needs_english=False),
        required=_flag(values, "required", at),
        personal=_flag(values, "personal", at),
        unit=_text(values.get("unit", ""), f"{at}.unit", LONGEST_UNIT),
        minimum=_number(values.get("minimum"), f"{at}.minimum"),
        maximum=_number(values.get("maximum"), f"{at}.maximum"),
        longest=_longest(values.get("longest", SHORT_TEXT), f"{at}.longest"),
        choices=_choices(values, at) if "choices" in of_kind else (),
    )
    _check_bounds(found, at)
    return found


def _check_bounds(found: Field, at: str) -> None:
    bounds = [bound for bound in (found.minimum, found.maximum) if bound is not None]
    if found.kind == FieldKind.WHOLE and any(bound != int(bound) for bound in bounds):
        raise Refused("The bounds of a whole number are whole.", field=f"{at}.minimum")
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        raise Refused("The smallest is larger than the largest.", field=f"{at}.maximum")


def _choices(values: Mapping[str, Any], at: str) -> tuple[Choice, ...]:
    rows = _list(values.get("choices"), f"{at}.choices", MOST_CHOICES, "choices")
    found = []
    for n, row in enumerate(rows):
        place = f"{at}.choices.{n}"
        parts = _object(row, place, {"key", "labels"})
        found.append(Choice(_key(parts, place), _labels(parts.get("labels"), f"{place}.labels", LONGEST_LABEL)))
    if not found:
        raise Refused("Give something to choose from.", field=f"{at}.choices")
    _once(found, f"{at}.choices")
    return tuple(found)


def _object(raw: Any, at: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise Refused("An object is expected here.", field=at)
    for name in raw:
        if name not in known:
            raise Refused("There is no such property here.", field=f"{at}.{str(name)[:40]}")
    return raw


def _list(raw: Any, at: str, most: int, word: str) -> Sequence[Any]:
    if not isinstance(raw, list | tuple):
        raise Refused("A list is expected here.", field=at)
    if len(raw) > most:
        raise Refused(f"There may be {most} {word} at most.", field=at)
    return raw


def _once(rows: Iterable[Any], at: str) -> None:
    keys = [row.key for row in rows]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise Refused(f"The key {twice} stands there twice.", field=at)


def _key(values: Mapping[str, Any], at: str) -> str:
    key = values.get("key")
    if not isinstance(key, str) or not is_key(key):
        raise Refused("A key has small letters, digits and _, begins with a letter, 40 at most.", field=f"{at}.key")
    return key


def _flag(values: Mapping[str, Any], name: str, at: str) -> bool:
    value = values.get(name, False)
    if not isinstance(value, bool):
        raise Refused("Write true or false.", field=f"{at}.{name}")
    return value


def _labels(raw: Any, at: str, longest: int, *, needs_english: bool = True) -> Labels:
    if not isinstance(raw, Mapping) or len(raw) > MOST_LANGUAGES:
        raise Refused("Write a text for each language, as in {en: Plate, de: Kennzeichen}.", field=at)
    found: Labels = {}
    for language, text in raw.items():
        if not isinstance(language, str) or not _LANGUAGE.match(language):
            raise Refused("Name languages by codes such as en, de.", field=at)
        words = _text(text, f"{at}.{language}", longest)
        if words:
            found[language] = words
    if needs_english and ENGLISH not in found:
        raise Refused("A text in English is needed: every party falls back on it.", field=f"{at}.{ENGLISH}")
    return found


def _text(raw: Any, at: str, longest: int) -> str:
    if not isinstance(raw, str):
        raise Refused("A text is expected here.", field=at)
    words = " ".join(raw.split())
    if not storable(raw):
        raise Refused("It holds characters that cannot be stored.", field=at)
    if len(words) > longest:
        raise Refused(f"It may have {longest} characters at most.", field=at)
    return words


def storable(text: str) -> bool:
    """Whether a database can hold it: no null character and no half of a pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _number(raw: Any, at: str) -> float | None:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw) or abs(raw) > LARGEST:
        raise Refused("A number is expected here.", field=at)
    return raw


def _longest(raw: Any, at: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= LONGEST_TEXT:
        raise Refused(f"A text has between 1 and {LONGEST_TEXT} characters.", field=at)
    return raw
