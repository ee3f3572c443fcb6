"""What a language needs to say a power. Every word of `choices` has one, as a test sees to."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Vocabulary:
    """`phrases` are templates: their names are the same in every language, and so are the names in braces."""

    signs: Mapping[str, str]
    acts: Mapping[str, str]
    occasions: Mapping[str, str]
    borders: Mapping[str, str]
    requirements: Mapping[str, str]
    notices: Mapping[str, str]
    leads: Mapping[str, str]
    reports: Mapping[str, str]
    origins: Mapping[str, str]
    phrases: Mapping[str, str]

    def say(self, phrase: str, **values: object) -> str:
        return self.phrases[phrase].format(**values)
