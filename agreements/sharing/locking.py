"""How tables are locked behind the policy, and the key that an access makes for it (ADR 0020).

Coarser than the policy on purpose, so that no rule is written twice: whether one of the live audiences was given the
row, or whether it is the acting agency's. Clearance, TLP, categories, dates and kinds are the policy's alone.
"""

import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from django.db import migrations

from portal import second_lock
from portal.second_lock import UNLOCKED_ROLE, WEB_ROLE, Key

if TYPE_CHECKING:
    from agreements.sharing.policy import Access  # The models are made with this module.

# As subqueries they are worked out once for a statement, not for each row.
AUDIENCES = "(SELECT nullif(current_setting('entente.audiences', true), '')::int4multirange)"
# Of which the setting holds one, and those that it stands for (R30): to be compared with by `=`.
AGENCY = "ANY ((SELECT nullif(current_setting('entente.agency', true), '')::uuid[])::uuid[])"


class _Audience(Protocol):
    @property
    def group(self) -> int: ...


class _Access(Protocol):
    @property
    def agencies(self) -> frozenset[uuid.UUID]: ...
    @property
    def audiences(self) -> Iterable[_Audience]: ...


def key_of(access: _Access) -> Key:
    """The key of an access: nobody's opens nothing."""
    return Key(frozenset(item.group for item in access.audiences), access.agencies)


@contextmanager
def showing(access: "Access", keys: Collection[uuid.UUID]) -> Iterator["Access"]:
    """The access so far as it tells which of these records the officer sees, and the lock meanwhile fed likewise."""
    unfolding = access.unfolding
    if unfolding is None or access.appointment is None:
        yield access
        return
    part = unfolding.showing(keys)
    with second_lock.meanwhile(key_of(part), access.appointment.pk):
        yield part


def bolt(table: str, *, seen: str, added: str, changed: str, removed: str = "false") -> tuple[str, str]:
    """SQL that locks a table, and that undoes it. Its owner passes: migrations are its own work.

    `seen`: rows that are there. `added`, `changed`: what new and changed rows must be. `removed`: those that may go.
    """
    forward = f"""
CREATE POLICY seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({added});
CREATE POLICY changed ON {table} FOR UPDATE USING ({seen}) WITH CHECK ({changed});
CREATE POLICY removed ON {table} FOR DELETE USING ({removed});
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{UNLOCKED_ROLE}') THEN
        CREATE POLICY unlocked ON {table} TO {UNLOCKED_ROLE} USING (true) WITH CHECK (true);
    ELSIF EXISTS (SELECT FROM pg_roles WHERE rolname = '{WEB_ROLE}') THEN
        RAISE EXCEPTION 'The role {UNLOCKED_ROLE} is missing. Run portal/embedded/roles.sql as a superuser first.';
    END IF;
END $$;
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
"""
    backward = f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n" + "".join(
        f"DROP POLICY IF EXISTS {name} ON {table};\n" for name in ("unlocked", "removed", "changed", "added", "seen")
    )
    return forward, backward


def hang(table: str, column: str, *, readers_write: bool = False) -> Any:
    """For a room's migration: rows of a table are there where the record is that `column` is the key of.

    Only officers of its owner write them; with `readers_write` whoever sees it. The room tells the table to
    `second_lock.guard` as well.
    """
    seen = f"(SELECT true FROM sharing_record record WHERE record.id = {table}.{column})"
    own = f"(SELECT record.owner_id FROM sharing_record record WHERE record.id = {table}.{column}) = {AGENCY}"
    written = seen if readers_write else own
    return migrations.RunSQL(*bolt(table, seen=seen, added=written, changed=written, removed=written))
