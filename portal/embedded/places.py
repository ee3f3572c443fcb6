"""Where everything made at run time lies, and under which account the servers run.

Below `.data/` in the checkout, one folder per port. PostgreSQL refuses to run as root, and an unprivileged
account cannot read a checkout under a closed home: root keeps the servers' binaries and data in `outside()`.
"""

import errno
import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / ".data"
# Bytes. The virtual environment and the browser libraries; a database and its logs.
SPACE_FOR_SETUP = 2_000_000_000
SPACE_FOR_DATA = 200_000_000
# A unix socket's path holds at most 107 bytes on Linux, 103 elsewhere.
LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True)
class Account:
    """The unprivileged account that runs the servers when we are root."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """Nobody, when we are root; None when we are somebody already."""
    if os.geteuid() != 0:
        return None
    for name in ("nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise Refusal("PostgreSQL cannot run as root and there is no account nobody. Run this as an ordinary user.")


def outside() -> Path:
    """Where root keeps the servers' binaries and data: readable by the account that runs them."""
    digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"entente-{digest}"


def open_outside() -> Path:
    """Makes `outside()`; refuses a folder that somebody else prepared under that name."""
    folder = outside()
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise Refusal(f"{folder} was made by somebody else. Remove it and start again.")
    return folder


def servers_home(name: str, account: Account | None) -> Path:
    """The folder for the data of PostgreSQL: `.data/<name>`, or for root a folder of the servers' account."""
    if account is None:
        folder = DATA / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    folder = open_outside() / name
    folder.mkdir(mode=0o755, exist_ok=True)
    os.chown(folder, account.uid, account.gid)
    return folder


def socket_folder(account: Account | None) -> Path:
    """A new private folder with a short name, for the unix sockets of one run."""
    base = "/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else tempfile.gettempdir()
    folder = Path(tempfile.mkdtemp(prefix="entente-", dir=base))
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        folder.rmdir()
        raise Refusal(f"{base} is too long a path for sockets. Set TMPDIR to a shorter one.")
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def chosen_port(text: str) -> int:
    """The port asked for.

    Raises:
        Refusal: it is not a port this user may open.
    """
    port = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < port < 65536:
        raise Refusal(f"PORT={text} is no port. Choose a number from 1024 to 65535, such as PORT=8001.")
    return port


def check_port(host: str, port: int) -> None:
    """Refuses a port that is taken, before anything is set up.

    Raises:
        Refusal: somebody listens there, or this user may not.
    """
    busy = f"Port {port} is busy: another program listens there. Choose another: make demo PORT={port + 1}"
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.5)
            try:
                answered = probe.connect_ex((address, port)) == 0
            except OSError:
                continue
            if answered:
                raise Refusal(busy)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Refusal(f"Port {port} is reserved for root. Take another: make demo PORT=8000") from None
            if error.errno == errno.EADDRINUSE:
                raise Refusal(busy) from None
            raise Refusal(f"The portal cannot listen on {host}:{port}: {error.strerror}.") from None


def check_space(folder: Path, needed: int) -> None:
    """Refuses a disk with fewer than `needed` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refusal(
            f"{folder} has {free // 1_000_000} MB free and {needed // 1_000_000} MB are needed. "
            "Free some space and start again."
        )


def lock(folder: Path) -> int | None:
    """A lock on a data folder, held as long as the returned descriptor is open; None if somebody holds it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return descriptor


def holder(folder: Path) -> int | None:
    """The process that took the lock, if it still lives."""
    try:
        pid = int((folder / "lock").read_text())
        os.kill(pid, 0)
    except PermissionError:
        return pid
    except (OSError, ValueError):
        return None
    return pid


def is_locked(folder: Path) -> bool:
    """Whether a run uses this data folder now."""
    if not (folder / "lock").exists():
        return False
    descriptor = lock(folder)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def take(folder: Path, busy: str) -> int:
    """Locks a data folder.

    A run that was killed leaves its watchman behind for some seconds, who clears up and holds the lock.

    Raises:
        Refusal: with the sentence `busy`, when another run uses the folder.
    """
    deadline = time.monotonic() + 20
    while True:
        descriptor = lock(folder)
        if descriptor is not None:
            return descriptor
        if holder(folder) is not None or time.monotonic() > deadline:
            raise Refusal(busy)
        time.sleep(0.2)
