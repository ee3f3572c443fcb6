"""`make faults`: what messages must stand: everything is killed while they are on their way, and none is lost or doubled.

It starts web, workers, two beats, Redis, PostgreSQL and a mail server of its own and ends no other process. Each part
leaves a line in `.data/faults.jsonl`; at the end they are told as one table.
"""

import argparse
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal.embedded import places
from portal.embedded.refusal import Refusal
from portal.embedded.steps import Steps
from portal.embedded.suite import command, own_servers

REPORT = places.DATA / "faults.jsonl"
PARTS = {
    "storm": ["tests/portal/outbox/test_storm.py", "-k", "in_a_storm"],
    "hours": ["tests/portal/outbox/test_storm.py", "-k", "six_hours"],
    "fanout": ["tests/agreements/alerts/test_fanout.py", "-k", "visible_to_all"],
    "broken": ["tests/portal/outbox/broken_dispatchers.py"],
}
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
# A line of the table: what, and how it is told from what was measured.
Line = tuple[str, str]
LINES: dict[str, list[Line]] = {
    "storm": [
        ("Intents, of them through the web", "{intents:,}, {web:,}"),
        ("kill -9 of workers' children, of their main processes", "{children}, {mains}"),
        ("Redis emptied, killed", "{flushes}, {brokers}"),
        ("PostgreSQL stopped at once or killed", "{databases}"),
        ("Beats at once; clocks of the workers", "2; right, 7 hours fast, 7 hours slow"),
        ("Mail server slow, refusing, taking the mail and losing the answer", "{slow}, {refusing}, {mute} times"),
        ("Lost, doubled, set aside", "**{lost}, {doubled}, {set_aside}**"),
        ("Mails, and how many came again under the same Message-ID", "{mails:,}, {mails_again:,}"),
        ("Everything done after the last fault and the last intent", "{drained} s"),
        ("The whole storm", "{seconds:,} s"),
    ],
    "hours": [
        ("No beat for six hours, then two: reminders due meanwhile", "{rows:,}"),
        ("Lost, doubled, set aside", "**{lost}, {doubled}, {set_aside}**"),
        ("Everything done after the beats came back", "{drained} s"),
    ],
    "fanout": [
        ("One alert to so many officers", "{officers:,}"),
        ("Visible to all", "{seconds} s"),
        ("The pages {pages} meanwhile, medians, before → during", "{before} → {during} ms"),
        ("Times as long (median, 95th of 100)", "**{ratio}**"),
    ],
    "broken": [
        ("Found of a dispatcher that {way}: lost, doubled, never done", "{lost}, {doubled}, {waiting}"),
    ],
}


def options(arguments: list[str]) -> argparse.Namespace:
    """What `ARGS` may say."""
    parser = argparse.ArgumentParser(prog="make faults ARGS=…", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--intents", type=int, default=10_000, help="things to bring about (default 10,000)")
    parser.add_argument("--web", type=int, default=300, help="of them through the web (default 300)")
    parser.add_argument("--children", type=int, default=180, help="kill -9 of workers' children (default 180)")
    parser.add_argument("--mains", type=int, default=30, help="and of their main processes (default 30)")
    parser.add_argument("--redis", type=int, default=10, help="times that Redis is emptied, and killed (default 10)")
    parser.add_argument("--postgres", type=int, default=10, help="times that PostgreSQL is stopped (default 10)")
    parser.add_argument("--workers", type=int, default=2, help="with two children each (default 2)")
    parser.add_argument("--seconds", type=int, default=420, help="over which the intents are spread (default 420)")
    parser.add_argument("--rows", type=int, default=5_000, help="reminders due while no beat is there (default 5,000)")
    parser.add_argument("--officers", type=int, default=20_000, help="who are alerted at once (default 20,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the order of the faults")
    parser.add_argument("--only", choices=list(PARTS), help="one of the four parts")
    parser.add_argument("--into", type=Path, help="also write the table between the marks in this file")
    return parser.parse_args(arguments)


def environment(asked: argparse.Namespace) -> dict[str, str]:
    """What the tests read."""
    numbers = {
        "INTENTS": asked.intents, "WEB": asked.web, "CHILDREN": asked.children, "MAINS": asked.mains,
        "FLUSHES": asked.redis, "BROKERS": asked.redis, "DATABASES": asked.postgres, "WORKERS": asked.workers,
        "SECONDS": asked.seconds, "HOURS_ROWS": asked.rows, "OFFICERS": asked.officers, "SEED": asked.seed,
    }  # fmt: skip
    found = {f"ENTENTE_FAULTS_{name}": str(number) for name, number in numbers.items()}
    return found | {"ENTENTE_FAULTS_REPORT": str(REPORT)}


def table(rows: list[dict[str, Any]]) -> list[str]:
    """What was measured, as one table."""
    found = [f"Measured on {datetime.now(UTC):%-d %B %Y}.", "", "| What | Measured |", "|---|---|"]
    for row in rows:
        found += [f"| {what.format(**row)} | {words.format(**row)} |" for what, words in LINES[row["kind"]]]
    return found


def write(path: Path, lines: list[str]) -> None:
    """Put the lines between the marks of a file.

    Raises:
        Refusal: the file has no such marks.
    """
    text = path.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise Refusal(f"{path} has no {BEGIN} and {END}.")
    path.write_text("\n".join([f"{head}{begin}", *lines, f"{end}{tail}"]), encoding="utf-8")


def faults(arguments: list[str]) -> int:
    """Run the parts, and print what they came to; the first that fails says what was lost or doubled."""
    asked, steps, result = options(arguments), Steps("faults", number=2), 0
    places.DATA.mkdir(exist_ok=True)
    REPORT.unlink(missing_ok=True)
    with own_servers(steps) as (boss, env):
        env |= environment(asked)
        for name, words in PARTS.items():
            if asked.only in (None, name):
                with steps.step(name.capitalize()) as step:
                    print(flush=True)
                    begin = time.monotonic()
                    code = command(boss, env, "-m", "pytest", "-q", *words)
                    step.outcome = f"{'held' if code == 0 else 'FAILED'}, {time.monotonic() - begin:,.0f} s"
                    result = result or code
    lines = table(_rows(REPORT))
    print("\n".join(lines))
    if asked.into is not None and result == 0:
        write(asked.into, lines)
    return result


def _rows(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]
