"""docker-compose.yml without an engine: it parses, holds no secret, and every command of our image runs."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import yaml

from portal.embedded import binaries, places, servers
from portal.embedded.cluster import clean_environment
from portal.embedded.launch import last_line
from portal.embedded.steps import Steps
from portal.embedded.supervisor import Service, Supervisor
from tests.portal.embedded.conftest import free_port, until

COMPOSE = places.ROOT / "docker-compose.yml"
OURS = ("migrate", "web", "worker", "beat")
SECRETS = {name: f"{name.lower()}value" for name in ("SECRET_KEY", "POSTGRES_PASSWORD")} | {
    "OWNER_DATABASE_PASSWORD": "owner'\"secret",
    "WEB_DATABASE_PASSWORD": "websecret",
}


def interpolated(text: str, values: dict[str, str]) -> str:
    """What Compose makes of ${NAME:?message}, ${NAME:-default} and $$."""

    def value(match: re.Match[str]) -> str:
        if match["name"] is None:
            return "$"
        if match["kind"] == ":?":
            return values[match["name"]]
        return values.get(match["name"], match["word"] or "")

    return re.sub(r"\$(?:\$|\{(?P<name>\w+)(?:(?P<kind>:[?-])(?P<word>[^}]*))?\})", value, text)


def parsed(values: dict[str, str]) -> dict[str, Any]:
    return yaml.safe_load(interpolated(COMPOSE.read_text(), values))["services"]


def test_services_and_health_checks():
    services = parsed(SECRETS)
    assert set(services) == {"proxy", "postgres", "redis", *OURS}
    for name, service in services.items():
        assert ("healthcheck" in service) is (name != "migrate"), f"{name}: migrate ends, all others are asked"
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
        assert ("ports" in service) is (name == "proxy"), f"{name}: only the proxy is reached from outside"
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert services[name]["cap_drop"] == ["ALL"]


def test_no_secret_is_written_down():
    text = COMPOSE.read_text()
    for name in SECRETS:
        assert f"${{{name}:?" in text, f"{name} must come from outside, and its absence be told"
    for service in yaml.safe_load(text)["services"].values():
        for name, value in (service.get("environment") or {}).items():
            if re.search(r"SECRET|PASSWORD|TOKEN|KEY", name):
                assert re.fullmatch(rf"\$\{{{name}:\?[^}}]+\}}", value), name
            assert not re.search(r"://[^:/$]+:[^$@]+@", str(value)), f"{name} holds a password"
    example = (places.ROOT / "docker" / "env.example").read_text()
    assert all(re.search(rf"^{name}=$", example, re.MULTILINE) for name in SECRETS)


def test_only_migrate_knows_the_owner():
    services = parsed(SECRETS)
    for name in ("web", "worker", "beat", "proxy", "redis"):
        assert SECRETS["OWNER_DATABASE_PASSWORD"] not in str(services[name])
        assert "AS_OWNER" not in services[name].get("environment", {})
    assert services["migrate"]["environment"]["AS_OWNER"] == "1"


def test_files_it_mounts_exist():
    for service in parsed(SECRETS).values():
        for volume in service.get("volumes", []):
            if volume.startswith("./"):
                assert (places.ROOT / volume.split(":")[0]).is_file(), volume
    assert os.access(places.ROOT / "docker" / "passwords.sh", os.X_OK)


def test_dockerfile_copies_what_exists_and_is_not_ignored():
    allowed = {line[1:] for line in (places.ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in (places.ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert source == "." or (places.ROOT / source).exists(), source
                assert source == "." or source in allowed, source
    assert all((places.ROOT / name).exists() for name in allowed)


def test_image_has_every_package_the_portal_imports():
    """The image's lock leaves out tools and tests; the portal may import nothing that is only in those."""
    lock = (places.ROOT / "docker" / "requirements.lock").read_text()
    pinned = {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    homes = metadata.packages_distributions()
    for wing in ("agencies", "agreements", "intel", "operations", "portal"):
        for path in (places.ROOT / wing).rglob("*.py"):
            if "embedded" in path.parts:
                continue
            for name in imported(path) - set(sys.stdlib_module_names):
                candidates = {home.lower().replace("_", "-") for home in homes.get(name, [])}
                assert not candidates or candidates & pinned, f"{path} imports {name}, which the image lacks"


def imported(path: Path) -> set[str]:
    """The top-level modules a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.fixture
def engines(monkeypatch, tmp_path) -> Iterator[tuple[Supervisor, servers.Addresses, Path]]:
    """A PostgreSQL and a Redis of our own, furnished by the files the containers mount."""
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    name = f"test-compose-{os.getpid()}"
    with Supervisor() as boss:
        addresses = servers.start(boss, Steps("demo", number=2), name, tmp_path, for_tests=True)
        yield boss, addresses, Path(addresses.redis.removeprefix("redis+socket://")).parent
    shutil.rmtree(places.DATA / name, ignore_errors=True)


def run_environment(service: dict[str, Any], addresses: servers.Addresses, data: Path) -> dict[str, str]:
    """The service's own environment, with our servers in the place of its neighbours."""
    path = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(data)}
    there = {**addresses.environment(), "DATA_DIR": str(data), "PYTHONPATH": str(places.ROOT)}
    if "OWNER_DATABASE_URL" not in service["environment"]:
        del there["OWNER_DATABASE_URL"]
    return {**path, **service["environment"], **there}


def health_command(service: dict[str, Any]) -> list[str]:
    kind, *words = service["healthcheck"]["test"]
    return ["sh", "-c", *words] if kind == "CMD-SHELL" else words


def healthy(service: dict[str, Any], env: dict[str, str], port: int) -> bool:
    command = [word.replace("8000", str(port)) for word in health_command(service)]
    return subprocess.run(command, env=env, cwd=places.ROOT, capture_output=True).returncode == 0


@pytest.mark.processes
def test_commands_of_our_image_run(engines, tmp_path):
    boss, addresses, _ = engines
    services = parsed(SECRETS)
    port = free_port()
    data = tmp_path / "data"
    data.mkdir()
    env = run_environment(services["migrate"], addresses, data)
    log = tmp_path / "migrate.log"
    assert boss.run(services["migrate"]["command"], env=env, log=log) == 0, last_line(log)
    for name in ("web", "worker", "beat"):
        service = services[name]
        env = run_environment(service, addresses, data)
        assert not healthy(service, env, port), f"{name} is not there yet, and its check must say so"
        command = [word.replace("8000", str(port)) for word in service["command"]]
        started = boss.start(Service(name=name, command=command, log=tmp_path / f"{name}.log", env=env))
        assert until(lambda env=env, service=service: healthy(service, env, port), 60), last_line(started.log)
        assert started.process is not None
        assert started.process.poll() is None


@pytest.mark.processes
def test_passwords_are_set_as_the_container_does(engines):
    _, _, sockets = engines
    programs = binaries.find(places.server_account()).postgres
    env = clean_environment() | {"POSTGRES_USER": "postgres", "POSTGRES_DB": "entente", "PGHOST": str(sockets)}
    env["PATH"] = f"{programs}{os.pathsep}{env['PATH']}"
    subprocess.run([places.ROOT / "docker" / "passwords.sh"], env=env | SECRETS, check=True, capture_output=True)
    connection = psycopg2.connect(host=str(sockets), user="postgres", dbname="entente")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$%' ORDER BY 1")
        assert cursor.fetchall() == [("entente_owner",), ("entente_web",)]
    connection.close()
    ready = [
        word.replace("pg_isready", f"pg_isready --host {sockets}")
        for word in health_command(parsed(SECRETS)["postgres"])
    ]
    assert subprocess.run(ready, env=env, capture_output=True).returncode == 0


@pytest.mark.processes
def test_redis_runs_with_these_arguments(tmp_path):
    program = binaries.find(places.server_account()).redis
    words = parsed(SECRETS)["redis"]["command"]
    socket = tmp_path / "redis.sock"
    command = [str(program), *words[1:], "--port", "0", "--unixsocket", str(socket)]
    with Supervisor() as boss:
        service = Service(name="Redis", command=command, log=tmp_path / "log", env=clean_environment(), cwd=tmp_path)
        boss.until(boss.start(service), socket.exists, 10)


def test_health_checks_and_commands_ask_for_programs_of_the_image():
    """Commands that no test above runs, because they belong to somebody else's image."""
    services = parsed(SECRETS)
    assert services["redis"]["healthcheck"]["test"] == ["CMD", "redis-cli", "ping"]
    assert services["proxy"]["healthcheck"]["test"][1] == "wget"
    assert {name for name, service in services.items() if "command" in service} == {*OURS, "redis"}
