"""Statements that PostgreSQL plans once for a connection: for those where finding a plan takes longer than running it.

Only for statements that find a few rows by their keys, whatever the values: the plan is made without looking at these.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

from portal import second_lock

# By connection to the server, the names of what it has planned.
_planned: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
# Otherwise PostgreSQL plans anew for as long as it believes that knowing the values makes a better plan.
AS_PLANNED = "SET LOCAL plan_cache_mode = force_generic_plan; "


def rows(sql: str, types: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What the statement finds. It names its values `%(name)s`; `types` says what each is for PostgreSQL.

    Raises ValueError where it names a locked table: the second lock would not know it by the name of its plan.
    """
    if second_lock.names_locked(sql):
        raise ValueError("A statement on locked tables is not prepared (ADR 50).")
    name, prepare, execute = _texts(sql, tuple(types.items()))
    with connection.cursor() as cursor:
        planned = _planned.setdefault(connection.connection, set())
        if name not in planned:
            # Past Django's own cursor: it is no query of the caller's.
            with connection.wrap_database_errors, connection.connection.cursor() as raw:
                raw.execute(prepare)
            planned.add(name)
        cursor.execute(execute, dict(values))
        yield from cursor.fetchall()


@lru_cache(maxsize=64)
def _texts(sql: str, types: tuple[tuple[str, str], ...]) -> tuple[str, str, str]:
    """The statement's name, which another text does not have; and how it is planned and asked for."""
    names = [name for name, _ in types]
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", sql)
    name = f"entente_{sha256(sql.encode()).hexdigest()[:16]}"
    prepare = f"PREPARE {name} ({', '.join(kind for _, kind in types)}) AS {numbered}"
    execute = f"{AS_PLANNED}EXECUTE {name} ({', '.join(f'%({key})s::{kind}' for key, kind in types)})"
    return name, prepare, execute
