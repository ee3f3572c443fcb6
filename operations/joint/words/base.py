"""What a language needs to print a signed report. Every name has its words in each language, as a test sees to."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Vocabulary:
    """`phrases` are templates: their names are the same in every language, and so are the names in braces.

    `entries` are kinds and types of entries of the log, `codes` the handling codes (R10).
    """

    forms: Mapping[str, str]
    decisions: Mapping[str, str]
    entries: Mapping[str, str]
    codes: Mapping[str, str]
    phrases: Mapping[str, str]

    def say(self, phrase: str, **values: object) -> str:
        return self.phrases[phrase].format(**values)

    def entry(self, kind: str, fallback: str) -> str:
        return self.entries.get(kind, fallback)
