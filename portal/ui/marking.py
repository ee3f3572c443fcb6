"""The banner at the top and bottom of a page: the highest marking of what is shown on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.ui.states import LEVELS, TLP_TONES, TLP_WORDS


@dataclass(frozen=True)
class PageMarking:
    classification: int
    tlp: int

    @property
    def classification_label(self) -> str:
        return LEVELS[self.classification]

    @property
    def tlp_label(self) -> str:
        return TLP_WORDS[self.tlp]

    @property
    def tone(self) -> str:
        return TLP_TONES[self.tlp]


def highest(records: Iterable[Any]) -> PageMarking | None:
    """The highest classification and the narrowest TLP among these; None for an empty page."""
    rows = list(records)
    if not rows:
        return None
    return PageMarking(max(row.classification for row in rows), max(row.tlp for row in rows))
