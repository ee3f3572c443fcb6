"""`make demo` as a person meets it: in a folder with a space, started, killed, started again, stopped."""

import http.cookiejar
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.embedded import places
from tests.portal.embedded.conftest import free_port, processes_with, until

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("demo")]
PARTS = ("agencies", "agreements", "intel", "operations", "portal", "static", "templates", "manage.py")
STARTING = 300.0  # seconds; the suite shares two cores


@dataclass
class Copy:
    """A copy of the checkout with a demo of its own."""

    root: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/"

    @property
    def env(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
        return kept | {"PORT": str(self.port)}

    def command(self, name: str, module: str = "portal.embedded", **env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", module, name], cwd=self.root, env=self.env | env, capture_output=True, text=True
        )

    def start(self) -> "Running":
        output = self.root / "output"
        with output.open("w") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "portal.embedded", "demo"],
                cwd=self.root,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        return Running(self, process, output)


@dataclass
class Running:
    """A demo that was started."""

    copy: Copy
    process: "subprocess.Popen[bytes]"
    output: Path

    def lines(self) -> list[str]:
        return self.output.read_text().splitlines()

    def ready(self) -> bool:
        return any(line.startswith("ready") for line in self.lines()) or self.process.poll() is not None

    def page(self) -> str:
        """The sign-in page, with the cookies it sets."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))
        with opener.open(f"{self.copy.address}account/login/", timeout=20) as answer:
            assert answer.status == 200
        return " ".join(cookie.name for cookie in jar)


@pytest.fixture
def copy() -> Iterator[Copy]:
    root = Path(f"/tmp/entente copy {os.getpid()}")
    root.mkdir()
    for part in PARTS:
        source = places.ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, root / part)
    if (places.ROOT / "node_modules").is_dir():
        (root / "node_modules").symlink_to(places.ROOT / "node_modules")
    copy = Copy(root, free_port())
    yield copy
    until(lambda: copy.command("clean", "portal.embedded.bootstrap").returncode == 0, 20)
    shutil.rmtree(root)


def test_start_kill_start_stop(copy):
    first = copy.start()
    try:
        assert until(first.ready, STARTING)
        lines = first.lines()
        assert lines[-1] == f"ready {copy.address}  (Ctrl-C stops everything)", "\n".join(lines)
        assert [line.split("]")[0] for line in lines if line.startswith("[")] == [f"[{n}/9" for n in range(3, 10)]
        assert f"entente_csrf_{copy.port}" in first.page()
        check_second(copy)
        check_manage(copy)
        check_worker_comes_back(copy, first)
        check_kill(copy, first)
        second = copy.start()
        begin = time.monotonic()
        assert until(second.ready, STARTING)
        assert second.lines()[-1].startswith("ready"), "\n".join(second.lines())
        assert time.monotonic() - begin < 20 or os.environ.get("PYTEST_XDIST_WORKER"), "the second start is quick"
        second.page()
        check_stop(copy, second)
    finally:
        for running in (first, locals().get("second", first)):
            if running.process.poll() is None:
                running.process.terminate()
                running.process.wait(timeout=60)


def check_second(copy: Copy) -> None:
    """A second demo on the same data is refused, and nothing may be removed under the first."""
    outcome = copy.command("demo")
    assert outcome.returncode == 1
    assert outcome.stderr.strip().startswith(f"A demo from this folder already runs with PORT={copy.port}")
    outcome = copy.command("clean", "portal.embedded.bootstrap")
    assert outcome.returncode == 1
    assert outcome.stderr.strip().startswith(f"The demo with PORT={copy.port} is running from this folder.")


def check_manage(copy: Copy) -> None:
    outcome = copy.command("manage", ARGS="diffsettings --output unified")
    assert outcome.returncode == 0, outcome.stderr
    assert f"+ SESSION_COOKIE_NAME = 'entente_session_{copy.port}'" in outcome.stdout
    assert "entente_owner" not in outcome.stdout, "the portal logs in as the web role"


def check_worker_comes_back(copy: Copy, running: Running) -> None:
    mine = processes_with(str(copy.root))
    workers = [pid for pid, command in mine.items() if " worker " in command]
    assert len(workers) == 3, "one worker with two hands"
    os.kill(min(workers), signal.SIGKILL)
    assert until(lambda: running.lines()[-1].startswith("worker ended (exit code -9); starting it again"), 10)
    assert until(lambda: not set(workers) & set(processes_with(str(copy.root))), 10), "its hands died with it"
    running.page()


def check_kill(copy: Copy, running: Running) -> None:
    published = json.loads((copy.root / f".data/{copy.port}/environment.json").read_text())
    folder = Path(published["REDIS_URL"].removeprefix("redis+socket://")).parent
    assert folder.is_dir()
    # By folder and by socket: the servers of root's demo lie outside the copy.
    words = (str(copy.root), str(folder))
    assert any("postgres" in command for command in processes_with(words[1]).values())
    os.kill(running.process.pid, signal.SIGKILL)
    running.process.wait()
    assert until(lambda: not any(processes_with(word) for word in words), 15), processes_with(words[0])
    assert until(lambda: not folder.exists(), 2)


def check_stop(copy: Copy, running: Running) -> None:
    os.kill(running.process.pid, signal.SIGINT)
    assert running.process.wait(timeout=60) == 0
    assert [line.strip() for line in running.lines()[-5:]] == [
        f"{name} stopped" for name in ("web", "beat", "worker", "Redis", "PostgreSQL")
    ]
    assert processes_with(str(copy.root)) == {}
