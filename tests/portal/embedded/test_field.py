"""What `make field` asks for and tells."""

from typing import Any

from portal.embedded import field


def test_by_default_ten_thousand_sequences_and_two_hundred_officers() -> None:
    asked = field.options([])
    assert (asked.sequences, asked.logs, asked.officers, asked.seconds) == (10_000, 20_000, 200, 300)
    assert field.options(["--only", "load", "--officers", "5"]).officers == 5


def test_the_report_adds_up() -> None:
    part: dict[str, Any] = {"kind": "machine", "sequences": 100, "steps": 2_500, "seconds": 40.0}
    took = {"p50": 80, "p95": 300, "p99": 900, "max": 1_200}
    load = {
        "kind": "load", "officers": 200, "seconds": 301.2, "workers": 4, "kills": 29, "requests": 2_000, "broken": 12,
        "entries": 4_000, "entries_per_second": 13.3, "request_ms": took, "until_acknowledged_ms": took,
    }  # fmt: skip
    assert field.table([part, part, load]) == [
        "200 sequences, 5,000 steps: 0 lost, 0 doubled, 0 silently overwritten · 80 s",
        "200 officers for 301 s, 29 workers killed of 4: 4,000 entries, each stored once · 13.3 a second · "
        "12 of 2,000 requests broken off",
        "  a request, ms: p50 80 · p95 300 · p99 900 · max 1,200",
        "  until acknowledged, ms: p50 80 · p95 300 · p99 900 · max 1,200",
    ]
    assert field.table([]) == []
