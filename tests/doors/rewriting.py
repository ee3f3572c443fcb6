"""Changes a function while the tests run: its text is taken, rewritten and compiled; no file is touched."""

import __future__

import ast
import importlib
import inspect
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import CodeType, FunctionType
from typing import Any

Changes = Iterable[tuple[str, str]]
OURS = ("portal", "agencies", "agreements", "operations", "intel")


class Gone(Exception):
    """The place that a mutant changes is not there any more: find where its filter stands now."""


@contextmanager
def rewritten(edits: Iterable[tuple[str, str, str]]) -> Iterator[None]:
    """Of `module:name`, the text before becomes the text after: in functions, methods, and texts kept as constants.

    A function keeps its identity, so that whoever imported it runs the rewritten one. Raises Gone.
    """
    by_place: dict[str, list[tuple[str, str]]] = {}
    for place, before, after in edits:
        by_place.setdefault(place, []).append((before, after))
    with ExitStack() as stack:
        for place, changes in by_place.items():
            found = _at(place)
            if isinstance(found, str):
                changed = _replaced(place, found, changes)
                stack.enter_context(_constant(place.partition(":")[2], found, changed))
            else:
                stack.enter_context(_function(place, _innermost(found), changes))
        yield


def _at(place: str) -> Any:
    module, _, names = place.partition(":")
    found: Any = importlib.import_module(module)
    for name in names.split("."):
        found = inspect.getattr_static(found, name, None)
        if found is None:
            raise Gone(place)
    return found


def _innermost(found: Any) -> FunctionType:
    """Past properties and decorators."""
    while not isinstance(found, FunctionType) or hasattr(found, "__wrapped__"):
        for name in ("__wrapped__", "fget", "func", "__func__"):
            if hasattr(found, name):
                found = getattr(found, name)
                break
        else:
            raise Gone(found)
    return found


def _replaced(place: str, text: str, changes: Changes) -> str:
    for before, after in changes:
        if before not in text:
            raise Gone(f"{place} has no {before!r}")
        text = text.replace(before, after)
    return text


@contextmanager
def _function(place: str, function: FunctionType, changes: Changes) -> Iterator[None]:
    kept = function.__code__
    source = _replaced(place, inspect.getsource(function), changes)
    function.__code__ = _compiled(function, source)
    try:
        yield
    finally:
        function.__code__ = kept


def _compiled(function: FunctionType, source: str) -> CodeType:
    """The code alone: defaults, decorators and closure stay as they are."""
    # Of a method, in a block of its own: a text of many lines in it may stand further left than it does.
    node: Any = ast.parse(f"if True:\n{source}").body[0].body[0] if source[0] == " " else ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    node.decorator_list = []
    if function.__code__.co_freevars:
        free = [ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in function.__code__.co_freevars]
        shell: Any = ast.parse("def shell(): pass").body[0]
        shell.body = [*free, node]
        node = shell
    tree = ast.fix_missing_locations(ast.Module([node], []))
    flags = __future__.annotations.compiler_flag
    codes = [compile(tree, function.__code__.co_filename, "exec", flags=flags, dont_inherit=True)]
    for code in codes:
        codes += [item for item in code.co_consts if isinstance(item, CodeType)]
    return next(code for code in codes if code.co_name == function.__name__)


@contextmanager
def _constant(name: str, found: str, changed: str) -> Iterator[None]:
    """In every module of ours that holds it."""
    holders = [
        module
        for key, module in list(sys.modules.items())
        if key.partition(".")[0] in OURS and getattr(module, name, None) is found
    ]
    for module in holders:
        setattr(module, name, changed)
    try:
        yield
    finally:
        for module in holders:
            setattr(module, name, found)
