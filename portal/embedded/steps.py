"""Numbered progress on the terminal: `[3/9] PostgreSQL … 1.2 s`."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# How many steps each command shows; bootstrap does the first two of each.
TOTALS = {
    "demo": 9,
    "test": 7,
    "bench": 6,
    "leak": 5,
    "field": 7,
    "faults": 7,
    "check": 2,
    "fix": 2,
    "migrations": 5,
    "manage": 4,
    "pictures": 4,
    "lock": 1,
}


@dataclass
class Step:
    """One step under way."""

    head: str
    outcome: str = "done"
    terminal: bool = field(default_factory=sys.stdout.isatty)

    def say(self, text: str) -> None:
        """What takes so long: replaces the line on a terminal, adds one in a log."""
        if self.terminal:
            print(f"\r\x1b[K{self.head} … {text}", end="", flush=True)
        else:
            print(f"{self.head} … {text}", flush=True)


@dataclass
class Steps:
    """The steps of one command."""

    command: str
    number: int = 0

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Shows a step while it lasts and how long it took."""
        self.number += 1
        step = Step(f"[{self.number}/{TOTALS[self.command]}] {title}")
        if step.terminal:
            print(f"{step.head} …", end="", flush=True)
        begin = time.monotonic()
        try:
            yield step
        except BaseException:
            if step.terminal:
                print(flush=True)
            raise
        start = "\r\x1b[K" if step.terminal else ""
        print(f"{start}{step.head}: {step.outcome} ({time.monotonic() - begin:.1f} s)", flush=True)
