"""Starts one process so that it cannot outlive us: its own group, and the parent-death signal."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from portal.embedded.places import ROOT, Account

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10_000_000  # bytes
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(number: int, parent: int) -> None:
    """Asks the kernel for a signal when our parent dies (Linux; elsewhere only the watchman helps)."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(1)


def _preparation(number: int) -> Callable[[], None]:
    """What the child does after the change of user, which clears the parent-death signal."""
    parent = os.getpid()
    return lambda: die_with_parent(number, parent)


def trim(path: Path) -> None:
    """Keeps a log that has grown large as `.old.log` and goes on from an empty one.

    Whoever writes it appends, so that it can be emptied under their hands.
    """
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        shutil.copyfile(path, path.with_suffix(".old.log"))
        os.truncate(path, 0)


def open_log(path: Path) -> IO[bytes]:
    """A log to append to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    trim(path)
    return path.open("ab")


def last_line(path: Path) -> str:
    """The last line of a log that says something, at most 300 characters."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 8192))
            lines = log.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")


def launch(
    command: Sequence[str],
    *,
    log: Path | None,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    cwd: Path = ROOT,
    death: int = signal.SIGKILL,
) -> "subprocess.Popen[bytes]":
    """Starts a program in a process group of its own.

    Args:
        log: where its output goes; None for our own terminal.
        account: who it runs as, when we are root.
        death: the signal it gets when we die.
    """
    output = open_log(log) if log is not None else None
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env=env,
            cwd=cwd,
            process_group=0,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_preparation(death),
        )
    finally:
        if output is not None:
            output.close()
