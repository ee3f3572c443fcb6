"""What `make leak` remembers and tells."""

import json
from pathlib import Path
from typing import Any

from portal.embedded import leak


def row(**values: Any) -> dict[str, Any]:
    kept = {"kind": "worlds", "part": [0, 50], "code": "a", "number": 50, "checks": 19_200, "seen": 2_000}
    return {**kept, "hidden": 17_200, "seconds": 41.5, **values}


def test_by_default_a_million_questions_and_two_thousand_sequences() -> None:
    asked = leak.options([])
    assert (asked.checks, asked.runs, asked.steps, asked.first) == (1_000_000, 2_000, 30, 0)
    assert leak.options(["--checks", "1", "--runs", "0", "--first", "77"]).first == 77


def test_only_what_this_very_code_has_passed_counts(tmp_path: Path) -> None:
    path = tmp_path / "leak.jsonl"
    assert leak.told(path, "a") == []
    lines = [json.dumps(row()), json.dumps(row(code="b")), json.dumps(row(part=[50, 100]))[:-9]]
    path.write_text("\n".join(lines))
    assert leak.told(path, "a") == [row()], "neither other code nor a line that was broken off"


def test_the_report_adds_up() -> None:
    steps = {"kind": "steps", "part": [0, 25], "code": "a", "number": 25, "steps": 750, "done": 400, "checks": 50_000}
    rows = [row(), row(part=[50, 100]), {**steps, "seen": 9_000, "turned": 300, "seconds": 90.0}]
    assert leak.table(rows) == [
        "100 worlds · 38,400 checks · 4,000 seen, 34,400 hidden · 83 s",
        "25 sequences · 750 steps, 400 of them done · 50,000 checks · 300 times somebody's sight turned · 90 s",
    ]
    assert leak.table([]) == []


def test_the_fingerprint_is_of_the_code_that_asks_and_answers() -> None:
    assert leak.fingerprint() == leak.fingerprint()
    names = [f"{name}.py" for name in leak.ASKING]
    folder = leak.places.ROOT / "tests" / "doors"
    assert all((folder / name).exists() for name in names)
