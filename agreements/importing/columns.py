"""What columns mean, guessed from the words above them in English, German and French. A person decides."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence

from agreements.importing.choices import ACTS, EFFECT, EVERY_PARTY, FIELDS, PARTY_IN_FORCE, Shape
from agreements.importing.words import plain

# Patterns by field, the first that fits wins: what is said more closely stands before what is said in general.
_GUESSES: tuple[tuple[str, str], ...] = (
    ("title", r"(full |official |long )?(title|name)( of (the )?(treaty|agreement|instrument))?|titel( des .*)?|bezeichnung|name des (vertrags|abkommens)|voller titel|titre|intitule|nom (du|de l) (traite|accord)|treaty|agreement|convention|instrument name|vertrag|abkommen|ubereinkommen|traite|accord"),
    ("short_name", r"short (name|title)|abbreviation|kurz(titel|name|bezeichnung)|abkurzung|titre (court|abrege)|sigle|abreviation"),
    ("kind", r"(kind|type|category)( of (treaty|agreement|instrument))?|instrument|art( des (vertrags|abkommens))?|vertragsart|typ|instrumentenart|(type|nature|genre)( (d|de l|du) (accord|acte|instrument|traite))?"),
    ("reference", r"(official )?(reference|ref)( number| no)?|(registration|treaty) (number|no)|unts( no)?|number|nr|fundstelle|referenz|aktenzeichen|sr nummer|registernummer|(numero|no|n)( de reference| d enregistrement)?|reference officielle"),
    ("depositary", r"depositary|depositar|verwahrer|depositaire"),
    ("notice_months", r"(period of )?notice( period)?( in)?( months)?|notice months|kundigungsfrist( (in )?monaten?)?|(delai de )?preavis( en mois)?"),
    ("parent", r"made under|parent( agreement| treaty)?|framework( agreement)?|based on|rahmen(abkommen|vertrag)|grundlage|gestutzt auf|accord cadre|fondement|base juridique"),
    ("territory", r"territor(y|ial application|ial scope)|geltungsbereich|gebiet|territoire|champ territorial"),
    ("languages", r"(authentic )?languages?|sprachen?|vertragssprachen?|langues?( faisant foi)?"),
    ("summary", r"summary|abstract|content|zusammenfassung|inhalt|gegenstand|resume|objet"),
    ("source", r"source|url|link|quelle|remarks?|bemerkung(en)?|remarques?"),
    ("time_zone", r"time ?zone|zeitzone|fuseau( horaire)?"),
    ("notes_only", r"row|reason|zeile|grund"),
    ("parties", r"(contracting |other )?(parties|party|states?|countries|country|participants?|partners?)( code)?|(vertrags)?(parteien|partei|partner|staaten|staat)|land|lander|(parties|partie|etats|etat|pays)( contractante?s?)?|partenaires?"),
    (f"ratification{EFFECT}", r".*ratifi\w*.*(effect|wirksam\w*|wirkung|effet).*"),
    (f"accession{EFFECT}", r".*(accession|adhesion|beitritt\w*).*(effect|wirksam\w*|wirkung|effet).*"),
    (f"denunciation{EFFECT}", r".*(denunciation|denonciation|kundigung).*(effect|wirksam\w*|wirkung|effet).*"),
    (PARTY_IN_FORCE, r"(entry into force|in force|in kraft|entree en vigueur) (for|fur|pour) .*"),
    ("provisional", r"provisional(ly)? (application|applied)( from)?|vorlaufige anwendung|vorlaufig angewendet( ab)?|application provisoire"),
    ("definitive_signature", r".*(definitive signature|signature definitive|definitive unterzeichnung).*"),
    ("ratification", r"(date of |datum der |date de )?(ratification|ratifi\w+|ratifikation|ratifizier\w+)( date)?( \w.*)?"),
    ("acceptance", r"(date of |datum der |date d )?(acceptance|annahme|acceptation)( date)?( \w.*)?"),
    ("approval", r"(date of |datum der |date d )?(approval|genehmigung|approbation)( date)?( \w.*)?"),
    ("accession", r"(date of |datum des |date d )?(accession|beitritt\w*|adhesion)( date)?( \w.*)?"),
    ("succession", r"(date of |datum der |date de )?(succession|rechtsnachfolge|nachfolge)( date)?( \w.*)?"),
    ("formal_confirmation", r"(date of )?(formal confirmation|formliche bestatigung|confirmation formelle)( date)?( \w.*)?"),
    ("consent_to_be_bound", r"consent to be bound( \w.*)?|zustimmung( \w.*)?|consentement( \w.*)?"),
    ("denunciation", r"(date of |datum der |date de )?(denunciation|denounced|kundigung|gekundigt|denonciation)( date| am| on)?( \w.*)?"),
    ("withdrawal", r"(date of |datum des |date de )?(withdrawal|rucktritt|austritt|retrait)( date)?( \w.*)?"),
    ("signed", r"(date of |datum der |date de )?(signature|signed|conclusion|concluded|unterzeichn\w+|abschluss|abgeschlossen|signe|conclu)( date| on| am| le)?|(date of )?signature of the agreement|abschlussdatum|unterzeichnungsdatum|place and date of signature"),
    ("in_force", r"(date of |datum des |date d |date de l )?(entry into force|in force|effective|inkrafttretens?|in kraft|entree en vigueur|en vigueur)( date| since| from| on| seit| ab| am| depuis| le)?"),
    ("expires", r"(date of )?(expiry|expires|expiration|end|valid until|last day)( date| on)?|ablauf\w*|gultig bis|endet|ende|(date d )?expiration|echeance|fin|valable jusqu au"),
    ("terminated", r"(date of |datum der )?(termination|terminated|aufhebung|beendigung|ausser kraft|beendet|abrogation|extinction)( date| on| am)?"),
)  # fmt: skip
_PATTERNS = [(name, re.compile(pattern)) for name, pattern in _GUESSES]
Mapping = dict[str, dict[str, str]]


def digest_of(headers: Sequence[str]) -> str:
    """The same for files with the same words above their columns."""
    return hashlib.sha256(json.dumps([plain(word) for word in headers]).encode()).hexdigest()


def guess(headers: Sequence[str], country_of: Callable[[str], str | None], shape: str = Shape.TREATY.value) -> Mapping:
    """Column → field and party; each field once (of a party's act: once for each party)."""
    found: Mapping = {}
    taken: set[tuple[str, str]] = set()
    for place, header in enumerate(headers):
        field, party = _meaning(header, country_of, shape)
        if field and (field, party) not in taken:
            taken.add((field, party))
            found[str(place)] = {"field": field, "party": party}
    return found


def _meaning(header: str, country_of: Callable[[str], str | None], shape: str) -> tuple[str, str]:
    """Field and party that the words above a column name: `Ratification (Germany)`."""
    party, words = _with_party(header, country_of)
    field = _field_of(words)
    if field == "signed" and (party or shape == Shape.PARTY):
        field = "signature"
    if field == "in_force" and party:
        field = PARTY_IN_FORCE
    if field in FIELDS and FIELDS[field].per_party:
        # In a list of parties the row says whose day it is.
        return field, "" if shape == Shape.PARTY else party
    return field, ""


def _field_of(words: str) -> str:
    own = next((field.name for field in FIELDS.values() if words in (plain(field.label), plain(field.name))), "")
    name = own or next((name for name, pattern in _PATTERNS if pattern.fullmatch(words)), "")
    return name if name in FIELDS else ""


def _with_party(header: str, country_of: Callable[[str], str | None]) -> tuple[str, str]:
    """The country that a header ends with, and what stands before it."""
    bracketed = re.fullmatch(r"(.+?)\s*[(\[:–—-]\s*([^)\]]+?)\s*[)\]]?", header.strip())
    parts = header.split()
    tries = [bracketed.groups()] if bracketed else []
    tries += [(" ".join(parts[:-number]), " ".join(parts[-number:])) for number in (1, 2, 3) if len(parts) > number]
    for before, name in tries:
        code = country_of(name)
        if code and _field_of(_without_for(plain(before))):
            return code, _without_for(plain(before))
        if plain(name) in ("every party", "all parties", "alle", "alle parteien", "toutes les parties"):
            return EVERY_PARTY, plain(before)
    return "", plain(header)


def _without_for(words: str) -> str:
    return re.sub(r" (for|by|of|fur|durch|von|pour|par|de)$", "", words)


def is_act(field: str) -> bool:
    return field == PARTY_IN_FORCE or field in ACTS or field.removesuffix(EFFECT) in ACTS


def separator_of(samples: Sequence[str]) -> str:
    """What seems to stand between the names of parties."""
    for separator in ("\n", ";", "|", "/", ","):
        if any(separator in sample for sample in samples):
            return separator
    return ";"
