"""JSON: a list of objects, whose names are the columns; or an export of a register, whole."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from agreements.importing.choices import Format
from agreements.importing.files import MOST_COLUMNS, Table
from portal.ui.errors import Refused

# What an export calls itself.
FORMAT, VERSION = "entente-register", 1


def open_json(file: BinaryIO) -> Table:
    """Raise Refused for what is no JSON, no list, or an export of a later version."""
    try:
        content = json.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("JSON is written in UTF-8, and this is not.", field="file") from None
    except RecursionError:
        raise Refused("This JSON is nested too deeply.", field="file") from None
    except json.JSONDecodeError as error:
        raise Refused(f"This is no JSON: {error.msg} in line {error.lineno}.", field="file") from None
    if isinstance(content, dict) and content.get("format") == FORMAT:
        return _export(content)
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        content = lists[0] if len(lists) == 1 else None
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise Refused("The file is no list of objects.", field="file")
    return _list(content)


def _export(content: dict[str, Any]) -> Table:
    if content.get("version") != VERSION:
        raise Refused(f"This export is of version {content.get('version')}; version {VERSION} is read.", field="file")
    items = content.get("agreements")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Refused("The export holds no list of agreements.", field="file")
    rows = ((number, [json.dumps(item, ensure_ascii=False)]) for number, item in enumerate(items, 1))
    return Table(Format.REGISTER, ["agreement"], rows, ["An export of a register: its columns are known."])


def _list(items: list[dict[str, Any]]) -> Table:
    headers = list(dict.fromkeys(str(name) for item in items for name in item))
    if len(headers) > MOST_COLUMNS:
        raise Refused(f"The objects have more than {MOST_COLUMNS} names.", field="file")
    table = Table(Format.JSON, headers, iter(()), [])
    table.rows = _rows(table, items)
    return table


def _rows(table: Table, items: list[dict[str, Any]]) -> Iterator[tuple[int, list[str]]]:
    names, empty = list(table.headers), 0
    for number, item in enumerate(items, 1):
        cells = [worded(item.get(name)) for name in names]
        if any(cells):
            yield number, cells
        else:
            empty += 1
    if empty:
        table.notes.append(f"{empty} empty object{'s' * (empty != 1)}.")


def worded(value: Any) -> str:
    """A value as text: lists of words one after the other, anything deeper as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return "; ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False)
