"""Words as they are compared: without case, accents, punctuation and double spaces."""

import re
import unicodedata

_SPLIT = re.compile(r"[^a-z0-9]+")
# Letters that do not fall apart into a base and an accent.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def plain(text: str) -> str:
    """`Côte d’Ivoire` → `cote d ivoire`. Text of other scripts keeps its letters."""
    lowered = text.casefold().translate(_LETTERS)
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(letter))
    found = _SPLIT.sub(" ", bare).strip()
    return found or " ".join(bare.split())
