"""PostgreSQL from its wheel: one cluster, reached through a unix socket only."""

import contextlib
import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from portal.embedded.binaries import POSTGRES_MAJOR
from portal.embedded.launch import last_line, launch
from portal.embedded.places import Account
from portal.embedded.refusal import Refusal

ROLES = Path(__file__).with_name("roles.sql")
DATABASE = "entente"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    # Containers give /dev/shm little room, and two cores gain nothing from parallel plans.
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
# For tests only: a crash may lose or break the cluster.
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# For measurements: as docs/running.md advises for operation.
MOST_BUFFERS = 4096  # MB
STARTING = 60.0  # seconds, for recovery after a crash takes a while


def advised_buffers() -> str:
    """A quarter of the machine's memory, and no more than the whole database of a benchmark."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return f"{min(memory // 4, MOST_BUFFERS)}MB"


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL cluster on disk and the way to run it.

    `home` holds the folder `pg` and must belong to `account` (us when None).
    """

    home: Path
    sockets: Path
    programs: Path
    log: Path
    account: Account | None = None
    durable: bool = True
    buffers: str = SETTINGS["shared_buffers"]

    @property
    def data(self) -> Path:
        return self.home / "pg"

    def url(self, role: str) -> str:
        """What DATABASE_URL holds for a role."""
        return f"postgresql://{role}@/{self.sockets}/{DATABASE}"

    def command(self) -> list[str]:
        """Runs the server in the foreground."""
        own = {"unix_socket_directories": str(self.sockets), "shared_buffers": self.buffers}
        settings = SETTINGS | own | ({} if self.durable else HASTE)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *options]

    def prepare(self) -> None:
        """Makes the cluster unless it is there; clears up what an interrupted start left."""
        if (self.data / "PG_VERSION").exists():
            self._check_version()
            self._end_leftover()
            return
        shutil.rmtree(self.data, ignore_errors=True)
        # Under another name first: a folder called pg is complete.
        begun = self.home / "pg.new"
        shutil.rmtree(begun, ignore_errors=True)
        self._initdb(begun)
        begun.rename(self.data)

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != POSTGRES_MAJOR:
            raise Refusal(
                f"{self.data} was made by PostgreSQL {found}, this is {POSTGRES_MAJOR}. "
                "Run make clean to start with fresh data, or move it over with pg_dump (docs/running.md)."
            )

    def _initdb(self, folder: Path) -> None:
        # The built-in locale is the same on every machine and knows the letters of every language.
        command = [
            str(self.programs / "initdb"), "-D", str(folder), "--username=postgres", "--auth=trust",
            "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
            "--no-instructions",
        ]  # fmt: skip
        if not self.durable:
            command.append("--no-sync")
        process = launch(command, log=self.log, env=clean_environment(), account=self.account, cwd=self.home)
        if process.wait() != 0:
            raise Refusal(f"PostgreSQL could not make its data folder: {last_line(self.log)}\nSee {self.log}")

    def _end_leftover(self) -> None:
        """Ends a server that outlived its supervisor, and removes its mark.

        We hold the lock on the data, so a server on it is a leftover; and a mark whose process is something
        else by now would keep PostgreSQL from starting.
        """
        mark = self.data / "postmaster.pid"
        try:
            pid = int(mark.read_text().split("\n", 1)[0])
        except FileNotFoundError:
            return
        except ValueError:
            pid = 0
        deadline = time.monotonic() + 20
        while pid > 0 and self._is_ours(pid):
            if time.monotonic() > deadline:
                raise Refusal(f"An earlier PostgreSQL (process {pid}) does not stop. End it and start again.")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
            time.sleep(0.2)
        mark.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        """Whether a process is a server on this folder."""
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(self.data) in words

    def answers(self) -> bool:
        """Whether the server takes connections."""
        try:
            self.connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def connect(self, database: str) -> "psycopg2.extensions.connection":
        """A connection as the superuser, which only the account of the servers and root can open."""
        connection = psycopg2.connect(
            host=str(self.sockets), port=5432, user="postgres", dbname=database, connect_timeout=5
        )
        connection.autocommit = True
        return connection

    def furnish(self) -> None:
        """Makes the database and the two roles unless they are there."""
        self._execute("postgres", f"CREATE DATABASE {DATABASE}", unless=f"datname = '{DATABASE}'")
        self._execute(DATABASE, ROLES.read_text())

    def furnish_for_tests(self) -> None:
        """Lets the owner make test databases, furnished like the real one, and act as the web role."""
        self.furnish()
        defaults = "".join(line for line in ROLES.read_text().splitlines() if line.startswith("ALTER DEFAULT"))
        self._execute("template1", defaults)
        self._execute(
            "postgres", "ALTER ROLE entente_owner CREATEDB; GRANT entente_web, entente_unlocked TO entente_owner"
        )

    def _execute(self, database: str, statement: str, unless: str | None = None) -> None:
        connection = self.connect(database)
        try:
            with connection.cursor() as cursor:
                if unless is not None:
                    cursor.execute(f"SELECT 1 FROM pg_database WHERE {unless}")
                    if cursor.fetchone():
                        return
                cursor.execute(statement)
        finally:
            connection.close()


def clean_environment() -> dict[str, str]:
    """Our environment without what would send a PostgreSQL client or a Python elsewhere."""
    unwanted = (
        "PGHOST",
        "PGHOSTADDR",
        "PGPORT",
        "PGUSER",
        "PGPASSWORD",
        "PGDATABASE",
        "PGSERVICE",
        "PGOPTIONS",
        "PGDATA",
    )
    return {
        name: value
        for name, value in os.environ.items()
        if name not in (*unwanted, "PYTHONHOME", "PYTHONSAFEPATH", "PYTHONSTARTUP")
    }
