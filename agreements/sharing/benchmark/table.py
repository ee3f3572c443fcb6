"""The table of one run, and the growth between sizes, as text that docs/performance.md takes over."""

from collections.abc import Iterable, Iterator

from agreements.sharing.benchmark.measure import Line

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
    """How much dearer each line is in the larger world."""
    before = {(line.reader, line.name): line.milliseconds for line in small}
    found = {(line.reader, line.name): line.milliseconds / before[line.reader, line.name] for line in large}
    yield f"| growth | {' | '.join(READERS)} |"
    yield "|---|" + "---:|" * len(READERS)
    for name in dict.fromkeys(name for reader, name in found if reader != "anybody"):
        cells = [f"{found[reader, name]:.2f}" if (reader, name) in found else "" for reader in READERS]
        yield f"| {name} | {' | '.join(cells)} |"
