"""A signed report in the words of a language, for print. A language without words here is printed in English."""

from operations.joint.words.base import Vocabulary
from operations.joint.words.english import ENGLISH
from operations.joint.words.french import FRENCH
from operations.joint.words.german import GERMAN
from operations.joint.words.italian import ITALIAN
from operations.sealing.words import FALLBACK

__all__ = ["FALLBACK", "VOCABULARIES", "Vocabulary", "of"]

VOCABULARIES: dict[str, Vocabulary] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "it": ITALIAN}


def of(language: str) -> Vocabulary:
    """The words of the language, or English ones."""
    return VOCABULARIES.get(language, ENGLISH)
