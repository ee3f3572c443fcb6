"""What a type is: read, written as JSON Schema and read back; values of every kind, right and wrong. No database."""

import copy
import json
import math
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from operations.types import definitions, schema, values
from operations.types.choices import FieldKind, ObservationType
from operations.types.definitions import read_type, read_types
from operations.types.forms.editing import parsed
from operations.types.forms.filled import ValuesForm
from portal.ui.errors import Refused
from tests.operations.types.conftest import BIRD, VAN

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20
)
LABELS = st.fixed_dictionaries({"en": WORDS}, optional={"de": WORDS, "fr": WORDS})
BOUND = st.none() | st.integers(-1000, 1000)


@st.composite
def fields(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(FieldKind))
    found = {"key": draw(KEYS), "kind": kind.value, "labels": draw(LABELS), "hints": draw(st.just({}) | LABELS)}
    found |= {"required": draw(st.booleans()), "personal": draw(st.booleans())}
    if kind in (FieldKind.NUMBER, FieldKind.WHOLE):
        low, high = sorted([draw(st.integers(-1000, 1000)), draw(st.integers(-1000, 1000))])
        found |= {"minimum": draw(st.none() | st.just(low)), "maximum": draw(st.none() | st.just(high)), "unit": "m"}
    if kind == FieldKind.TEXT:
        found["longest"] = draw(st.integers(1, 2000))
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        keys = draw(st.lists(KEYS, min_size=1, max_size=5, unique=True))
        found["choices"] = [{"key": key, "labels": draw(LABELS)} for key in keys]
    return found


@st.composite
def plain_types(draw: Any) -> list[dict[str, Any]]:
    found = []
    for key in draw(st.lists(KEYS, min_size=1, max_size=4, unique=True)):
        rows = draw(st.lists(fields(), max_size=5, unique_by=lambda row: row["key"]))
        base = draw(st.sampled_from(ObservationType)).value
        found.append({"key": key, "base": base, "labels": draw(LABELS), "quick": draw(st.booleans()), "fields": rows})
    return found


def value_of(kind: FieldKind, field: dict[str, Any]) -> Any:
    low = field.get("minimum")
    return {
        FieldKind.TEXT: "x", FieldKind.YES_NO: False, FieldKind.DATE: "2026-02-28",
        FieldKind.INSTANT: "2026-11-26T10:00:00+01:00",
        FieldKind.NUMBER: low if low is not None else field.get("maximum") or 0,
        FieldKind.WHOLE: low if low is not None else field.get("maximum") or 0,
        FieldKind.CHOICE: field.get("choices", [{"key": ""}])[0]["key"],
        FieldKind.CHOICES: [field.get("choices", [{"key": ""}])[0]["key"]],
    }[kind]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(plain_types())
def test_what_is_exported_is_read_again_the_same(rows: list[dict[str, Any]]) -> None:
    types = read_types(rows)
    document = schema.document(types, title="T", identifier="urn:uuid:1", version=1)
    Draft202012Validator.check_schema(document)
    assert schema.read(json.loads(json.dumps(document))) == types
    assert read_types([each.plain() for each in types]) == types
    for row, made in zip(rows, types, strict=True):
        full = {field["key"]: value_of(FieldKind(field["kind"]), field) for field in row["fields"]}
        assert values.check(made, full) == full
        # What the published schema says, and what the server says, is the same.
        assert Draft202012Validator(document["$defs"][made.key]).is_valid(full)
        assert len(values.lines(made, full, ("de",))) == len(full)
        ValuesForm(made).as_p()


WRONG = [
    ("speed", 121, "from 0 to 120"), ("speed", "fast", "Give a number"), ("speed", True, "Give a number"),
    ("speed", math.nan, "cannot be stored"), ("speed", math.inf, "cannot be stored"), ("speed", 1e300, "from 0"),
    ("persons", 1.5, "whole number"), ("plate", "x" * 13, "12 characters"), ("plate", 7, "12 characters"),
    ("plate", "a\x00b", "cannot be stored"), ("plate", "\ud800", "cannot be stored"),
    ("signs", ["lights", "lights"], "each once"), ("signs", ["other"], "each once"), ("signs", "lights", "each once"),
    ("signs", [[["lights"]]], "each once"), ("nobody", 1, "no such field"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "says"), WRONG)
def test_wrong_values_are_said_at_their_field(name: str, value: Any, says: str) -> None:
    made = read_type(VAN)
    with pytest.raises(Refused) as refused:
        values.check(made, {"persons": 2, name: value})
    assert says in refused.value.message
    assert refused.value.field in (f"values.{name}", "values")


def test_all_faults_at_once_and_what_is_needed() -> None:
    made = read_type(VAN)
    with pytest.raises(Refused) as refused:
        values.check(made, {"speed": -1, "signs": []})
    assert dict(refused.value.faults) == {
        "values.speed": "Give a number from 0 to 120 km/h.",
        "values.persons": "Fill in “Persons”.",
    }
    for wrong in (None, [], "x", 5):
        with pytest.raises(Refused, match="object"):
            values.check(made, wrong)
    assert values.check(made, {"persons": 0, "plate": "", "speed": None}) == {"persons": 0}


BROKEN: list[tuple[list[Any], Any, str]] = [
    (["key"], "Van", "small letters"), (["key"], "v" * 41, "small letters"), (["key"], "__proto__", "small letters"),
    (["base"], "ship", "counts as"), (["labels"], {"de": "x"}, "English"), (["labels"], {"en": "x" * 81}, "80"),
    (["labels"], {"en": "a\x00"}, "stored"), (["labels"], {"EN!": "a"}, "codes"), (["labels"], "Van", "language"),
    (["quick"], "yes", "true or false"), (["other"], 1, "no such property"), (["fields"], {}, "list"),
    (["fields"], [VAN["fields"][0]] * 2, "twice"), (["fields"], [BIRD], "kind"),  # type: ignore[index]
    (["fields", 0, "minimum"], 500, "smallest"), (["fields", 0, "minimum"], math.nan, "number"),
    (["fields", 0, "choices"], [], "no such property"), (["fields", 2, "minimum"], 0.5, "whole"),
    (["fields", 1, "longest"], 5000, "between"), (["fields", 3, "choices"], [], "choose from"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "says"), BROKEN)
def test_a_type_that_is_none_is_refused_at_its_place(path: list[Any], value: Any, says: str) -> None:
    row: Any = copy.deepcopy(VAN)
    place = row
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(Refused) as refused:
        read_types([row])
    assert says in refused.value.message
    assert str(refused.value.field).startswith("types.0")


FOREIGN = {
    "$schema": schema.DIALECT,
    "title": "Vehicle",
    "x-key": "vehicle",
    "type": "object",
    "required": ["numberPlate"],
    "properties": {
        "numberPlate": {"type": "string", "maxLength": 9999},
        "colour": {"enum": ["red", "Dark blue"]},
        "seen": {"type": "string", "format": "date-time", "description": "By anybody"},
    },
}


def test_a_schema_of_another_system_is_read() -> None:
    (made,) = schema.read(FOREIGN)
    plate, colour, seen = made.fields
    assert (plate.key, plate.labels, plate.required, plate.longest) == (
        "number_plate",
        {"en": "Numberplate"},
        True,
        2000,
    )
    assert [choice.key for choice in colour.choices] == ["red", "dark_blue"]
    assert (seen.kind, seen.hints) == (FieldKind.INSTANT, {"en": "By anybody"})


def _deep(levels: int) -> Any:
    found: Any = {}
    for _ in range(levels):
        found = {"properties": found}
    return found


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no JSON"), (b"\xff\xfe", "no JSON"), (b"[1]", "object"), (b'{"$defs": 7}', "no JSON Schema"),
        (b'{"$schema": "http://json-schema.org/draft-07/schema#", "$defs": {"a": {}}}', "Only JSON Schema 2020-12"),
        (b'{"$defs": {}}', "no type"), (b'{"$defs": {"a": {"type": "array"}}}', "no object"),
        (b'{"$defs": {"a": {"properties": {"b": {"$ref": "https://demo.invalid/x"}}}}}', "$ref"),
        (b'{"$defs": {"a": {"properties": {"b": {"type": "string", "pattern": "(a+)+$"}}}}}', "pattern"),
        (b'{"$defs": {"a": {"properties": {"b": {"type": "object"}}}}}', "not understood"),
        (b'{"$defs": {"a": {"properties": {"b": {"type": ["string", "null"]}}}}}', "not understood"),
        (b'{"$defs": {"a": {"properties": {"b": true}}}}', "nothing"),
        (b'{"$defs": {"a": {"required": ["c"], "properties": {}}}}', "requires c"),
        (b'{"x": NaN}', "no JSON"), (b"[" * 100_000, "no JSON"), (json.dumps(_deep(40)).encode(), "too deep"),
        (b'{"$defs": {"a": {"properties": {"b": {"enum": [[1]]}}}}}', "list of texts"),
        (json.dumps({"$defs": {f"t{n}": {} for n in range(41)}}).encode(), "40 types"),
    ],
)  # fmt: skip
def test_files_that_no_form_can_ask_are_refused_with_a_reason(content: bytes, says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parsed(content)
    assert says in " ".join(refused.value.messages)


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda below: (
            st.lists(below, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["$defs", "properties", "type", "enum", "oneOf", "items", "required", "x-labels", "minimum"]
                )
                | st.text(max_size=4),
                below,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_whatever_is_sent_is_read_or_refused(raw: Any) -> None:
    for read in (schema.read, lambda it: read_types(it), lambda it: values.check(read_type(VAN), it)):
        with suppress(Refused):
            read(raw)


def test_rows_are_moved_and_keys_are_new() -> None:
    types = read_types([VAN, BIRD])
    assert [each.key for each in definitions.moved(types, "bird", "up")] == ["bird", "van"]
    assert definitions.moved(types, "van", "up") == types
    assert [each.key for each in definitions.moved(types, "van", "remove")] == ["bird"]
    with pytest.raises(Refused):
        definitions.moved(types, "cat", "up")
    assert definitions.key_for("Van!", ["van"]) == "van_2"
    assert definitions.key_for("3 boats", []) == "item_3_boats"
    assert definitions.key_for("Ö", []) == "item"
