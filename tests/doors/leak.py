"""`make leak`: what test_worlds and test_steps do, by the million. Not collected by `make test`.

Each part is a range of numbers; a number is the seed of one world or one sequence, so that a disagreement is repeated
with `make leak ARGS="--first NUMBER --checks 1 --runs 1"`.
"""

import json
import os
import time
from typing import Any

import pytest

from tests.doors.clock import clock
from tests.doors.rows import Ground
from tests.doors.test_steps import walk
from tests.doors.test_worlds import CHECKS, compare
from tests.doors.worlds import ByChance, draw_world

FIRST = int(os.environ.get("ENTENTE_LEAK_FIRST", "0"))
WORLDS = -(-int(os.environ.get("ENTENTE_LEAK_CHECKS", "1")) // CHECKS)
RUNS = int(os.environ.get("ENTENTE_LEAK_RUNS", "1"))
STEPS = int(os.environ.get("ENTENTE_LEAK_STEPS", "30"))


def parts(count: int, size: int) -> list[tuple[int, int]]:
    """From and to (excluded), of `count` numbers."""
    return [(FIRST + at, FIRST + min(at + size, count)) for at in range(0, count, size)]


def passed(kind: str, part: tuple[int, int]) -> bool:
    """Whether this very code has passed the part."""
    report, code = os.environ.get("ENTENTE_LEAK_REPORT", ""), os.environ.get("ENTENTE_LEAK_CODE")
    if not report or not os.path.exists(report):
        return False
    with open(report) as file:
        rows = [json.loads(line) for line in file if line.endswith("}\n")]
    return any((row["kind"], row["part"], row["code"]) == (kind, list(part), code) for row in rows)


def tell(kind: str, part: tuple[int, int], begin: float, **counts: int) -> None:
    row = {"kind": kind, "part": part, "code": os.environ.get("ENTENTE_LEAK_CODE"), **counts}
    row |= {"number": part[1] - part[0], "seconds": round(time.monotonic() - begin, 2)}
    if report := os.environ.get("ENTENTE_LEAK_REPORT"):
        with open(report, "a") as file:
            file.write(json.dumps(row) + "\n")


@pytest.mark.django_db
@pytest.mark.parametrize("part", parts(WORLDS, 20), ids=str)
def test_worlds(part: tuple[int, int]) -> None:
    if passed("worlds", part):
        pytest.skip("passed before, with this very code")
    ground, seen, begin = Ground(), {True: 0, False: 0}, time.monotonic()
    for number in range(*part):
        compare(ground, draw_world(ByChance(number)), seen, of=number)
    tell("worlds", part, begin, checks=sum(seen.values()), seen=seen[True], hidden=seen[False])


@pytest.mark.django_db
@pytest.mark.parametrize("part", parts(RUNS, 10), ids=str)
def test_steps(part: tuple[int, int]) -> None:
    if passed("steps", part):
        pytest.skip("passed before, with this very code")
    counts: dict[str, Any] = {"steps": 0, "done": 0, "checks": 0, "seen": 0, "turned": 0}
    begin = time.monotonic()
    with clock(0) as moved:
        ground = Ground()
        for number in range(*part):
            found = walk(ByChance(number), ground, moved, STEPS)
            one = {"steps": STEPS, "done": found.run.done, "checks": found.checks, "seen": found.seen}
            counts = {name: value + {**one, "turned": found.turned}[name] for name, value in counts.items()}
    tell("steps", part, begin, **counts)
