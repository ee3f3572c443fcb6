"""A connection as the owner of the tables, and loading without their indexes and foreign keys."""

import io
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import environ
from django.db.utils import ConnectionHandler

Cursor = Any


def connect() -> Any:
    """A connection that may alter tables: OWNER_DATABASE_URL, else the portal's own."""
    name = "OWNER_DATABASE_URL" if os.environ.get("OWNER_DATABASE_URL") else "DATABASE_URL"
    options = environ.Env().db_url(name, engine="django.db.backends.postgresql")
    return ConnectionHandler({"default": options})["default"]


def copy(cursor: Cursor, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Loads rows that all have the same columns."""
    text = io.StringIO()
    for row in rows:
        text.write("\t".join(_plain(value) for value in row.values()) + "\n")
    text.seek(0)
    cursor.copy_expert(f"COPY {table} ({', '.join(rows[0])}) FROM STDIN", text)


def _plain(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return "{" + ",".join(value) + "}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    assert isinstance(value, str | int | uuid.UUID)
    return str(value)


@contextmanager
def bare(cursor: Cursor, *tables: str) -> Iterator[None]:
    """Without indexes (but primary keys), foreign keys and triggers, which come back afterwards."""
    keys = [row for table in tables for row in _foreign_keys(cursor, table)]
    for table, name, _ in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    indexes = [row for table in tables for row in _indexes(cursor, table)]
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in keys:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _foreign_keys(cursor: Cursor, table: str) -> Iterable[tuple[str, str, str]]:
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = %s::regclass",
        [table],
    )
    return list(cursor.fetchall())


def _indexes(cursor: Cursor, table: str) -> Iterable[tuple[str, str]]:
    """Those that are no constraint's own."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [table],
    )
    return list(cursor.fetchall())
