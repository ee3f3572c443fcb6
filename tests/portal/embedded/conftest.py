"""Ordinary users, processes and ports for the tests of the set-up."""

import os
import pwd
import secrets
import shutil
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.embedded import places


def as_ordinary_user(work: Callable[[], None]) -> None:
    """Runs a function in a child that is not root; an exception there fails the test here."""
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                nobody = pwd.getpwnam("nobody")
                os.setgroups([])
                os.setgid(nobody.pw_gid)
                os.setuid(nobody.pw_uid)
            work()
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_with(word: str) -> dict[int, str]:
    """Living processes whose command line, folder or environment names `word`, ourselves left out."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            if command and word.encode() in command + (entry / "environ").read_bytes():
                found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
    return found


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether a condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def home() -> Iterator[str]:
    """The name of a data folder of our own, with a space in it; removed afterwards."""
    name = f"test {secrets.token_hex(4)}"
    yield name
    shutil.rmtree(places.DATA / name, ignore_errors=True)
    shutil.rmtree(places.outside() / name, ignore_errors=True)
