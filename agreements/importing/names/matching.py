"""From a name to a country: what was decided before, codes, exact names in many languages; the rest is suggested."""

import gettext
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import pycountry
from rapidfuzz import fuzz, process

from agencies.directory.models import Appointment, Country
from agreements.importing.models import CountryName
from agreements.importing.names.history import ASKED, SURE
from agreements.importing.words import plain

LANGUAGES = ("de", "fr", "it", "es", "nl", "pl", "pt", "cs", "da", "sv", "hu", "sl", "hr", "ro", "tr", "ru", "uk")
SUGGESTIONS, WORTH = 5, 60.0
SHARED = "two states bear"


@dataclass(frozen=True)
class Found:
    """What a name is. `code` is certain; `left_out` was decided; otherwise a person decides among `suggestions`."""

    name: str
    code: str = ""
    how: str = ""
    left_out: bool = False
    why: str = ""
    suggestions: list[tuple[str, int]] = field(default_factory=list, hash=False)


@dataclass
class Names:
    """All names that are known for the countries of the directory, and what an agency decided."""

    codes: dict[str, str]
    exact: dict[str, str]
    asked: dict[str, tuple[str, list[str]]]
    decided: dict[str, tuple[str, str]]
    answers: dict[str, Found] = field(default_factory=dict)

    def find(self, name: str) -> Found:
        """The country that `name` means, if that is certain."""
        key = plain(name)
        if key not in self.answers:
            self.answers[key] = self._look_up(name, key)
        return self.answers[key]

    def code_of(self, name: str) -> str | None:
        return self.find(name).code or None

    def _look_up(self, name: str, key: str) -> Found:
        if key in self.decided:
            code, note = self.decided[key]
            return Found(name, code, "decided", left_out=not code, why=note)
        bare = name.strip().upper()
        if bare in self.codes:
            return Found(name, self.codes[bare], "code")
        if key in self.asked:
            why, codes = self.asked[key]
            return Found(name, why=f"{name}: {why}.", suggestions=[(code, 0) for code in codes])
        if key in self.exact:
            return Found(name, self.exact[key], "name")
        return Found(name, why=f"“{name}” is no country that is known by this name.")

    def suggestions(self, found: Found) -> list[tuple[str, int]]:
        """What comes into question for a name that is not certain. Compared with all names: asked for a page, not for
        each row."""
        return found.suggestions or self._alike(plain(found.name))

    def _alike(self, key: str) -> list[tuple[str, int]]:
        """The nearest names, one for each country, with how alike they are (0–100)."""
        best: dict[str, int] = {}
        for name, score, _ in process.extract(key, self.exact.keys(), scorer=fuzz.WRatio, limit=40):
            code = self.exact[name]
            if score >= WORTH:
                best[code] = max(best.get(code, 0), round(score))
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:SUGGESTIONS]


@lru_cache(maxsize=1)
def _iso() -> tuple[dict[str, str], dict[str, str]]:
    """Codes and plain names of ISO 3166-1 → alpha-2, in the languages that pycountry has."""
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    own = [
        (row.alpha_2, [getattr(row, n, "") for n in ("name", "official_name", "common_name")])
        for row in pycountry.countries
    ]
    for row in pycountry.countries:
        codes.update({row.alpha_2: row.alpha_2, row.alpha_3: row.alpha_2})
    translated = [
        (code, [tongue.gettext(word) for word in words if word]) for tongue in _tongues() for code, words in own
    ]
    for code, words in [*own, *translated]:
        for word in filter(None, words):
            for form in (word, _turned(word)):
                names.setdefault(plain(form), code)
    return codes, names


def _tongues() -> Iterable[gettext.NullTranslations]:
    for language in LANGUAGES:
        try:
            yield gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language])
        except OSError:
            continue


def _turned(name: str) -> str:
    """`Congo, Republic of the` → `Republic of the Congo`."""
    before, comma, after = name.partition(", ")
    return f"{after} {before}" if comma else name


def load(by: Appointment) -> Names:
    """Names for the countries of the directory, with the decisions of the officer's agency, in two queries."""
    rows = list(Country.objects.values_list("pk", "alpha3", "name"))
    here = {code for code, _, _ in rows}
    iso_codes, iso_names = _iso()
    codes = {form: code for form, code in iso_codes.items() if code in here}
    exact = {name: code for name, code in iso_names.items() if code in here}
    for code, names in SURE.items():
        exact.update({plain(name): code for name in names.split(";") if code in here})
    for code, alpha3, name in rows:
        codes.update({code: code, **({alpha3: code} if alpha3 else {})})
        exact[plain(name)] = code
    asked = {
        plain(name): (why, [c for c in near.split() if c in here])
        for names, why, near in ASKED
        for name in names.split(";")
    }
    # A name that the directory gives to a country is that country's own, unless two bear it.
    own = {plain(name) for _, _, name in rows}
    asked = {key: found for key, found in asked.items() if key not in own or found[0].startswith(SHARED)}
    decided = {row.key: (row.country_id or "", row.note) for row in CountryName.objects.visible_to(by)}
    return Names(codes, exact, asked, decided)
