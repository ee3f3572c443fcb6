"""What is alike on paper: in whose languages, and by whose clocks."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from operations.sealing.content import Plain


def printed_in(sides: list[Plain], written: Iterable[str], printed: Collection[str], fallback: str) -> list[str]:
    """The main language of each side, and those in which it was written: as far as there are words to print. Where
    there are none for any, the fallback alone."""
    wanted = [side["languages"][0] for side in sides if side.get("languages")] + list(written)
    return [code for code in dict.fromkeys(wanted) if code in printed] or [fallback]


def clocks(at: datetime | None, zones: Iterable[ZoneInfo]) -> list[str]:
    """An instant by each clock, those that agree together, and in UTC."""
    if at is None:
        return []
    found: dict[str, list[str]] = {}
    for zone in zones:
        found.setdefault(f"{at.astimezone(zone):%-d.%-m.%Y, %H:%M}", []).append(str(zone))
    local = [f"{told} {', '.join(names)}" for told, names in found.items()]
    return [*local, f"{at.astimezone(UTC):%Y-%m-%d %H:%MZ}"]
