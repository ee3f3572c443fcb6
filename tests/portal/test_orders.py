"""What is listed stands in one order: two rows alike in everything that is shown never change places between two answers."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

from agencies.directory.models import Officer

WINGS = ("portal", "agencies", "agreements", "operations", "intel")
# An agency's name is its own within its country.
AGENCY = {"agency__country", "agency__name"}
# A row's own, whatever stands before it; and what is its own among the rows of one list, where nothing else is sorted by.
KEYS = {"pk", "id", "record_id"}
ALONE = {"key", "seq", "number", "position", "upto"}


def fields_of(model: type[models.Model]) -> set[str]:
    named = {
        str(getattr(getattr(of, "expression", of), "name", of)).lstrip("-").removesuffix("_id")
        for of in model._meta.ordering
    }
    return named | ({"agency"} if named >= AGENCY else set())


def keys_of(model: type[models.Model]) -> Iterator[set[str]]:
    """Each set of fields that no two rows have in common."""
    for field in model._meta.fields:
        if field.unique:
            yield {field.name}
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and rule.fields and rule.condition is None:
            yield set(rule.fields)


def is_total(model: type[models.Model]) -> bool:
    """Whether the order of a model leaves no two rows open, at least among those of one parent."""
    named = fields_of(model)
    parents = [{field.name} for field in model._meta.fields if field.many_to_one]
    return any(key <= named | parent for key in keys_of(model) for parent in [set(), *parents])


def test_every_model_in_an_order_has_a_total_one() -> None:
    ordered = [model for model in apps.get_models() if model.__module__.split(".")[0] in WINGS and model._meta.ordering]
    assert len(ordered) > 100
    assert [model._meta.label for model in ordered if not is_total(model)] == []


def test_an_order_by_what_two_rows_share_is_found() -> None:
    assert is_total(Officer)
    meant = Officer._meta.ordering
    try:
        Officer._meta.ordering = ["full_name"]
        assert not is_total(Officer)
    finally:
        Officer._meta.ordering = meant


def open_orders(source: str) -> Iterator[int]:
    """The lines of calls that order by nothing that is a row's own."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "order_by"):
            continue
        if not node.args or any(isinstance(part, ast.Starred | ast.JoinedStr) for part in node.args):
            continue  # No order, or one that is handed on.
        parts = [part.value for at in node.args for part in ast.walk(at) if isinstance(part, ast.Constant)]
        *before, last = [word.lstrip("-") for word in parts if isinstance(word, str)] or [""]
        if last not in KEYS and not (last in ALONE and set(before) <= KEYS):
            yield node.lineno


def test_every_list_in_an_order_has_a_total_one() -> None:
    lines = [
        '"title"',
        '"title", "-pk"',
        "",
        '"-number"',
        '"title", "number"',
        'F("at").desc()',
        'F("at").desc(), "pk"',
    ]
    assert list(open_orders("\n".join(f"rows.order_by({words})" for words in lines))) == [1, 5, 6]
    found, read = [], 0
    for path in sorted(path for wing in WINGS for path in Path(settings.BASE_DIR, wing).rglob("*.py")):
        if "migrations" not in path.parts:
            read += 1
            found += [f"{path.relative_to(settings.BASE_DIR)}:{line}" for line in open_orders(path.read_text())]
    assert read > 500
    assert found == []
