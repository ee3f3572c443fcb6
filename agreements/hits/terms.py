"""One writing for what is one thing, and what is kept of it: keyed digests, and its last two characters."""

import unicodedata
import uuid
from datetime import date

from django.utils.crypto import salted_hmac

from agreements.hits.choices import Term
from portal.ui.errors import Refused

# Shorter values would be hit by chance, and be told by their last characters.
SHORTEST = 4
LONGEST = 80


def normal(term: Term, value: str, born: date | None = None) -> str:
    """The value in the one form that is compared.

    Upper case letters and digits alone; letters without diacritics; names in the order of the alphabet and with the
    date of birth; telephone numbers as digits without leading zeros. Raises Refused for what says too little.
    """
    folded = _folded(value)
    text = " ".join(sorted(folded.split())) if term == Term.PERSON else "".join(folded.split())
    if term == Term.TELEPHONE:
        text = "".join(sign for sign in text if sign.isdecimal()).lstrip("0")
    if len(text) < SHORTEST:
        raise Refused(f"Give at least {SHORTEST} letters or digits: fewer say too little.", field="value")
    if term != Term.PERSON:
        return text
    if born is None:
        raise Refused("A name alone says too little: give the date of birth.", field="born")
    return f"{text} {born.isoformat()}"


def _folded(text: str) -> str:
    """Letters and digits without marks, upper case; all else a space. Folding again changes nothing."""
    # A hyphen or an apostrophe joins; a comma parts.
    for sign in "-'’‐‑–.":
        text = text.replace(sign, "")
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    upper = unicodedata.normalize("NFKD", plain.upper())
    kept = (sign if sign.isalnum() else " " for sign in upper if not unicodedata.combining(sign))
    return "".join(kept)


def digest(clause: uuid.UUID, term: Term, text: str) -> str:
    """Keyed, and another one for each clause: what is indexed for one tells nothing about another."""
    return salted_hmac(f"hits.clause:{clause}", f"{term}:{text}", algorithm="sha256").hexdigest()


def own_digest(agency: uuid.UUID, term: Term, text: str) -> str:
    """For the ledger of those who search: their auditors see that the same was searched twice, and not what."""
    return salted_hmac(f"hits.agency:{agency}", f"{term}:{text}", algorithm="sha256").hexdigest()


def masked(term: Term, text: str) -> str:
    """What is shown of it afterwards: the last two characters, of a person those of the name."""
    name = text.rsplit(" ", 1)[0] if term == Term.PERSON else text
    return f"••••{name[-2:]}"
