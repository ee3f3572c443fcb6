"""Français."""

from operations.joint.words.base import Vocabulary
from operations.sealing import words

COMMON = words.of("fr")

FRENCH = Vocabulary(
    forms={"joint": "Rapport commun", "handover": "Remise de service"},
    decisions={"confirms": "confirme ce texte", "disagrees": "fait sa propre déclaration"},
    entries={
        "leg": "Étape",
        "crossing": "Sur le territoire du partenaire",
        "sighting": "Observation",
        "check": "Contrôle",
        "contact": "Contact",
        "hazard": "Danger",
        "handover": "Remise",
        "note": "Note",
        "other": "Autre",
    },
    codes=COMMON.codes,
    phrases={
        **COMMON.phrases,
        "period": "Période",
        "sides": "Signé par",
        "text": "Texte commun",
        "open_points": "Points ouverts",
        "no_text": "Les parties n'ont pas rédigé de texte dans cette langue. Voici celui qu'elles ont signé ({language}) :",
        "entries": "Inscriptions au journal",
        "entries_note": "De chaque partie, ce que cet exemplaire peut contenir. Chaque inscription appartient à sa partie, dans ses propres mots.",
        "no_entries": "Aucune.",
        "photographs": "{count} photographie(s)",
        "metres": "{km} km",
        "signatures": "Signatures",
        "statement": "Déclaration de {side}",
        "signed_at": "Signé",
        "device_at": "selon l'horloge de l'appareil {at}",
        "device": "Appareil",
        "sealed": "Exemplaire scellé de {side}, {reference}. Scellé {at}.",
    },
)
