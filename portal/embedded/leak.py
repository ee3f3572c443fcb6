"""`make leak`: a million questions to the policy, and thousands of sequences of steps, against an independent model.

Done in parts, each of which leaves a line in `.data/leak.jsonl`; a run that was broken off goes on where it stopped,
as long as the code is the same.
"""

import argparse
import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from portal.embedded import places
from portal.embedded.steps import Steps
from portal.embedded.suite import command, own_servers

REPORT = places.DATA / "leak.jsonl"
CODE = ("portal", "agencies", "agreements", "operations", "intel")
ASKING = (
    "clock",
    "law",
    "leak",
    "model",
    "rows",
    "stepping",
    "steps",
    "steps_agreements",
    "steps_people",
    "steps_records",
    "test_steps",
    "test_worlds",
    "worlds",
)


def options(arguments: list[str]) -> argparse.Namespace:
    """What `ARGS` may say."""
    parser = argparse.ArgumentParser(prog="make leak ARGS=…", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--checks", type=int, default=1_000_000, help="questions to the policy (default 1,000,000)")
    parser.add_argument("--runs", type=int, default=2_000, help="sequences of steps (default 2,000)")
    parser.add_argument("--steps", type=int, default=30, help="steps of each (default 30)")
    parser.add_argument("--first", type=int, default=0, help="number of the first world and of the first sequence")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--again", action="store_true", help="also what was checked already with this very code")
    return parser.parse_args(arguments)


def fingerprint() -> str:
    """Of all code that a check depends on."""
    found = hashlib.sha256()
    paths = [path for folder in CODE for path in (places.ROOT / folder).rglob("*.py")]
    paths += [places.ROOT / "tests" / "doors" / f"{name}.py" for name in ASKING]
    for path in sorted(paths):
        found.update(str(path.relative_to(places.ROOT)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def told(path: Path, code: str) -> list[dict[str, Any]]:
    """The parts that this code has passed."""
    lines = path.read_text().splitlines() if path.exists() else []
    rows = [json.loads(line) for line in lines if line.endswith("}")]
    return [row for row in rows if row["code"] == code]


def table(rows: Iterable[dict[str, Any]]) -> list[str]:
    """What was checked, in words, one line for each way."""
    words = {
        "worlds": "{number:,} worlds · {checks:,} checks · {seen:,} seen, {hidden:,} hidden · {seconds:,.0f} s",
        "steps": "{number:,} sequences · {steps:,} steps, {done:,} of them done · {checks:,} checks · "
        "{turned:,} times somebody's sight turned · {seconds:,.0f} s",
    }
    found = []
    for kind, sentence in words.items():
        mine = [row for row in rows if row["kind"] == kind]
        if mine:
            names = set().union(*mine) - {"kind", "part", "code"}
            found.append(sentence.format(**{name: sum(row[name] for row in mine) for name in names}))
    return found


def leak(arguments: list[str]) -> int:
    """Ask, compare, and print what was asked; the first disagreement is printed with the number that repeats it."""
    asked, steps, code = options(arguments), Steps("leak", number=2), fingerprint()
    places.DATA.mkdir(exist_ok=True)
    if asked.again:
        REPORT.unlink(missing_ok=True)
    begin = time.monotonic()
    with own_servers(steps) as (boss, env):
        env |= {
            "ENTENTE_LEAK_CHECKS": str(asked.checks), "ENTENTE_LEAK_RUNS": str(asked.runs),
            "ENTENTE_LEAK_STEPS": str(asked.steps), "ENTENTE_LEAK_FIRST": str(asked.first),
            "ENTENTE_LEAK_REPORT": str(REPORT), "ENTENTE_LEAK_CODE": code,
        }  # fmt: skip
        with steps.step("Leak") as step:
            print(flush=True)
            words = ["-n", str(asked.processes), "--dist", "worksteal", "-q", "tests/doors/leak.py"]
            result = command(boss, env, "-m", "pytest", *words)
            step.outcome = "no leak" if result == 0 else "FAILED"
    for line in table(told(REPORT, code)):
        print(line)
    print(f"{(time.monotonic() - begin) / 60:.1f} minutes with {asked.processes} processes; kept in {REPORT}")
    return result
