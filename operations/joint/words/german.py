"""Deutsch."""

from operations.joint.words.base import Vocabulary
from operations.sealing import words

COMMON = words.of("de")

GERMAN = Vocabulary(
    forms={"joint": "Gemeinsamer Bericht", "handover": "Übergabe"},
    decisions={"confirms": "bestätigt diesen Text", "disagrees": "gibt eine eigene Erklärung ab"},
    entries={
        "leg": "Abschnitt",
        "crossing": "Auf dem Gebiet des Partners",
        "sighting": "Beobachtung",
        "check": "Kontrolle",
        "contact": "Kontakt",
        "hazard": "Gefahr",
        "handover": "Übergabe",
        "note": "Notiz",
        "other": "Anderes",
    },
    codes=COMMON.codes,
    phrases={
        **COMMON.phrases,
        "period": "Zeitraum",
        "sides": "Unterzeichnet von",
        "text": "Gemeinsamer Text",
        "open_points": "Offene Punkte",
        "no_text": "In dieser Sprache haben die Seiten keinen Text verfasst. Unterzeichnet haben sie diesen ({language}):",
        "entries": "Einträge des Protokolls",
        "entries_note": "Von jeder Seite, was dieses Exemplar enthalten darf. Jeder Eintrag gehört seiner Seite und steht in ihren Worten.",
        "no_entries": "Keine.",
        "photographs": "{count} Foto(s)",
        "metres": "{km} km",
        "signatures": "Unterschriften",
        "statement": "Erklärung von {side}",
        "signed_at": "Unterzeichnet",
        "device_at": "nach der Uhr des Geräts {at}",
        "device": "Gerät",
        "sealed": "Versiegeltes Exemplar von {side}, {reference}. Versiegelt {at}.",
    },
)
