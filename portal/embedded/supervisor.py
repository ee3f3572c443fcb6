"""Starts services, keeps them running, and stops them in order. Nothing it started outlives it."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO

from portal.embedded import watchman
from portal.embedded.launch import last_line, launch, trim
from portal.embedded.places import ROOT, Account
from portal.embedded.refusal import Refusal, StopRequested

SHORTEST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds before a service that died is started again
PROVEN = 60.0  # seconds after which a service counts as running well


@dataclass
class Service:
    """A program that should always run."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    account: Account | None = None
    cwd: Path = ROOT
    stop_signal: int = signal.SIGTERM
    patience: float = 10.0  # seconds it may take to stop
    before: Callable[[], None] = lambda: None
    process: "subprocess.Popen[bytes] | None" = None
    begun: float = 0.0
    wait: float = SHORTEST_WAIT
    due: float | None = None

    def died(self) -> Refusal:
        """The sentence for a service that ended while it was starting."""
        return Refusal(f"{self.name} did not start: {last_line(self.log) or 'it said nothing'}\nSee {self.log}")


@dataclass
class Supervisor:
    """Holds the services of one run; a context manager that ends them all."""

    lock: int | None = None
    services: list[Service] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    stopping: bool = False
    _orders: IO[str] | None = None
    _watchman: "subprocess.Popen[bytes] | None" = None
    _trimmed: float = 0.0
    _handlers: dict[int, object] = field(default_factory=dict)

    def __enter__(self) -> "Supervisor":
        reader, writer = os.pipe()
        kept = [reader] + ([self.lock] if self.lock is not None else [])
        self._watchman = subprocess.Popen(
            [sys.executable, "-I", str(Path(watchman.__file__)), str(reader)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=kept,
            start_new_session=True,
        )
        os.close(reader)
        self._orders = os.fdopen(writer, "w", buffering=1, encoding="utf-8")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._handlers[number] = signal.signal(number, self._asked_to_stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            for number, handler in self._handlers.items():
                signal.signal(number, handler)  # type: ignore[arg-type]

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        if self.stopping:
            return  # once is enough: the order of stopping matters more than haste
        self.stopping = True
        raise StopRequested

    def _order(self, text: str) -> None:
        assert self._orders is not None
        with contextlib.suppress(OSError):  # the watchman was killed; the parent-death signal still helps
            self._orders.write(f"{text}\n")

    def owns(self, folder: Path) -> Path:
        """Removes the folder at the end, however the end comes."""
        self.folders.append(folder)
        self._order(f"rm {folder}")
        return folder

    def start(self, service: Service) -> Service:
        """Starts a service, and again whenever it dies."""
        service.before()
        service.process = launch(
            service.command,
            log=service.log,
            env=service.env,
            account=service.account,
            cwd=service.cwd,
            death=service.stop_signal,
        )
        self._order(f"+{service.process.pid} {int(service.stop_signal)}")
        service.begun, service.due = time.monotonic(), None
        if service not in self.services:
            self.services.append(service)
        return service

    def until(self, service: Service, ready: Callable[[], bool], seconds: float) -> None:
        """Waits until a service is ready.

        Raises:
            Refusal: it died, or is not ready after `seconds`.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if service.process is None or service.process.poll() is not None:
                raise service.died()
            if time.monotonic() > deadline:
                raise Refusal(f"{service.name} is not ready after {seconds:.0f} s. See {service.log}")
            time.sleep(0.05)

    def run(self, command: Sequence[str], *, env: Mapping[str, str], log: Path | None = None, cwd: Path = ROOT) -> int:
        """Runs a program to its end and returns its exit code; it ends with us."""
        process = launch(command, log=log, env=env, cwd=cwd)
        self._order(f"+{process.pid} {int(signal.SIGINT)}")
        try:
            return process.wait()
        finally:
            self._end(process, signal.SIGINT, 10.0)

    def tend(self) -> list[str]:
        """Starts what died again, later each time; returns what there is to tell."""
        told = []
        now = time.monotonic()
        for service in self.services:
            if service.due is not None:
                if now >= service.due:
                    self._again(service)
            elif service.process is not None and (code := service.process.poll()) is not None:
                self._end(service.process, signal.SIGKILL, 0.0)
                service.wait = SHORTEST_WAIT if now - service.begun > PROVEN else service.wait
                service.due = now + service.wait
                told.append(f"{service.name} ended (exit code {code}); starting it again in {service.wait:.0f} s")
                service.wait = min(service.wait * 2, LONGEST_WAIT)
        return told

    def _again(self, service: Service) -> None:
        try:
            self.start(service)
        except (OSError, Refusal):
            service.due = time.monotonic() + service.wait

    def serve(self, tell: Callable[[str], None] = print) -> None:
        """Tends the services until asked to stop."""
        while True:
            for line in self.tend():
                tell(line)
            self._trim()
            time.sleep(0.2)

    def _trim(self) -> None:
        """Looks at the size of the logs once a minute."""
        if time.monotonic() - self._trimmed > 60:
            self._trimmed = time.monotonic()
            for service in self.services:
                trim(service.log)

    def stop(self, tell: Callable[[str], None] = lambda line: None) -> None:
        """Stops every service, the last started first, and removes the folders."""
        self.stopping = True
        while self.services:
            service = self.services[-1]
            if service.process is not None:
                self._end(service.process, service.stop_signal, service.patience)
                tell(service.name)
            self.services.pop()
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)
        self.folders.clear()
        if self._orders is not None and self._watchman is not None:
            self._order("done")
            with contextlib.suppress(OSError):
                self._orders.close()
            self._watchman.wait()
            self._orders = None

    def _end(self, process: "subprocess.Popen[bytes]", number: int, patience: float) -> None:
        """Ends a process and whatever is left of its group."""
        with contextlib.suppress(OSError):
            process.send_signal(number)
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        self._order(f"-{process.pid}")
