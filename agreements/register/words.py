"""Lists as sentences say them."""

from collections.abc import Iterable


def list_words(names: Iterable[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    rows = list(names)
    return rows[0] if len(rows) == 1 else f"{', '.join(rows[:-1])} and {rows[-1]}" if rows else ""
