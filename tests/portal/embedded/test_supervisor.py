"""What the supervisor starts it keeps running, stops in order, and never leaves behind."""

import os
import secrets
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from portal.embedded import places
from portal.embedded.refusal import Refusal
from portal.embedded.supervisor import Service, Supervisor
from tests.portal.embedded.conftest import processes_with, until

pytestmark = pytest.mark.processes


def python(script: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]


TELLS_WHEN_STOPPED = """
    import pathlib, signal, sys
    def stop(number, frame):
        with open(sys.argv[2], "a") as told:
            told.write(sys.argv[1] + "\\n")
        sys.exit()
    signal.signal(signal.SIGTERM, stop)
    pathlib.Path(sys.argv[2] + "." + sys.argv[1]).touch()
    while True:
        signal.pause()
"""


def test_services_stop_in_reverse_order(tmp_path):
    told = tmp_path / "told"
    names = ["postgres", "redis", "worker", "beat", "web"]
    said: list[str] = []
    with Supervisor() as boss:
        for name in names:
            command = python(TELLS_WHEN_STOPPED, name, told)
            service = boss.start(Service(name=name, command=command, log=tmp_path / "log", env=dict(os.environ)))
            boss.until(service, (tmp_path / f"told.{name}").exists, 10)
        boss.stop(tell=said.append)
    assert told.read_text().split() == said == list(reversed(names))


def test_service_that_died_is_started_again_later_each_time(tmp_path):
    command = python("import sys; print('no', flush=True); sys.exit(3)")
    with Supervisor() as boss:
        service = boss.start(Service(name="worker", command=command, log=tmp_path / "log", env=dict(os.environ)))
        told: list[str] = []
        assert until(lambda: bool(told.extend(boss.tend()) or len(told) == 2), 15)
    assert told == [
        "worker ended (exit code 3); starting it again in 1 s",
        "worker ended (exit code 3); starting it again in 2 s",
    ]
    assert service.wait == 4.0


def test_service_that_does_not_start_is_told_with_its_last_words(tmp_path):
    command = python("import sys; sys.exit('the data folder is odd')")
    with Supervisor() as boss:
        service = boss.start(Service(name="worker", command=command, log=tmp_path / "log", env=dict(os.environ)))
        with pytest.raises(Refusal, match=r"^worker did not start: the data folder is odd\n"):
            boss.until(service, lambda: False, 10)


def test_stubborn_service_and_its_children_are_killed(tmp_path):
    mark = secrets.token_hex(8)
    command = python(STUBBORN, tmp_path / "up", mark)
    with Supervisor() as boss:
        service = Service(name="x", command=command, log=tmp_path / "log", env=dict(os.environ), patience=0.2)
        boss.until(boss.start(service), (tmp_path / "up").exists, 10)
        assert len(processes_with(mark)) == 2
    assert processes_with(mark) == {}


# A service with a child, both deaf to polite signals: what Celery's pool is to kill -9.
STUBBORN = """
    import os, pathlib, signal, subprocess, sys, time
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    if len(sys.argv) > 2 and sys.argv[1] != "child":
        deaf = "import signal as s, time; s.signal(15, s.SIG_IGN); s.signal(2, s.SIG_IGN); time.sleep(600)"
        subprocess.Popen([sys.executable, "-c", deaf, sys.argv[2]])
        time.sleep(0.3)
        pathlib.Path(sys.argv[1]).touch()
    time.sleep(600)
"""
SUPERVISES = """
    import os, sys
    from pathlib import Path
    from portal.embedded import places
    from portal.embedded.supervisor import Service, Supervisor
    up, stubborn, mark, folder = sys.argv[1:]
    with Supervisor(lock=places.take(Path(folder), "busy")) as boss:
        boss.owns(Path(folder, "sockets")).mkdir()
        command = [sys.executable, "-c", stubborn, up, mark]
        boss.start(Service(name="x", command=command, log=Path(folder, "log"), env=dict(os.environ)))
        boss.serve()
"""


def test_kill_leaves_nothing_behind(tmp_path):
    mark, up, folder = secrets.token_hex(8), tmp_path / "up", tmp_path / "data"
    supervisor = subprocess.Popen(
        python(SUPERVISES, up, textwrap.dedent(STUBBORN), mark, folder), cwd=places.ROOT, start_new_session=True
    )
    assert until(up.exists, 15)
    assert (folder / "sockets").is_dir()
    assert len(processes_with(mark)) == 3
    os.killpg(supervisor.pid, signal.SIGKILL)
    supervisor.wait()
    begin = time.monotonic()
    # A new start waits until the watchman is through.
    lock = places.take(folder, "busy")
    assert time.monotonic() - begin < 15
    os.close(lock)
    assert processes_with(mark) == {}
    assert not (folder / "sockets").exists()
