"""PostgreSQL from its wheel: made once, repaired after a crash, and with two roles of different rights."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
import pytest

from portal.embedded import binaries, places, watchman
from portal.embedded.broker import Broker
from portal.embedded.cluster import STARTING, Cluster, clean_environment
from portal.embedded.refusal import Refusal
from portal.embedded.supervisor import Service, Supervisor
from tests.portal.embedded.conftest import as_ordinary_user, until

pytestmark = pytest.mark.processes


def make_cluster(boss: Supervisor, name: str, log: Path, *, durable: bool = False) -> Cluster:
    account = places.server_account()
    return Cluster(
        home=places.servers_home(name, account),
        sockets=boss.owns(places.socket_folder(account)),
        programs=binaries.find(account).postgres,
        log=log,
        account=account,
        durable=durable,
    )


def serve(boss: Supervisor, cluster: Cluster) -> Service:
    service = Service(
        name="PostgreSQL",
        command=cluster.command(),
        log=cluster.log,
        env=clean_environment(),
        account=cluster.account,
        cwd=cluster.home,
        stop_signal=signal.SIGINT,
        before=cluster.prepare,
    )
    boss.until(boss.start(service), cluster.answers, STARTING)
    return service


def ask(cluster: Cluster, role: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(host=str(cluster.sockets), user=role, dbname="entente")
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_web_role_reads_and_writes_rows_and_nothing_else(home, tmp_path):
    with Supervisor() as boss:
        cluster = make_cluster(boss, home, tmp_path / "log")
        serve(boss, cluster)
        cluster.furnish()
        cluster.furnish()  # at every start
        ask(cluster, "entente_owner", "CREATE TABLE t (id serial PRIMARY KEY, name text)")
        assert ask(cluster, "entente_web", "INSERT INTO t (name) VALUES ('Köln') RETURNING id") == [(1,)]
        assert ask(cluster, "entente_web", "SELECT upper(name) FROM t") == [("KÖLN",)]
        ask(cluster, "entente_web", "UPDATE t SET name = 'x'")
        ask(cluster, "entente_web", "DELETE FROM t")
        for statement in (
            "TRUNCATE t",
            "DROP TABLE t",
            "ALTER TABLE t ADD x int",
            "CREATE TABLE u ()",
            "CREATE TEMPORARY TABLE u ()",
            "CREATE DATABASE u",
            "SET ROLE entente_owner",
            "COPY t TO PROGRAM 'true'",
        ):
            with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ActiveSqlTransaction)):
                ask(cluster, "entente_web", statement)
        assert ask(cluster, "entente_web", "SHOW listen_addresses") == [("",)]
        ask(cluster, "entente_owner", "GRANT SELECT ON t TO entente_unlocked")
        ask(cluster, "entente_owner", "INSERT INTO t (name) VALUES ('x')")
        ask(cluster, "entente_owner", "CREATE POLICY unlocked ON t TO entente_unlocked USING (true)")
        ask(cluster, "entente_owner", "ALTER TABLE t ENABLE ROW LEVEL SECURITY")
        assert ask(cluster, "entente_web", "SELECT name FROM t") == [], "it does not inherit what it may become"
        assert ask(cluster, "entente_web", "SET ROLE entente_unlocked; SELECT name FROM t") == [("x",)]
        with pytest.raises(psycopg2.OperationalError):
            ask(cluster, "entente_unlocked", "SELECT 1")


def test_databases_of_tests_are_furnished_too(home, tmp_path):
    with Supervisor() as boss:
        cluster = make_cluster(boss, home, tmp_path / "log")
        serve(boss, cluster)
        cluster.furnish_for_tests()
        owner = psycopg2.connect(host=str(cluster.sockets), user="entente_owner", dbname="entente")
        owner.autocommit = True
        owner.cursor().execute("CREATE DATABASE test_entente")
        owner.close()
        made = psycopg2.connect(host=str(cluster.sockets), user="entente_owner", dbname="test_entente")
        with made, made.cursor() as cursor:
            cursor.execute("CREATE TABLE t (id int)")
            cursor.execute("SET ROLE entente_web")
            cursor.execute("INSERT INTO t VALUES (1)")
        cursor = made.cursor()
        cursor.execute("SET ROLE entente_web")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("TRUNCATE t")
        made.close()


def test_start_after_a_crash(home, tmp_path):
    """A broken-off initdb, a killed server, a mark whose number belongs to somebody else by now."""
    with Supervisor() as boss:
        cluster = make_cluster(boss, home, tmp_path / "log", durable=True)
        for folder in (cluster.home / "pg.new", cluster.data):
            folder.mkdir()
            (folder / "half").touch()
            if cluster.account is not None:
                os.chown(folder, cluster.account.uid, cluster.account.gid)
        service = serve(boss, cluster)
        assert not (cluster.home / "pg.new").exists()
        cluster.furnish()
        ask(cluster, "entente_owner", "CREATE TABLE kept AS SELECT 1 AS one")
        assert service.process is not None
        service.process.kill()
        assert until(lambda: bool(boss.tend()), 5)
        assert until(lambda: not boss.tend() and service.due is None and cluster.answers(), 15)
        assert ask(cluster, "entente_web", "SELECT one FROM kept") == [(1,)]
        service.process.kill()
        service.process.wait()
        account = cluster.account
        stranger = subprocess.Popen(["sleep", "60"], user=account.uid if account else None)
        mark = cluster.data / "postmaster.pid"
        try:
            mark.write_text("\n".join([str(stranger.pid), *mark.read_text().splitlines()[1:], ""]))
            boss.services.clear()
            serve(boss, cluster)
            assert ask(cluster, "entente_web", "SELECT one FROM kept") == [(1,)]
            assert stranger.poll() is None
        finally:
            stranger.kill()
            stranger.wait()


def test_server_that_outlived_its_supervisor_is_replaced(home, tmp_path):
    with Supervisor() as boss:
        cluster = make_cluster(boss, home, tmp_path / "log")
        earlier = serve(boss, cluster).process
        assert earlier is not None
        boss.services.clear()
        stale = cluster.sockets / "redis.sock"
        stale.touch()
        later = serve(boss, cluster).process
        assert earlier.wait(timeout=5) is not None
        assert later is not None
        assert later.pid != earlier.pid


def test_data_of_another_version_are_refused(home, tmp_path):
    with Supervisor() as boss:
        cluster = make_cluster(boss, home, tmp_path / "log")
        cluster.data.mkdir()
        (cluster.data / "PG_VERSION").write_text("15\n")
        with pytest.raises(Refusal, match=r"was made by PostgreSQL 15, this is 18"):
            cluster.prepare()


def test_ordinary_user_runs_both_in_a_folder_with_a_space(monkeypatch):
    """Without any account to change to, from a path that is not ours to choose."""
    base = Path(tempfile.mkdtemp(prefix="entente test "))
    base.chmod(0o777)
    programs = binaries.copied(base)
    if os.geteuid() == 0:
        # The checkout and its Python may lie under a closed home; the system's Python does not.
        monkeypatch.setattr(
            sys, "executable", shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
        )
        monkeypatch.setattr(watchman, "__file__", shutil.copy(str(watchman.__file__), base))

    def run_both() -> None:
        home = base / "a home"
        home.mkdir()
        with Supervisor() as boss:
            sockets = boss.owns(places.socket_folder(None))
            cluster = Cluster(home, sockets, programs.postgres, home / "postgres.log", durable=False)
            serve(boss, cluster)
            cluster.furnish()
            assert ask(cluster, "entente_web", "SELECT 1") == [(1,)]
            broker = Broker(sockets=sockets, program=programs.redis)
            service = Service(
                name="Redis", command=broker.command(), log=home / "redis.log", env=clean_environment(), cwd=home
            )
            boss.until(boss.start(service), broker.answers, 10)
        assert not sockets.exists()

    try:
        as_ordinary_user(run_both)
    finally:
        shutil.rmtree(base)
