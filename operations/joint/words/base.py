"""What a language needs to print a signed report. Every name has its words in each language, as a test sees to."""

from collections.abc import Mapping
from dataclasses import dataclass

from operations.sealing.words import Words


@dataclass(frozen=True, kw_only=True)
class Vocabulary(Words):
    """`entries` are kinds and types of entries of the log."""

    forms: Mapping[str, str]
    decisions: Mapping[str, str]
    entries: Mapping[str, str]

    def entry(self, kind: str, fallback: str) -> str:
        return self.entries.get(kind, fallback)
