"""What every sealed text says on paper, in the words of a language. A language without words here is printed in English."""

from collections.abc import Mapping
from dataclasses import dataclass

FALLBACK = "en"


@dataclass(frozen=True)
class Words:
    """`phrases` are templates: their names are the same in every language, and so are the names in braces.

    `codes` are the handling codes (R10).
    """

    codes: Mapping[str, str]
    phrases: Mapping[str, str]

    def say(self, phrase: str, **values: object) -> str:
        return self.phrases[phrase].format(**values)


_ENGLISH = Words(
    codes={
        "H1": "H1: not in judicial proceedings without the provider's permission",
        "H2": "H2: no dissemination without the provider's permission",
        "H3": "H3: {note}",
    },
    phrases={
        "place": "Place",
        "to": "to",
        "digest": "Digest of the text (SHA-256)",
        "verify": "The copy can be verified: on its page in the portal, or by the SHA-256 of the downloaded file, {digest}.",
        "revision": "revision {number}",
        "printed": "Printed by {who}",
        "sheet": "Sheet",
        "handling": "Handling",
    },
)
_GERMAN = Words(
    codes={
        "H1": "H1: nicht in Gerichtsverfahren ohne Zustimmung des Übermittlers",
        "H2": "H2: keine Weitergabe ohne Zustimmung des Übermittlers",
        "H3": "H3: {note}",
    },
    phrases={
        "place": "Ort",
        "to": "bis",
        "digest": "Prüfsumme des Textes (SHA-256)",
        "verify": "Das Exemplar lässt sich prüfen: auf seiner Seite im Portal oder an der SHA-256-Prüfsumme der heruntergeladenen Datei, {digest}.",
        "revision": "Fassung {number}",
        "printed": "Gedruckt von {who}",
        "sheet": "Blatt",
        "handling": "Handhabung",
    },
)
_FRENCH = Words(
    codes={
        "H1": "H1 : pas d'usage en justice sans l'accord de l'émetteur",
        "H2": "H2 : pas de diffusion sans l'accord de l'émetteur",
        "H3": "H3 : {note}",
    },
    phrases={
        "place": "Lieu",
        "to": "au",
        "digest": "Empreinte du texte (SHA-256)",
        "verify": "L'exemplaire est vérifiable : sur sa page du portail, ou par l'empreinte SHA-256 du fichier téléchargé, {digest}.",
        "revision": "version {number}",
        "printed": "Imprimé par {who}",
        "sheet": "Feuille",
        "handling": "Traitement",
    },
)
_ITALIAN = Words(
    codes={
        "H1": "H1: non in procedimenti giudiziari senza il consenso di chi l'ha fornito",
        "H2": "H2: nessuna diffusione senza il consenso di chi l'ha fornito",
        "H3": "H3: {note}",
    },
    phrases={
        "place": "Luogo",
        "to": "al",
        "digest": "Impronta del testo (SHA-256)",
        "verify": "La copia è verificabile: sulla sua pagina nel portale, o con l'impronta SHA-256 del file scaricato, {digest}.",
        "revision": "versione {number}",
        "printed": "Stampato da {who}",
        "sheet": "Foglio",
        "handling": "Trattamento",
    },
)
WORDS = {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "it": _ITALIAN}


def of(language: str) -> Words:
    """The words of the language, or English ones."""
    return WORDS.get(language, _ENGLISH)
