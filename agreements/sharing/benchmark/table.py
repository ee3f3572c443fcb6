"""The table of one run, the growth between sizes, and where it stands against the bars: text for docs/performance.md."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agreements.sharing.benchmark.measure import Line, WhatIf

READERS = ("sparse", "typical", "dense", "mid", "hub", "stale", "joined today")


def table(lines: Iterable[Line]) -> Iterator[str]:
    """Milliseconds, and in brackets the multiple of the floor."""
    lines = list(lines)
    floor = lines[0]
    yield f"Floor, {floor.name}: {floor.milliseconds:.1f} ms"
    yield ""
    yield f"| ms (times the floor) | {' | '.join(READERS)} |"
    yield "|---|" + "---:|" * len(READERS)
    found = {(line.reader, line.name): line for line in lines[1:]}
    for name in dict.fromkeys(line.name for line in lines[1:]):
        cells = [_cell(found.get((reader, name))) for reader in READERS]
        yield f"| {name} | {' | '.join(cells)} |"


def _cell(line: Line | None) -> str:
    return "" if line is None else f"{line.milliseconds:.1f} ({line.ratio:.1f})"


def growth(small: Iterable[Line], large: Iterable[Line]) -> Iterator[str]:
    """How much dearer each line is in the larger world, in multiples of the floor of each."""
    before = {(line.reader, line.name): line.ratio for line in small}
    found = {(line.reader, line.name): line.ratio / before[line.reader, line.name] for line in large}
    yield f"| growth | {' | '.join(READERS)} |"
    yield "|---|" + "---:|" * len(READERS)
    for name in dict.fromkeys(name for reader, name in found if reader != "anybody"):
        cells = [f"{found[reader, name]:.2f}" if (reader, name) in found else "" for reader in READERS]
        yield f"| {name} | {' | '.join(cells)} |"


PAGES = ("first page", "next page", "page in the middle")
FILTERS = (
    "words, common (a third)",
    "words, uncommon (1 in 200)",
    "words, rare (1 in 20,000)",
    "map box of one degree",
)
GUARDIAN = ("first page, guardian generic", "first page, guardian direct")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass
class Run:
    """All that was measured in a world of one size."""

    records: int
    lines: list[Line]
    what_if: WhatIf
    suspended: dict[str, Any]

    def __post_init__(self) -> None:
        self.found = {(line.reader, line.name): line for line in self.lines[1:]}

    def worst(self, *names: str) -> Line:
        """The dearest of these lines."""
        return max((line for line in self.lines if line.name in names), key=lambda line: line.ratio)

    def beside_first(self, *names: str) -> tuple[float, Line]:
        """How many times its reader's first page the dearest of these lines takes."""
        lines = [line for line in self.lines if line.name in names]
        told = [(line.ratio / self.found[line.reader, PAGES[0]].ratio, line) for line in lines]
        return max(told, key=lambda pair: pair[0])


def report(runs: list[Run]) -> Iterator[str]:
    """Everything, in Markdown."""
    for run in runs:
        yield f"### {run.records:,} records"
        yield from table(run.lines)
        yield ""
        yield (
            f"What-if, a suspension of the convention with {run.what_if.releases:,} releases: {run.what_if.seconds:.2f} s"
            f" ({run.what_if.seconds * 1000 / run.lines[0].milliseconds:.0f} times the floor), for {run.what_if.agencies}"
            f" agencies, {run.what_if.lost:,} records lost to one or other. Suspending it wrote {run.suspended['rows']} row in"
            f" {run.suspended['milliseconds']:.0f} ms; of its live audiences the next request of a member saw"
            f" {run.suspended['before']} before and {run.suspended['after']} after."
        )
        yield ""
    if len(runs) > 1:
        yield f"### Growth from {runs[0].records:,} to {runs[-1].records:,} records"
        floor = runs[-1].lines[0].milliseconds / runs[0].lines[0].milliseconds
        yield f"Of the multiples of the floor; the floor itself grew {floor:.2f} times."
        yield ""
        yield from growth(runs[0].lines, runs[-1].lines)
        yield ""
    yield f"### Against the bars, at {runs[-1].records:,} records"
    yield "| Bar | Measured | |"
    yield "|---|---|---|"
    for bar, measured, held in bars(runs):
        yield f"| {bar} | {measured} | {'held' if held else '**missed**'} |"


def bars(runs: list[Run]) -> Iterator[tuple[str, str, bool]]:
    """Each bar, what was measured, and whether it is held."""
    run = runs[-1]
    for name in PAGES[:2]:
        most = {reader: run.found[reader, name].ratio for reader in READERS if (reader, name) in run.found}
        told = ", ".join(f"{reader} {ratio:.1f}" for reader, ratio in most.items())
        held = all(ratio <= (8 if reader == "hub" else 4) for reader, ratio in most.items())
        yield f"{name} at most 4 times the floor, hub 8", told, held
    worst = run.worst(*GUARDIAN)
    times = worst.milliseconds / run.found[worst.reader, PAGES[0]].milliseconds
    yield (
        "20 times faster than the slower guardian where that is slowest",
        f"{times:.0f} times ({worst.reader})",
        times >= 20,
    )
    times, line = run.beside_first("next page")
    yield "next pages as the first (within a quarter)", f"{times:.2f} times ({line.reader})", times <= 1.25
    times, line = run.beside_first(*FILTERS)
    yield (
        "words and map box within 3 times the first page",
        f"{times:.1f} times ({line.reader}, {line.name})",
        times <= 3,
    )
    for words, names, limit in (
        ("a single decision in 3 ms, with the live audiences at hand", ("one decision, live audiences at hand",), 3),
        ("the same with those that bear on it worked out", ("one decision, seen", "one decision, hidden"), 3),
        ("an explanation in 10 ms", ("explain to its owner", "explain to the officer"), 10),
        ("a count capped at 1,000 in 20 ms", ("count, capped at 1,000",), 20),
    ):
        line = run.worst(*names)
        yield (
            words,
            f"{line.milliseconds:.1f} ms, {line.ratio:.2f} times the floor ({line.reader})",
            line.milliseconds <= limit,
        )
    seconds = f"{run.what_if.seconds:.2f} s for {run.what_if.releases:,} releases"
    yield "what-if on half a million releases in 3 s", seconds, run.what_if.seconds <= 3
    yield "suspending writes a constant number of rows", f"{run.suspended['rows']}", run.suspended["rows"] == 1
    if len(runs) > 1:
        floor = run.lines[0].milliseconds / runs[0].lines[0].milliseconds
        for words, grown in (
            ("", _grown),
            (" that shows something in both, beside what more rows cost", _grown_beside_rows),
        ):
            times, line = max(grown(runs[0], run), key=lambda pair: pair[0])
            told = f"{times:.2f} at most ({line.reader}, {line.name}), beside the floor's own {floor:.2f}"
            yield f"growth of every page at most 1.5{words}", told, times <= 1.5


def _grown(small: Run, large: Run) -> Iterator[tuple[float, Line]]:
    """How many times dearer each page is, in multiples of the floor of each."""
    for line in large.lines:
        if line.name in (*PAGES, *FILTERS) and (line.reader, line.name) in small.found:
            yield line.ratio / small.found[line.reader, line.name].ratio, line


def _grown_beside_rows(small: Run, large: Run) -> Iterator[tuple[float, Line]]:
    """The same of pages that show something in both, where one that was shorter among fewer records is given the rows it
    lacked: a fiftieth of the floor each. An empty page reads no record at all."""
    for _, line in _grown(small, large):
        before = small.found[line.reader, line.name]
        if before.rows:
            yield line.ratio / (before.ratio + max(line.rows - before.rows, 0) / large.lines[0].rows), line


def write(runs: list[Run], into: Path) -> None:
    """Put the report between the two marks of a document, or make a file of it."""
    text = "\n".join(report(runs))
    before, after = "", "\n"
    if into.exists():
        head, begin, rest = into.read_text().partition(BEGIN)
        _, end, tail = rest.partition(END)
        if not (begin and end):
            raise ValueError(f"{into} has no place for it: it lacks {BEGIN} and {END}.")
        before, after = f"{head}{BEGIN}\n", f"\n{END}{tail}"
    into.write_text(before + text + after)
