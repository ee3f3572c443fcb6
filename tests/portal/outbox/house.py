"""A house of the test's own: PostgreSQL, Redis, web, workers and beats as processes that may be killed at any moment."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import redis as redis_client
from django.conf import settings
from django.db import connection

from portal.embedded import binaries
from portal.embedded.cluster import Cluster, clean_environment
from portal.embedded.launch import die_with_parent
from portal.embedded.places import server_account, servers_home, socket_folder
from tests.portal.outbox import effects
from tests.processes import Process, free_port

STARTING = 90.0


class House:
    """Begins with a copy of the test's database. Its data is durable: a killed PostgreSQL loses no commit."""

    def __init__(self, folder, mailbox, workers=1, **more):
        self.folder, self.mailbox, self.more = folder, mailbox, more
        account = server_account()
        self.sockets = socket_folder(account)
        self.home = servers_home(f"faults-{os.getpid()}-{random.randrange(10**6)}", account)
        self.programs = binaries.find(account)
        self.cluster = Cluster(self.home, self.sockets, self.programs.postgres, folder / "initdb.log", account)
        # Should the test run be killed itself, nothing of it stays behind.
        parent = os.getpid()
        self.dying = {"preexec_fn": lambda: die_with_parent(signal.SIGKILL, parent)}
        who = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        self.postgres = Process(
            self.cluster.command(), folder / "postgres.log", cwd=self.home, env=clean_environment(), **who, **self.dying
        )
        port = free_port()
        self.redis_url = f"redis://127.0.0.1:{port}/0"
        command = [str(self.programs.redis), "--port", str(port), "--save", "", "--appendonly", "no"]
        self.redis = Process([*command, "--dir", str(folder)], folder / "redis.log", **self.dying)
        self.workers = [self._celery(f"worker{number}", self._worker(number)) for number in range(workers)]
        self.beats = [self._celery(f"beat{number}", self._beat(number)) for number in range(2)]
        self.port = free_port()
        web = [sys.executable, "-m", "uvicorn", "portal.asgi:application", "--host", "127.0.0.1"]
        self.web = Process(
            [*web, "--port", str(self.port), "--no-access-log"],
            folder / "web.log",
            cwd=settings.BASE_DIR,
            env=self.environment(),
            **self.dying,
        )

    def environment(self, **more):
        return {
            **os.environ,
            "DATABASE_URL": self.cluster.url("entente_web"),
            "OWNER_DATABASE_URL": self.cluster.url("entente_owner"),
            "AS_OWNER": "",
            "REDIS_URL": self.redis_url,
            "DATA_DIR": str(self.folder),
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mailbox.port),
            "EMAIL_TIMEOUT": "5",
            # Each mail by itself, and as many as there are: here every one is counted.
            "DELIVERY_SETTLE_SECONDS": "0",
            "DELIVERY_STORM_MESSAGES": "1000000",
            "OUTBOX_SWEEP_SECONDS": "2",
            "PYTHONUNBUFFERED": "1",
            **self.more,
            **more,
        }

    def _celery(self, name, words):
        command = [sys.executable, "-m", "celery", "-A", "portal", *words, "--loglevel=WARNING"]
        return Process(
            command, self.folder / f"{name}.log", cwd=settings.BASE_DIR, env=self.environment(), **self.dying
        )

    def _worker(self, number):
        # As the demo has it.
        words = ["worker", "--concurrency", "2", "--without-mingle", "--without-gossip"]
        return [*words, "--hostname", f"storm{number}@%h", "--include", effects.__name__]

    def _beat(self, number):
        return ["beat", "--schedule", str(self.folder / f"beat{number}"), "--pidfile="]

    # Starting and stopping.

    def build(self, keep=False):
        """Both servers, and a copy of the test's own database with all that is in it; its messages only to `keep`."""
        self.cluster.prepare()
        self.postgres.start()
        self.until(self.cluster.answers)
        self.cluster.furnish()
        dump = self.folder / "dump.sql"
        here = connection.settings_dict
        words = [str(self.programs.postgres / "pg_dump"), "--no-sync", "-h", here["HOST"], "-U", here["USER"]]
        with dump.open("wb") as file:
            subprocess.run([*words, here["NAME"]], stdout=file, check=True, env=clean_environment())
        load = [str(self.programs.postgres / "psql"), "-q", "-o", os.devnull, "-h", str(self.sockets), "-U", "postgres"]
        subprocess.run(
            [*load, "-d", "entente", "-f", str(dump)], check=True, env=clean_environment(), stderr=subprocess.DEVNULL
        )
        self.ask(effects.CREATE_OPEN)
        if not keep:
            self.ask("TRUNCATE outbox_message, outbox_due, outbox_heartbeat")
        self.redis.start()

    def clear(self):
        for process in [*self.beats, *self.workers, self.web, self.redis]:
            process.kill()
        self.postgres.kill()
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def until(self, ready, seconds=STARTING):
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, self.last_words()
            time.sleep(0.05)

    def last_words(self):
        logs = (path for path in sorted(self.folder.glob("*.log")) if path.name != "initdb.log")
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-1500:]}" for path in logs)

    def tend(self):
        """Start again what gave up by itself, as the supervisor and the container engine do."""
        for process in [*self.workers, *self.beats, self.web]:
            if process.process is not None:
                process.revive()

    # Asking the database, as its superuser: the only eye that is not the portal's.

    def ask(self, sql, *parameters):
        line = self.cluster.connect("entente")
        try:
            with line.cursor() as cursor:
                cursor.execute(sql, parameters or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            line.close()

    def one(self, sql, *parameters):
        return self.ask(sql, *parameters)[0][0]

    def waiting(self):
        return self.one(
            "SELECT (SELECT count(*) FROM outbox_message WHERE done_at IS NULL AND set_aside_at IS NULL)"
            " + (SELECT count(*) FROM outbox_due WHERE fired_at IS NULL AND cancelled_at IS NULL AND fire_at <= now())"
        )

    def runs(self):
        """Whether a sweep came by since it was asked."""
        try:
            return self.one("SELECT count(*) FROM outbox_heartbeat WHERE at > now() - interval '4 s'") > 0
        except psycopg2.Error:
            return False

    # Faults.

    def children(self):
        """The workers' own children that do the work: nobody else's process is touched."""
        found = []
        for worker in self.workers:
            if worker.process is None or worker.process.poll() is not None:
                continue
            path = Path(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children")
            with contextlib.suppress(OSError):
                found += [int(word) for word in path.read_text().split()]
        return found

    def kill_child(self, chance):
        found = self.children()
        if not found:
            return False
        os.kill(chance.choice(found), signal.SIGKILL)
        return True

    def kill_main(self, chance):
        """kill -9 of a worker's main process; its children are left to themselves. The next has another clock."""
        worker = chance.choice(self.workers)
        if worker.process is None or worker.process.poll() is not None:
            return False
        os.kill(worker.process.pid, signal.SIGKILL)
        worker.process.wait()
        worker.options["env"] = self.environment(ENTENTE_CLOCK_HOURS=chance.choice(["", "7", "-7"]))
        worker.start()
        return True

    def flush_redis(self, chance):
        try:
            redis_client.Redis.from_url(self.redis_url, socket_timeout=2).flushall()
        except redis_client.RedisError:
            return False
        return True

    def kill_redis(self, chance):
        self.redis.kill()
        time.sleep(chance.uniform(0.2, 1.5))
        self.redis.start()
        return True

    def stop_postgres(self, chance):
        """At once, without a word to anybody, as `pg_ctl stop -m immediate`; or kill -9 of all its processes."""
        if chance.random() < 0.5:
            os.kill(self.postgres.process.pid, signal.SIGQUIT)
            self.postgres.process.wait(20)
        self.postgres.kill()
        time.sleep(chance.uniform(0, 0.5))
        self.cluster.prepare()
        self.postgres.start()
        self.until(self.cluster.answers)
        return True
