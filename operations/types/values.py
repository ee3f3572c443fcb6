"""What was filled in: checked against its type by the library for JSON Schema, and said in plain words."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from operations.types import schema
from operations.types.choices import NUMBERS, FieldKind
from operations.types.definitions import Field, Type, said, storable
from portal.ui.errors import Refused

LONGEST = 40_000  # characters of all values of an entry, as JSON
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:\d{2})\Z", re.IGNORECASE)
_formats = FormatChecker(formats=())


def _refusal(faults: Mapping[str, str]) -> Refused:
    """Every fault at its field, the first one above."""
    told = tuple((f"values.{name}" if name else "values", message) for name, message in faults.items())
    return Refused(told[0][1], field=told[0][0], code="invalid", faults=told)


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(_DAY.match(value) and date.fromisoformat(value))


@_formats.checks("date-time", raises=(ValueError, OverflowError))
def _is_instant(value: object) -> bool:
    """With its offset: the server knows no device's zone. Between years that every database can hold."""
    if not isinstance(value, str):
        return True
    return bool(_OFFSET.search(value)) and 1900 <= datetime.fromisoformat(value).year <= 2200


def check(made: Type, values: Any) -> dict[str, Any]:
    """The values without what was left empty. Raises Refused with every fault at its field."""
    if not isinstance(values, Mapping):
        raise _refusal({"": "Values are an object."})
    found = {name: value for name, value in values.items() if value not in (None, "", [])}
    faults = dict(_unstorable(found))
    validator = Draft202012Validator(schema.of_type(made), format_checker=_formats)
    if not faults:
        for error in validator.iter_errors(found):
            name = _place(error)
            faults.setdefault(name, _words(made.field(name), error))
    if faults:
        raise _refusal(faults)
    return {each.key: found[each.key] for each in made.fields if each.key in found}


def _unstorable(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What no JSON of a database holds: it is looked for before the library looks at anything."""
    try:
        text = json.dumps(values, ensure_ascii=False, allow_nan=False)
    except (ValueError, TypeError, RecursionError):
        yield "", "They hold a number or a nesting that cannot be stored."
        return
    if len(text) > LONGEST:
        yield "", "They are too long."
    for name, value in values.items():
        words = value if isinstance(value, list) else [value]
        if not storable(str(name)) or any(isinstance(word, str) and not storable(word) for word in words):
            yield str(name) if storable(str(name)) else "", "It holds characters that cannot be stored."


def _place(error: ValidationError) -> str:
    """The field at fault: of what is missing or too much, the one that is named."""
    if error.absolute_path:
        return str(error.absolute_path[0])
    if error.validator == "required":
        return next((name for name in error.validator_value if name not in error.instance), "")
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        return next((str(name)[:40] for name in error.instance if name not in known), "")
    return ""


def _words(each: Field | None, error: ValidationError) -> str:
    if error.validator == "required":
        return f"Fill in “{said(each.labels)[0]}”." if each else "A field that is needed is missing."
    if each is None:
        return "This type has no such field."
    return _FAULTS[each.kind](each)


def _bounds(each: Field) -> str:
    words = "a whole number" if each.kind == FieldKind.WHOLE else "a number"
    unit = f" {each.unit}" if each.unit else ""
    if each.minimum is not None and each.maximum is not None:
        return f"Give {words} from {each.minimum:g} to {each.maximum:g}{unit}."
    if each.minimum is not None:
        return f"Give {words}, {each.minimum:g}{unit} or more."
    if each.maximum is not None:
        return f"Give {words}, {each.maximum:g}{unit} or less."
    return f"Give {words}."


_FAULTS = {
    FieldKind.TEXT: lambda each: f"Write a text of {each.longest} characters at most.",
    **dict.fromkeys(NUMBERS, _bounds),
    FieldKind.YES_NO: lambda each: "Say yes or no.",
    FieldKind.CHOICE: lambda each: "Choose one of the list.",
    FieldKind.CHOICES: lambda each: "Choose from the list, each once.",
    FieldKind.DATE: lambda each: "Give a day, as in 2026-11-26.",
    FieldKind.INSTANT: lambda each: "Give day, time and offset, as in 2026-11-26T10:00+01:00.",
}


def personal(made: Type, values: Mapping[str, Any]) -> bool:
    """Whether a field is filled in that holds personal data."""
    return any(each.personal and each.key in values for each in made.fields)


@dataclass(frozen=True)
class Line:
    """One value as it is read: its label, in which language, and its words."""

    key: str
    label: str
    language: str
    words: str
    words_language: str = ""
    personal: bool = False


def lines(made: Type, values: Mapping[str, Any], languages: Iterable[str] = ()) -> list[Line]:
    """The values in the order of their fields, labels in the first of the languages that has one."""
    languages = tuple(languages)
    found = []
    for each in made.fields:
        if each.key in values:
            label, language = said(each.labels, languages)
            words, of_words = _read(each, values[each.key], languages)
            found.append(Line(each.key, label, language, words, of_words, each.personal))
    return found


def _read(each: Field, value: Any, languages: tuple[str, ...]) -> tuple[str, str]:
    if each.kind == FieldKind.YES_NO:
        return ("yes" if value else "no"), ""
    if each.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        parts = [_chosen(each, key, languages) for key in (value if isinstance(value, list) else [value])]
        return ", ".join(words for words, _ in parts), parts[0][1] if parts else ""
    if each.kind in NUMBERS and isinstance(value, int | float) and math.isfinite(value):
        return f"{value:.12g} {each.unit}".rstrip(), ""
    if each.kind == FieldKind.DATE:
        return f"{date.fromisoformat(value):%d %b %Y}", ""
    if each.kind == FieldKind.INSTANT:
        return f"{timezone.localtime(datetime.fromisoformat(value)):%d %b %Y %H:%M}", ""
    return str(value), ""


def _chosen(each: Field, key: Any, languages: tuple[str, ...]) -> tuple[str, str]:
    choice = each.choice(key)
    return said(choice.labels, languages) if choice else (str(key), "")
