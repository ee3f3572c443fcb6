"""PostgreSQL and Redis for one run, unless the environment names others (DATABASE_URL, REDIS_URL)."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import binaries
from portal.embedded.broker import Broker
from portal.embedded.cluster import SETTINGS, STARTING, Cluster, clean_environment
from portal.embedded.places import server_account, servers_home, socket_folder
from portal.embedded.steps import Steps
from portal.embedded.supervisor import Service, Supervisor


@dataclass(frozen=True)
class Addresses:
    """Where the servers of a run are, as environment variables."""

    database: str
    owner: str
    redis: str

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database, "OWNER_DATABASE_URL": self.owner, "REDIS_URL": self.redis}


def start(
    boss: Supervisor, steps: Steps, name: str, logs: Path, *, for_tests: bool = False, buffers: str | None = None
) -> Addresses:
    """Starts both servers and waits until they answer.

    Args:
        name: of the folder that holds the data: a port, or that of one test run.
        for_tests: fast instead of durable, and the owner may make databases.
        buffers: PostgreSQL's shared buffers, where they are to be others than those of a demo.
    """
    sockets: Path | None = None
    database, redis = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    owner = os.environ.get("OWNER_DATABASE_URL", "") or database
    if not (database and redis):
        sockets = boss.owns(socket_folder(server_account()))
    with steps.step("PostgreSQL") as step:
        if database:
            step.outcome = "the one in DATABASE_URL"
        else:
            assert sockets is not None
            cluster = _start_postgres(boss, sockets, name, logs, for_tests=for_tests, buffers=buffers)
            database, owner = cluster.url("entente_web"), cluster.url("entente_owner")
            step.outcome = "running"
    with steps.step("Redis") as step:
        if redis:
            step.outcome = "the one in REDIS_URL"
        else:
            assert sockets is not None
            redis = _start_redis(boss, sockets, logs).url
            step.outcome = "running"
    return Addresses(database=database, owner=owner, redis=redis)


def _start_postgres(
    boss: Supervisor, sockets: Path, name: str, logs: Path, *, for_tests: bool, buffers: str | None
) -> Cluster:
    account = server_account()
    home = servers_home(name, account)
    if for_tests:
        boss.owns(home)
    cluster = Cluster(
        home=home,
        sockets=sockets,
        programs=binaries.find(account).postgres,
        log=logs / "postgres.log",
        account=account,
        durable=not for_tests,
        buffers=buffers or SETTINGS["shared_buffers"],
    )
    service = Service(
        name="PostgreSQL",
        command=cluster.command(),
        log=cluster.log,
        env=clean_environment(),
        account=account,
        cwd=home,
        stop_signal=signal.SIGINT,  # its "fast" shutdown: does not wait for clients to leave
        patience=30.0,
        before=cluster.prepare,
    )
    boss.until(boss.start(service), cluster.answers, STARTING)
    if for_tests:
        cluster.furnish_for_tests()
    else:
        cluster.furnish()
    return cluster


def _start_redis(boss: Supervisor, sockets: Path, logs: Path) -> Broker:
    account = server_account()
    broker = Broker(sockets=sockets, program=binaries.find(account).redis)
    service = Service(
        name="Redis",
        command=broker.command(),
        log=logs / "redis.log",
        env=clean_environment(),
        account=account,
        cwd=sockets,
        before=broker.prepare,
    )
    boss.until(boss.start(service), broker.answers, 20.0)
    return broker
