"""Powers in the words of a language. A language without words here is shown in English, and the page says so."""

from functools import lru_cache
from gettext import translation

import pycountry
from django.conf.locale import LANG_INFO

from agreements.powers.words.base import Vocabulary
from agreements.powers.words.english import ENGLISH
from agreements.powers.words.french import FRENCH
from agreements.powers.words.german import GERMAN
from agreements.powers.words.italian import ITALIAN

FALLBACK = "en"
VOCABULARIES: dict[str, Vocabulary] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "it": ITALIAN}


def of(language: str) -> Vocabulary:
    """The words of the language, or English ones."""
    return VOCABULARIES.get(language, ENGLISH)


def name_of(language: str) -> str:
    """What the language calls itself; of an unknown one, its code."""
    return str(LANG_INFO.get(language, {}).get("name_local", language))


def english_name_of(language: str) -> str:
    return str(LANG_INFO.get(language, {}).get("name", language))


@lru_cache(maxsize=2048)
def country(name: str, language: str) -> str:
    """A country's name in the language, by the ISO lists; where these have none, as it is."""
    if language == FALLBACK or language not in VOCABULARIES:
        return name
    return translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True).gettext(name)
