"""`make demo`: the whole portal on one machine, until Ctrl-C."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import places, servers
from portal.embedded.cluster import clean_environment
from portal.embedded.launch import die_with_parent, last_line
from portal.embedded.refusal import Refusal, StopRequested
from portal.embedded.steps import Steps
from portal.embedded.supervisor import Service, Supervisor

STARTING = 90.0  # seconds; a busy machine loads Django slowly
PYTHON = sys.executable


@dataclass(frozen=True)
class Demo:
    """One demo: everything it makes lies in the folder of its port."""

    port: int
    host: str = "127.0.0.1"

    @property
    def folder(self) -> Path:
        return places.DATA / str(self.port)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/"

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def busy(self) -> str:
        """The sentence for a second demo on the same data."""
        return (
            f"A demo from this folder already runs with PORT={self.port}: {self.address} "
            f"Stop it with Ctrl-C, or start another: make demo PORT={self.port + 1}"
        )

    def environment(self, addresses: servers.Addresses) -> dict[str, str]:
        """What the portal reads its settings from. What is set outside wins, but for what makes it this demo."""
        defaults = {
            "SECRET_KEY": secret(self.folder / "secret"),
            "SITE_URL": self.address.rstrip("/"),
            # Cookies know no ports: two demos on localhost would sign each other out.
            "SESSION_COOKIE_NAME": f"entente_session_{self.port}",
            "CSRF_COOKIE_NAME": f"entente_csrf_{self.port}",
            "DATA_DIR": str(self.folder),
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(self.folder / "mail"),
        }
        fixed = {"DEMO": "1", "AS_OWNER": "", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(places.ROOT)}
        return {**defaults, **clean_environment(), **addresses.environment(), **fixed}


def secret(path: Path) -> str:
    """A key of the demo's own, made once."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def manage(boss: Supervisor, demo: Demo, env: dict[str, str], *arguments: str, owner: bool = False) -> None:
    """Runs a management command to its end.

    Raises:
        Refusal: it failed.
    """
    log = demo.log("setup")
    code = boss.run([PYTHON, "manage.py", *arguments], env=env | ({"AS_OWNER": "1"} if owner else {}), log=log)
    if code != 0:
        raise Refusal(f"manage.py {arguments[0]} failed: {last_line(log)}\nSee {log}")


def answers(url: str) -> bool:
    """Whether a page is served; any answer but a server error counts."""
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=20).close()
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
    return True


def portal_services(demo: Demo, env: dict[str, str]) -> dict[str, Service]:
    """The three processes of the portal, in the order of their start; they stop in the reverse order."""
    celery = [PYTHON, "-m", "celery", "--app", "portal"]
    commands: dict[str, list[str]] = {
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-mingle"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile="],
        "web": [
            PYTHON, "-m", "uvicorn", "portal.asgi:application", "--host", demo.host, "--port", str(demo.port),
            "--timeout-graceful-shutdown", "5", "--no-access-log",
        ],
    }  # fmt: skip
    return {
        name: Service(name=name, command=command, log=demo.log(name), env=env) for name, command in commands.items()
    }


def _says(log: Path, start: int, word: str) -> bool:
    """Whether a log holds a word after a position."""
    with contextlib.suppress(OSError), log.open("rb") as text:
        text.seek(start)
        return word.encode() in text.read()
    return False


def _start_portal(boss: Supervisor, steps: Steps, demo: Demo, env: dict[str, str]) -> None:
    services = portal_services(demo, env)
    sizes = {name: service.log.stat().st_size if service.log.exists() else 0 for name, service in services.items()}
    # All three load Django at the same time; then each is waited for.
    for service in services.values():
        boss.start(service)
    ready = {
        "worker": lambda: _says(services["worker"].log, sizes["worker"], " ready."),
        "beat": lambda: _says(services["beat"].log, sizes["beat"], "beat: Starting"),
        "web": lambda: answers(f"http://127.0.0.1:{demo.port}/account/login/"),
    }
    for name, title in {"worker": "Worker", "beat": "Beat", "web": "Web"}.items():
        with steps.step(title) as step:
            boss.until(services[name], ready[name], STARTING)
            step.outcome = "running"


def _show_logins(env: dict[str, str]) -> None:
    """Prints who may sign in, as `manage.py demo --logins` tells."""
    found = subprocess.run(
        [PYTHON, "manage.py", "demo", "--logins"],
        env=env,
        cwd=places.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode == 0:
        print(f"\n{found.stdout.rstrip()}\n", flush=True)


def _set_up(boss: Supervisor, steps: Steps, demo: Demo) -> dict[str, str]:
    addresses = servers.start(boss, steps, str(demo.port), demo.folder / "log")
    env = demo.environment(addresses)
    for name in ("mail", "static"):
        (demo.folder / name).mkdir(exist_ok=True)
    with steps.step("Migrations"):
        manage(boss, demo, env, "migrate", "--no-input", owner=True)
        manage(boss, demo, env, "createcachetable", owner=True)
    with steps.step("Demo data"):
        manage(boss, demo, env, "demo")
    return env


def _publish(demo: Demo, env: dict[str, str]) -> None:
    """Writes how to reach this demo, for `make manage`."""
    path = demo.folder / "environment.json"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    kept = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")
    path.write_text(json.dumps({name: env[name] for name in kept}))


def run(port: int, host: str) -> int:
    """Sets up, serves, and stops in order."""
    if "MAKELEVEL" in os.environ:
        die_with_parent(15, os.getppid())  # when make is killed, we stop as if asked to
    demo = Demo(port, host)
    lock = places.take(demo.folder, demo.busy())
    places.check_port(host, port)
    steps = Steps("demo", number=2)
    begin = time.monotonic()
    with Supervisor(lock=lock) as boss:
        try:
            env = _set_up(boss, steps, demo)
            _start_portal(boss, steps, demo, env)
            _publish(demo, env)
            _show_logins(env)
            print(f"started in {time.monotonic() - begin:.1f} s; logs in {demo.folder / 'log'}", flush=True)
            print(f"ready {demo.address}  (Ctrl-C stops everything)", flush=True)
            boss.serve()
        except StopRequested:
            print("\nstopping", flush=True)
            boss.stop(tell=lambda name: print(f"  {name} stopped", flush=True))
        finally:
            (demo.folder / "environment.json").unlink(missing_ok=True)
    return 0
