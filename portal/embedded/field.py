"""`make field`: what the log of devices must stand: thousands of sequences, replays with lost answers, killed workers.

Each part leaves a line in `.data/field.jsonl`; at the end they are told in words.
"""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

from portal.embedded import places
from portal.embedded.steps import Steps
from portal.embedded.suite import command, own_servers

REPORT = places.DATA / "field.jsonl"
TESTS = "tests/operations/field"


def options(arguments: list[str]) -> argparse.Namespace:
    """What `ARGS` may say."""
    parser = argparse.ArgumentParser(prog="make field ARGS=…", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--sequences", type=int, default=10_000, help="of the machine over two devices (default 10,000)"
    )
    parser.add_argument("--first", type=int, default=0, help="number of the first sequence")
    parser.add_argument("--logs", type=int, default=20_000, help="sent, and twice again (default 20,000)")
    parser.add_argument("--officers", type=int, default=200, help="who log at once (default 200)")
    parser.add_argument("--seconds", type=int, default=300, help="for so long (default 300)")
    parser.add_argument("--every", type=float, default=30, help="seconds from one sending of an officer to the next")
    parser.add_argument("--workers", type=int, default=4, help="web workers (default 4)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--only", choices=["machine", "replay", "load"], help="one of the three parts")
    return parser.parse_args(arguments)


def table(rows: list[dict[str, Any]]) -> list[str]:
    """What was measured, in words."""
    found = []
    machine = [row for row in rows if row["kind"] == "machine"]
    if machine:
        total = {name: sum(row[name] for row in machine) for name in ("sequences", "steps", "seconds")}
        words = "{sequences:,} sequences, {steps:,} steps: 0 lost, 0 doubled, 0 silently overwritten · {seconds:,.0f} s"
        found.append(words.format(**total))
    for row in rows:
        if row["kind"] == "replay":
            words = "{logs:,} logs, sent three times, {dropped:,} of {requests:,} answers dropped: {rows:,} rows · "
            words += "first {first_seconds:,.0f} s, twice again {again_seconds:,.0f} s"
            found.append(words.format(**row))
        if row["kind"] == "load":
            words = (
                "{officers} officers for {seconds:,.0f} s, {kills} workers killed of {workers}: {entries:,} entries, "
            )
            words += "each stored once · {entries_per_second} a second · {broken} of {requests:,} requests broken off"
            found.append(words.format(**row))
            for name, label in (("request_ms", "a request"), ("until_acknowledged_ms", "until acknowledged")):
                parts = " · ".join(f"{part} {value:,}" for part, value in row[name].items())
                found.append(f"  {label}, ms: {parts}")
    return found


def field(arguments: list[str]) -> int:
    """Run the parts, and print what they came to; the first failure is printed with the number that repeats it."""
    asked, steps = options(arguments), Steps("field", number=2)
    places.DATA.mkdir(exist_ok=True)
    REPORT.unlink(missing_ok=True)
    parts = {
        "machine": ["-n", str(asked.processes), "--dist", "worksteal", f"{TESTS}/test_machine.py"],
        "replay": [f"{TESTS}/test_replay.py"],
        "load": [f"{TESTS}/test_load.py"],
    }
    result = 0
    with own_servers(steps) as (boss, env):
        env |= {
            "ENTENTE_FIELD_RUNS": str(asked.sequences), "ENTENTE_FIELD_FIRST": str(asked.first),
            "ENTENTE_FIELD_LOGS": str(asked.logs), "ENTENTE_FIELD_REPORT": str(REPORT),
            "ENTENTE_LOAD_OFFICERS": str(asked.officers), "ENTENTE_LOAD_SECONDS": str(asked.seconds),
            "ENTENTE_LOAD_EVERY": str(asked.every), "ENTENTE_LOAD_WORKERS": str(asked.workers),
            "ENTENTE_LOAD_KILLED_EVERY": "10",
        }  # fmt: skip
        for name, words in parts.items():
            if asked.only in (None, name):
                with steps.step(name.capitalize()) as step:
                    print(flush=True)
                    begin = time.monotonic()
                    code = command(boss, env, "-m", "pytest", "-q", *words)
                    step.outcome = f"{'held' if code == 0 else 'FAILED'}, {time.monotonic() - begin:,.0f} s"
                    result = result or code
    for line in table(_rows(REPORT)):
        print(line)
    print(f"Kept in {REPORT}")
    return result


def _rows(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]
