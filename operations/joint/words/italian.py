"""Italiano."""

from operations.joint.words.base import Vocabulary
from operations.sealing import words

COMMON = words.of("it")

ITALIAN = Vocabulary(
    forms={"joint": "Rapporto congiunto", "handover": "Consegna"},
    decisions={"confirms": "conferma questo testo", "disagrees": "rende una propria dichiarazione"},
    entries={
        "leg": "Tratta",
        "crossing": "Sul territorio del partner",
        "sighting": "Osservazione",
        "check": "Controllo",
        "contact": "Contatto",
        "hazard": "Pericolo",
        "handover": "Consegna",
        "note": "Nota",
        "other": "Altro",
    },
    codes=COMMON.codes,
    phrases={
        **COMMON.phrases,
        "period": "Periodo",
        "sides": "Firmato da",
        "text": "Testo comune",
        "open_points": "Punti aperti",
        "no_text": "Le parti non hanno redatto un testo in questa lingua. Questo è quello che hanno firmato ({language}):",
        "entries": "Annotazioni del registro",
        "entries_note": "Di ciascuna parte, ciò che questa copia può contenere. Ogni annotazione appartiene alla sua parte, con le sue parole.",
        "no_entries": "Nessuna.",
        "photographs": "{count} fotografia/e",
        "metres": "{km} km",
        "signatures": "Firme",
        "statement": "Dichiarazione di {side}",
        "signed_at": "Firmato",
        "device_at": "secondo l'orologio del dispositivo {at}",
        "device": "Dispositivo",
        "sealed": "Copia sigillata di {side}, {reference}. Sigillata {at}.",
    },
)
