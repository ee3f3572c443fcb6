"""What `make faults` asks for, tells, and writes."""

from pathlib import Path
from typing import Any

import pytest

from portal.embedded import faults
from portal.embedded.refusal import Refusal

STORM: dict[str, Any] = {
    "kind": "storm", "intents": 10_000, "web": 300, "children": 180, "mains": 30, "flushes": 10, "brokers": 10,
    "databases": 10, "slow": 20, "refusing": 15, "mute": 12, "lost": 0, "doubled": 0, "set_aside": 0, "mails": 1_270,
    "mails_again": 9, "drained": 21.5, "seconds": 900,
}  # fmt: skip


def test_by_default_as_many_as_the_issue_asks_for() -> None:
    asked = faults.options([])
    assert (asked.intents, asked.officers) == (10_000, 20_000)
    assert asked.children + asked.mains >= 200
    assert (asked.redis, asked.postgres) == (10, 10)
    told = faults.environment(faults.options(["--only", "storm", "--redis", "3"]))
    assert (told["ENTENTE_FAULTS_FLUSHES"], told["ENTENTE_FAULTS_BROKERS"]) == ("3", "3")


def test_the_table_tells_what_was_measured() -> None:
    lines = faults.table([STORM])
    assert "| Intents, of them through the web | 10,000, 300 |" in lines
    assert "| Lost, doubled, set aside | **0, 0, 0** |" in lines
    assert "| Everything done after the last fault and the last intent | 21.5 s |" in lines
    broken = {"kind": "broken", "way": "holds no lock", "lost": 0, "doubled": 3, "waiting": 0}
    assert "| Found of a dispatcher that holds no lock: lost, doubled, never done | 0, 3, 0 |" in faults.table([broken])
    officers = {
        "kind": "fanout",
        "officers": 20_000,
        "seconds": 43.5,
        "pages": "/",
        "before": "9",
        "during": "12",
        "ratio": "1.3",
    }
    assert "| The pages / meanwhile, medians, before → during | 9 → 12 ms |" in faults.table([officers])


def test_the_table_is_written_between_its_marks_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{faults.BEGIN}\nold\n{faults.END}\nafter\n")
    faults.write(page, ["new"])
    faults.write(page, ["newer"])
    assert page.read_text() == f"before\n{faults.BEGIN}\nnewer\n{faults.END}\nafter\n"
    page.write_text("no marks")
    with pytest.raises(Refusal):
        faults.write(page, ["new"])
    assert page.read_text() == "no marks"
