"""Clears up after a supervisor that was killed: `python watchman.py <descriptor>`. Standard library only.

Reads orders from a pipe: `+<group> <signal>` a process group to end, `-<group>` it has ended, `rm <folder>` a
folder to remove. When the other end closes without `done`, the supervisor is dead: the watchman asks every
group to stop, kills what remains, and removes the folders. It holds the lock meanwhile: a new start waits.
"""

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable

PATIENCE = 5.0  # seconds between asking and killing


def alive(group: int) -> bool:
    """Whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def clear(groups: dict[int, int], folders: Iterable[str]) -> None:
    """Ends every group and removes every folder."""
    for group, number in reversed(groups.items()):
        with contextlib.suppress(OSError):
            os.killpg(group, number)
    deadline = time.monotonic() + PATIENCE
    while any(alive(group) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.05)
    for group in groups:
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def watch(orders: Iterable[str]) -> None:
    """Follows the orders to their end."""
    groups: dict[int, int] = {}
    folders: list[str] = []
    for order in orders:
        word = order.rstrip("\n")
        if word.startswith("+"):
            group, number = word[1:].split()
            groups[int(group)] = int(number)
        elif word.startswith("-"):
            groups.pop(int(word[1:]), None)
        elif word.startswith("rm "):
            folders.append(word[3:])
        elif word == "done":
            return
    clear(groups, folders)


if __name__ == "__main__":
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    with open(int(sys.argv[1]), encoding="utf-8") as pipe:
        watch(pipe)
