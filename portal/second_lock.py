"""The second lock: which rows PostgreSQL gives this process at all, should a filter be forgotten (ADR 0020).

Row-level security compares each locked row with two settings of the transaction: the live audiences of the acting
appointment (`entente.audiences`, an int4multirange of groups) and the agencies that it acts for (`entente.agency`). Without them there
are no rows. What is true here holds for the thread, until the block ends:

    with second_lock.fed(key): ...        # the rows that the key opens; the key is asked for at the first use
    with second_lock.closed(): ...        # none
    with second_lock.opened("why"): ...   # all of them: for the portal's own work, in modules that a test lists

Outside such a block the login decides: of web and worker it opens nothing, the owner of the tables passes.

Settings end with their transaction, by PostgreSQL's own doing, so nothing is handed on with a connection. Each
connection is followed statement by statement, and told again what it must know after a transaction has begun, a
savepoint was rolled back, or a block was entered or left.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import _GeneratorContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.backends.signals import connection_created
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INERROR

# Web and worker log in as the first. As the second, which has no login, they do the portal's own work.
WEB_ROLE = "entente_web"
UNLOCKED_ROLE = "entente_unlocked"
# Characters from which on a statement is not remembered.
LONG = 8000
TELL = "SELECT set_config('entente.audiences', %s, true), set_config('entente.agency', %s, true)"
WHO = """SELECT session_user = %(web)s, session_user = %(web)s OR coalesce(
 (SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = %(web)s), false)"""

_tables: set[str] = set()


def guard(*tables: str) -> None:
    """Tell that these tables are locked: a statement that names one is given the settings first."""
    _tables.update(tables)
    _known.cache_clear()


def guarded() -> frozenset[str]:
    """The tables that are told to be locked."""
    return frozenset(_tables)


def names_locked(sql: str) -> bool:
    """Whether a statement names a locked table."""
    return _known(sql) if len(sql) < LONG else _known.__wrapped__(sql)


@lru_cache(maxsize=1024)
def _known(sql: str) -> bool:
    """The same few statements come again and again."""
    return any(table in sql for table in _tables)


@dataclass(frozen=True)
class Key:
    """What a transaction is told: the groups that are live audiences, and the agencies that are acted for."""

    groups: frozenset[int] = frozenset()
    agencies: frozenset[uuid.UUID] = frozenset()

    @property
    def audiences(self) -> str:
        """As an int4multirange; neighbours are one range."""
        return f"{{{','.join(f'[{first},{last}]' for first, last in _runs(sorted(self.groups)))}}}"


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for number in numbers:
        if first is None or last is None or number != last + 1:
            if first is not None and last is not None:
                yield first, last
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last


@dataclass
class _Hold:
    """One block. The key is asked for once; asking may read the database, in which the lock is closed meanwhile."""

    source: Callable[[], Key] | None = None
    role: str = WEB_ROLE
    reason: str = ""
    whose: Callable[[], object] | None = None
    _settings: tuple[str, str] | None = None
    _key: Key = field(default_factory=Key)

    @property
    def asked(self) -> bool:
        return self._settings is not None

    def settings(self) -> tuple[str, str]:
        if self._settings is None:
            self._settings = ("", "")
            if self.source is not None:
                try:
                    self.take(self.source())
                except BaseException:
                    self._settings = None
                    raise
        return self._settings

    def take(self, key: Key) -> None:
        self._key = key
        agencies = ",".join(sorted(map(str, key.agencies)))
        self._settings = (key.audiences, f"{{{agencies}}}" if agencies else "")

    def admit(self, group: int) -> None:
        if self.source is not None and self.role == WEB_ROLE:
            self.settings()
            self.take(replace(self._key, groups=self._key.groups | {group}))


_hold: ContextVar[_Hold | None] = ContextVar("second_lock", default=None)


@contextmanager
def _held(hold: _Hold) -> Iterator[None]:
    token = _hold.set(hold)
    try:
        yield
    finally:
        _hold.reset(token)


def fed(source: Callable[[], Key], whose: Callable[[], object] | None = None) -> _GeneratorContextManager[None]:
    """Rows that the key opens. It is asked for at the first statement that names a locked table.

    `whose` it is, told by a value that is nobody else's, for `meanwhile`.
    """
    return _held(_Hold(source, whose=whose))


@contextmanager
def meanwhile(key: Key, whose: object) -> Iterator[None]:
    """In a block that is fed and was not asked for its key yet: so much of the key as these statements need.

    Elsewhere, and in a block that is fed for somebody else, all stays as it is.
    """
    hold = _hold.get()
    waits = hold is not None and hold.role == WEB_ROLE and hold.whose is not None and not hold.asked
    if waits and hold is not None and hold.whose is not None and hold.whose() == whose:
        with fed(lambda: key, lambda: whose):
            yield
    else:
        yield


def closed() -> _GeneratorContextManager[None]:
    """No locked row at all, until a block inside says otherwise."""
    return _held(_Hold())


def opened(reason: str) -> _GeneratorContextManager[None]:
    """All rows, for work that is the portal's own and asks the policy itself. Only modules that a test lists do."""
    if not reason:
        raise ValueError("Say why the lock is opened.")
    return _held(_Hold(role=UNLOCKED_ROLE, reason=reason))


def admit(group: int) -> None:
    """Let a group made in this very transaction through: it holds nothing but what this transaction puts in."""
    if (hold := _hold.get()) is not None:
        hold.admit(group)


@dataclass(frozen=True)
class _Told:
    """What a transaction knows: the role it runs as (empty: that of the login), and the two settings."""

    role: str = ""
    audiences: str = ""
    agency: str = ""


class _Follower:
    """Goes before every statement of one connection."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        # None: a savepoint was rolled back, so who knows.
        self.told: _Told | None = _Told()
        self.raw: Any = None
        self.web_by_login = self.web_at_all = False

    def meet(self) -> None:
        """Find out whom a new connection logged in as. Where everything runs as the owner, there is no lock."""
        self.raw, self.told = self.connection.connection, _Told()
        with self.raw.cursor() as cursor:
            cursor.execute(WHO, {"web": WEB_ROLE})
            self.web_by_login, self.web_at_all = cursor.fetchone()

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        status = self.raw.get_transaction_status()
        if not self.web_at_all or status == TRANSACTION_STATUS_INERROR:
            return self._run(execute, sql, params, many, context)
        if status == TRANSACTION_STATUS_IDLE:
            self.told = _Told()
        locked = names_locked(str(sql))
        wanted = self._wanted(locked)
        if wanted == self.told:
            return self._run(execute, sql, params, many, context)
        if self.connection.in_atomic_block:
            self._tell(wanted)
            return self._run(execute, sql, params, many, context)
        if not locked:
            return execute(sql, params, many, context)
        # Outside a transaction a setting would be gone before the statement.
        with transaction.atomic(using=self.connection.alias):
            self.told = _Told()
            self._tell(wanted)
            return execute(sql, params, many, context)

    def _run(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if isinstance(sql, str) and sql.startswith("ROLLBACK TO"):
            # Outside a block a savepoint begins with nothing told, and goes back to that.
            self.told = None if _hold.get() is not None else _Told()
        return execute(sql, params, many, context)

    def _wanted(self, locked: bool) -> _Told:
        """What the transaction must know before a statement; the settings only before one on locked tables."""
        hold = _hold.get()
        if hold is None:
            return _Told()
        role = "" if hold.role == WEB_ROLE and self.web_by_login else hold.role
        if locked and hold.role == WEB_ROLE:
            return _Told(role, *hold.settings())
        return replace(self.told or _Told(), role=role)

    def _tell(self, wanted: _Told) -> None:
        """One round trip, past Django's own cursor: it is no query of the caller's."""
        told, words, params = self.told, [], []
        if told is None or told.role != wanted.role:
            words.append(f"SET LOCAL ROLE {wanted.role or 'NONE'}")
        if told is None or (told.audiences, told.agency) != (wanted.audiences, wanted.agency):
            words.append(TELL)
            params += [wanted.audiences, wanted.agency]
        with self.connection.wrap_database_errors, self.raw.cursor() as cursor:
            cursor.execute("; ".join(words), params)
        self.told = wanted


def follow() -> None:
    """From now on every connection to the database is followed."""
    connection_created.connect(_meet, dispatch_uid="portal.second_lock")


def _meet(connection: Any, **_: Any) -> None:
    follower = next((item for item in connection.execute_wrappers if isinstance(item, _Follower)), None)
    if follower is None:
        follower = _Follower(connection)
        # First, for Django's own way to add one takes the last away again.
        connection.execute_wrappers.insert(0, follower)
    follower.meet()


def in_force(connection: Any) -> bool:
    """Whether blocks on this connection are bound: not where everything runs as the owner of the tables."""
    connection.ensure_connection()
    return any(isinstance(item, _Follower) and item.web_at_all for item in connection.execute_wrappers)
