"""`make test`, `make bench`, `make migrations`, `make manage`: what needs servers for a while."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import checks, places, servers
from portal.embedded.cluster import advised_buffers
from portal.embedded.demo import Demo
from portal.embedded.refusal import Refusal, StopRequested
from portal.embedded.steps import Step, Steps
from portal.embedded.supervisor import Supervisor

PYTHON = sys.executable
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _remove_leftovers() -> None:
    """Removes the folders of test runs that were killed."""
    for folder in places.DATA.glob("test-*"):
        if not places.is_locked(folder):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(places.outside() / folder.name, ignore_errors=True)


@contextmanager
def own_servers(steps: Steps, buffers: str | None = None) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """Fresh servers in a folder of their own, and the environment that names them; all gone afterwards."""
    places.DATA.mkdir(exist_ok=True)
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix="test-", dir=places.DATA))
    lock = places.take(folder, f"{folder} is in use.")
    with Supervisor(lock=lock) as boss:
        boss.owns(folder)
        (folder / "static").mkdir()
        addresses = servers.start(boss, steps, folder.name, folder / "log", for_tests=True, buffers=buffers)
        yield boss, checks.environment({"DATA_DIR": str(folder), "AS_OWNER": "1", **addresses.environment()})


def command(boss: Supervisor, env: dict[str, str], *words: str) -> int:
    """Runs a command on our own terminal."""
    with contextlib.suppress(StopRequested):
        return boss.run([PYTHON, *words], env=env)
    return 130


def _install_chromium(step: Step) -> None:
    """Asks the system for Chromium; only root can."""
    step.say("installing Chromium, a minute or two")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(
            ["apt-get", "--quiet", *words],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )


def find_chromium(step: Step) -> str:
    """The browser for the journeys.

    Raises:
        Refusal: there is none and we cannot install it.
    """
    chosen = os.environ.get("CHROMIUM", "")
    if chosen:
        if shutil.which(chosen) is None:
            raise Refusal(f"CHROMIUM={chosen} is no program. Set it to the path of a Chromium or Chrome.")
        return chosen
    for attempt in range(2):
        for name in BROWSERS:
            if (path := shutil.which(name)) is not None:
                return path
        if attempt == 0 and os.geteuid() == 0 and shutil.which("apt-get"):
            _install_chromium(step)
    raise Refusal(
        "The tests need Chromium. Install it (Debian: apt-get install chromium) "
        "or set CHROMIUM to the path of a Chromium or Chrome."
    )


def test(arguments: list[str]) -> int:
    """`make test`: every check, then every test; the worse of the two is the outcome."""
    steps = Steps("test", number=2)
    with own_servers(steps) as (boss, env):
        with steps.step("Chromium") as step:
            env["CHROMIUM"] = step.outcome = find_chromium(step)
        with steps.step("Checks") as step:
            print(flush=True)
            passed = checks.examine(env)
            step.outcome = "passed" if passed else "FAILED"
        with steps.step("Tests") as step:
            print(flush=True)
            code = command(boss, env, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments)
            step.outcome = "passed" if code == 0 else "FAILED"
        if not passed:
            print("The checks above failed (make check repeats them).", file=sys.stderr)
    return code if code != 0 else int(not passed)


def bench(arguments: list[str]) -> int:
    """`make bench`: measures on data of its own."""
    steps = Steps("bench", number=2)
    with own_servers(steps, advised_buffers()) as (boss, env):
        with steps.step("Migrations"):
            for words in (["migrate", "--no-input", "--verbosity", "0"], ["createcachetable"]):
                if (code := command(boss, env, "manage.py", *words)) != 0:
                    return code
        with steps.step("Measurements"):
            print(flush=True)
            which, rest = ("bench_import", arguments[1:]) if arguments[:1] == ["import"] else ("bench", arguments)
            return command(boss, env | {"AS_OWNER": ""}, "manage.py", which, *rest)


def migrations(arguments: list[str]) -> int:
    """`make migrations`: writes migrations for changed models."""
    steps = Steps("migrations", number=2)
    with own_servers(steps) as (boss, env), steps.step("Migrations"):
        print(flush=True)
        return command(boss, env, "manage.py", "makemigrations", *arguments)


def manage(port: int, arguments: list[str]) -> int:
    """`make manage`: a management command on the data of the demo that runs with this port."""
    demo = Demo(port)
    try:
        kept = json.loads((demo.folder / "environment.json").read_text())
    except (OSError, ValueError):
        raise Refusal(f"No demo runs with PORT={port}. Start it first: make demo PORT={port}") from None
    addresses = servers.Addresses(kept["DATABASE_URL"], kept["OWNER_DATABASE_URL"], kept["REDIS_URL"])
    words = [PYTHON, "manage.py", *arguments]
    return subprocess.run(words, env=demo.environment(addresses), cwd=places.ROOT, check=False).returncode
