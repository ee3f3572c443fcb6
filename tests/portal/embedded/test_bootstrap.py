"""The set-up refuses in one sentence, before it makes anything."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portal.embedded import bootstrap, clean, places
from portal.embedded.refusal import Refusal, guarded, sentence
from tests.portal.embedded.conftest import as_ordinary_user, free_port


def start(command: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "portal.embedded.bootstrap", command],
        cwd=places.ROOT,
        env=os.environ | env,
        capture_output=True,
        text=True,
        timeout=20,
    )


def refused(outcome: "subprocess.CompletedProcess[str]") -> str:
    """The one sentence of a refusal."""
    assert outcome.returncode == 1, outcome
    assert "Traceback" not in outcome.stderr + outcome.stdout
    assert outcome.stdout == "", "nothing was set up before the refusal"
    return outcome.stderr.strip()


def test_needs_only_the_standard_library():
    script = f"import sys; sys.path.insert(0, {str(places.ROOT)!r}); import portal.embedded.bootstrap"
    subprocess.run([sys.executable, "-I", "-S", "-c", script], check=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "0.0.0.0"])
def test_busy_port_is_refused_first(address):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as taken:
        try:
            taken.bind((address, 0))
        except OSError:
            pytest.skip(f"this machine has no {address}")
        taken.listen()
        port = taken.getsockname()[1]
        told = refused(start("demo", PORT=str(port), HOST=""))
    assert told == f"Port {port} is busy: another program listens there. Choose another: make demo PORT={port + 1}"


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "80 80", "²"])
def test_wrong_port_is_refused(port):
    assert refused(start("demo", PORT=port)).startswith(f"PORT={port} is no port.")


def test_second_demo_on_the_same_data_is_refused():
    port = free_port()
    folder = places.DATA / str(port)
    lock = places.take(folder, "busy")
    try:
        told = refused(start("demo", PORT=str(port)))
    finally:
        os.close(lock)
        shutil.rmtree(folder)
    assert told.startswith(f"A demo from this folder already runs with PORT={port}: http://localhost:{port}/")


def test_unknown_command_is_refused():
    assert refused(start("dance")).startswith("No such command: dance.")


def test_clean_is_refused_while_a_demo_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "ROOT", tmp_path)
    monkeypatch.setattr(places, "DATA", tmp_path / ".data")
    lock = places.take(places.DATA / "8000", "busy")
    (tmp_path / "node_modules").mkdir()
    with pytest.raises(Refusal, match=r"The demo with PORT=8000 is running"):
        clean.clean()
    assert (tmp_path / "node_modules").exists()
    os.close(lock)
    assert clean.clean() == 0
    assert list(tmp_path.iterdir()) == []


def test_folder_of_somebody_else_is_refused(monkeypatch):
    closed = Path("/tmp") / f"entente-closed-{os.getpid()}"
    closed.mkdir(mode=0o555)
    monkeypatch.setattr(places, "ROOT", closed)

    def try_it() -> None:
        with pytest.raises(Refusal, match=r"cannot be written by this user. Clone Entente to a folder"):
            bootstrap.check_start("test")

    try:
        as_ordinary_user(try_it)
    finally:
        closed.rmdir()


def test_full_disk_is_refused(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    with pytest.raises(Refusal, match=r"has 1 MB free and 200 MB are needed"):
        bootstrap.check_start("test")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device", "/x/pg"), "The disk is full: there is no space left for /x/pg."),
        (PermissionError(13, "Permission denied", "/x"), "/x may not be read or written by this user."),
        (OSError(30, "Read-only file system", "/x"), "/x is on a disk that is mounted read-only."),
        (OSError(5, "Input/output error", "/x"), "/x: Input/output error."),
    ],
)
def test_errors_of_the_system_are_told_in_a_sentence(error, told, capsys):
    def fail() -> int:
        raise error

    assert guarded(fail) == 1
    assert sentence(error).startswith(told)
    assert "Traceback" not in capsys.readouterr().err


def test_home_that_cannot_be_written_is_replaced(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "DATA", tmp_path)
    monkeypatch.setenv("HOME", "/nonexistent")
    assert bootstrap.tool_environment()["HOME"] == str(tmp_path / "home")


def test_makefile_knows_every_command():
    targets = re.search(r"^\.PHONY: (.*)$", (places.ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets is not None
    assert set(targets[1].split()) == {"help", "clean", *bootstrap.TOTALS}


def test_makefile_tells_which_python_is_missing(tmp_path):
    for tool in ("make", "sh"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    outcome = subprocess.run(
        ["make", "demo"], cwd=places.ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert outcome.returncode != 0
    assert outcome.stderr.startswith("Entente needs Python 3.11 or newer, and found none.")
