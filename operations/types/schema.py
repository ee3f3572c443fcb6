"""Types as JSON Schema 2020-12, and back. What the standard has no word for is written as `x-…`.

The same description is checked by the server, taken along by devices, exported, and imported again. References are
never followed: an imported schema is read, not resolved.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from operations.types import definitions
from operations.types.choices import ENGLISH, LISTED, NUMBERS, FieldKind, ObservationType
from operations.types.definitions import Choice, Field, Labels, Type, said
from portal.ui.errors import Refused

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEEPEST = 12


def document(types: Iterable[Type], *, title: str, identifier: str, version: int | None) -> dict[str, Any]:
    """One schema of all types: each a definition, an entry is one of them."""
    defined = {each.key: of_type(each) for each in types}
    return {
        "$schema": DIALECT,
        "$id": identifier,
        "title": title,
        **({"x-version": version} if version is not None else {}),
        "oneOf": [{"$ref": f"#/$defs/{key}"} for key in defined],
        "$defs": defined,
    }


def of_type(made: Type, languages: Iterable[str] = ()) -> dict[str, Any]:
    """The schema of the values of one type, titles in the first of the languages that has them."""
    languages = tuple(languages)
    found = {
        "type": "object",
        "title": said(made.labels, languages)[0],
        "x-labels": made.labels,
        "x-base": made.base.value,
        "x-quick": made.quick,
        "properties": {each.key: _property(each, languages) for each in made.fields},
        "additionalProperties": False,
    }
    required = [each.key for each in made.fields if each.required]
    return {**found, "required": required} if required else found


def _property(each: Field, languages: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "title": said(each.labels, languages)[0],
        "x-labels": each.labels,
        "x-kind": each.kind.value,
    }
    if each.hints:
        found |= {"description": said(each.hints, languages)[0], "x-hints": each.hints}
    if each.personal:
        found["x-personal"] = True
    if each.unit:
        found["x-unit"] = each.unit
    return {**found, **_SHAPES[each.kind](each, languages)}


def _of_number(each: Field, word: str) -> dict[str, Any]:
    largest = definitions.LARGEST
    low = -largest if each.minimum is None else each.minimum
    high = largest if each.maximum is None else each.maximum
    if word == "integer":
        low, high = int(low), int(high)
    return {"type": word, "minimum": low, "maximum": high}


def _options(each: Field, languages: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"const": choice.key, "title": said(choice.labels, languages)[0], "x-labels": choice.labels}
        for choice in each.choices
    ]


_SHAPES: dict[FieldKind, Callable[[Field, tuple[str, ...]], dict[str, Any]]] = {
    FieldKind.TEXT: lambda each, _: {"type": "string", "minLength": 1, "maxLength": each.longest},
    FieldKind.NUMBER: lambda each, _: _of_number(each, "number"),
    FieldKind.WHOLE: lambda each, _: _of_number(each, "integer"),
    FieldKind.YES_NO: lambda each, _: {"type": "boolean"},
    FieldKind.CHOICE: lambda each, languages: {"type": "string", "oneOf": _options(each, languages)},
    FieldKind.CHOICES: lambda each, languages: {
        "type": "array",
        "items": {"type": "string", "oneOf": _options(each, languages)},
        "uniqueItems": True,
        "minItems": 1,
    },
    FieldKind.DATE: lambda each, _: {"type": "string", "format": "date"},
    FieldKind.INSTANT: lambda each, _: {"type": "string", "format": "date-time"},
}


def read(raw: Any) -> tuple[Type, ...]:
    """The types that a schema describes. Raises Refused, at its place, for what no form could ask."""
    if not isinstance(raw, Mapping):
        raise Refused("A JSON Schema is an object.", field="schema")
    _check_depth(raw)
    try:
        Draft202012Validator.check_schema(raw)
    except SchemaError as error:
        place = "/".join(str(part) for part in error.absolute_path) or "its top"
        raise Refused(f"This is no JSON Schema 2020-12: at {place}.", field="schema") from None
    dialect = raw.get("$schema", DIALECT)
    if str(dialect).rstrip("#") != DIALECT:
        raise Refused("Only JSON Schema 2020-12 is read.", field="schema")
    defined = raw.get("$defs") or ({raw.get("x-key", "entry"): raw} if raw.get("properties") else None)
    if not defined:
        raise Refused("It defines no type: put each under $defs.", field="schema")
    plain = [_type(key, each) for key, each in defined.items()]
    try:
        return definitions.read_types(plain)
    except Refused as refused:
        raise Refused(f"{refused.message} (at {refused.field})", field="schema") from None


def _check_depth(raw: Any) -> None:
    """What nests deeper than any form is refused before anything looks at it."""
    rows, depth = [raw], 0
    while rows:
        depth += 1
        if depth > DEEPEST:
            raise Refused("It is nested too deep.", field="schema")
        rows = [
            below
            for row in rows
            for below in (row.values() if isinstance(row, Mapping) else row if isinstance(row, list) else ())
            if isinstance(below, Mapping | list)
        ]


def _type(key: str, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or raw.get("type", "object") != "object":
        raise Refused(f"{key} is no object: a type has properties.", field="schema")
    required = raw.get("required", [])
    properties = raw.get("properties", {})
    unknown = [name for name in required if name not in properties]
    if unknown:
        raise Refused(f"{key} requires {unknown[0]}, which it does not describe.", field="schema")
    base = raw.get("x-base", ObservationType.OTHER.value)
    return {
        "key": _key(key),
        "base": base if base in ObservationType.values else ObservationType.OTHER.value,
        "labels": _labels(raw, key, "x-labels", "title"),
        "quick": raw.get("x-quick") is True,
        "fields": [_field(name, each, name in required) for name, each in properties.items()],
    }


def _key(name: str) -> str:
    """Names of other systems, such as numberPlate, become keys of ours."""
    if definitions.is_key(str(name)):
        return str(name)
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(name))
    return definitions.key_for(plain, ())


def _labels(raw: Mapping[str, Any], name: str, many: str, one: str) -> Labels:
    found = raw.get(many)
    labels = dict(found) if isinstance(found, Mapping) else {}
    if not labels.get(ENGLISH):
        labels[ENGLISH] = str(raw.get(one) or re.sub(r"[_\s]+", " ", name).strip().capitalize())
    return labels


_KNOWN = {
    "type", "title", "description", "format", "minimum", "maximum", "minLength", "maxLength", "enum", "oneOf", "const",
    "items", "uniqueItems", "minItems",
}  # fmt: skip


def _field(name: str, raw: Any, required: bool) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise Refused(f"{name} is described by nothing.", field="schema")
    unknown = [word for word in raw if word not in _KNOWN and not str(word).startswith(("x-", "$comment"))]
    if unknown:
        raise Refused(f"No form can ask for {name}: {unknown[0]} is not understood.", field="schema")
    kind = _kind(name, raw)
    hints = raw.get("x-hints") if isinstance(raw.get("x-hints"), Mapping) else None
    found: dict[str, Any] = {
        "key": _key(name),
        "kind": kind.value,
        "labels": _labels(raw, name, "x-labels", "title"),
        "hints": hints or ({ENGLISH: str(raw["description"])} if raw.get("description") else {}),
        "required": required,
        "personal": raw.get("x-personal") is True,
    }
    if kind in NUMBERS:
        found |= {
            "unit": str(raw.get("x-unit") or ""),
            "minimum": _bound(raw, "minimum"),
            "maximum": _bound(raw, "maximum"),
        }
    if kind == FieldKind.TEXT:
        found["longest"] = min(int(raw.get("maxLength", definitions.SHORT_TEXT)), definitions.LONGEST_TEXT)
    if kind in LISTED:
        found["choices"] = _choices(raw["items"] if kind == FieldKind.CHOICES else raw)
    return found


def _bound(raw: Mapping[str, Any], name: str) -> Any:
    """A bound that only says how large any number may be says nothing."""
    value = raw.get(name)
    return None if value is None or abs(value) >= definitions.LARGEST else value


def _is_listed(raw: Any) -> bool:
    return isinstance(raw, Mapping) and ("enum" in raw or "oneOf" in raw)


def _kind(name: str, raw: Mapping[str, Any]) -> FieldKind:
    word, written = raw.get("type"), raw.get("format")
    if _is_listed(raw):
        return FieldKind.CHOICE
    if word == "array" and _is_listed(raw.get("items")):
        return FieldKind.CHOICES
    of_format = {"date": FieldKind.DATE, "date-time": FieldKind.INSTANT}
    if word == "string" and (written is None or written in of_format):
        return of_format.get(str(written), FieldKind.TEXT)
    of_type = {"number": FieldKind.NUMBER, "integer": FieldKind.WHOLE, "boolean": FieldKind.YES_NO}
    if isinstance(word, str) and word in of_type:
        return of_type[word]
    raise Refused(f"No form can ask for {name}: its type is not understood.", field="schema")


def _choices(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    options = raw.get("oneOf") or [{"const": value} for value in raw.get("enum", [])]
    found: list[Choice] = []
    for option in options:
        if not isinstance(option, Mapping) or not isinstance(option.get("const"), str | int):
            raise Refused("What is to be chosen from is a list of texts.", field="schema")
        name = str(option["const"])
        found.append(Choice(_key(name), _labels(option, name, "x-labels", "title")))
    return [choice.plain() for choice in found]
